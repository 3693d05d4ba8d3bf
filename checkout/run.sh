# The step runner: a job's scripts, one after another, inside the job's own image. Whatever that image holds, this runs: it is started as
# `busybox sh run.sh` with the static busybox beside it, and uses no program but that one.
#
# In:  ../job/steps/NNN/{title,settings} and what step.sh reads of a step, ../job/secrets, laid down by checkout.sh; the secrets in the
#      environment. settings is one line: success, failure or always; 1 for a step that may fail, else 0.
# Out: the scripts' own output with a line in front of each; the code of the first step that failed and may not as exit code, and
#      {"step":2,"code":3} in ../../argosy-result (step 0: none of them; "reason" says what else went wrong).
#
# Signals: argoexec sends them to the whole process group (argo-workflows, workflow/executor/osspecific), so the running script gets its own
# copy. It stays in the foreground: a script started with `&` would have SIGINT ignored for good, and tests that interrupt themselves hang.
#
# A variable of this shell that the image or a secret has too would reach the scripts with our value: all of ours start with argosy_.

set -uf

argosy_root=${0%/bin/run.sh}
argosy_job=$argosy_root/job
argosy_busybox=$argosy_root/bin/busybox
argosy_workspace=${ARGOSY_WORKSPACE:-/workspace}
argosy_code=0
argosy_said=
argosy_cancelled=
argosy_stopped=0
trap 'argosy_stopped=143' TERM
trap 'argosy_stopped=130' INT
trap 'argosy_stopped=131' QUIT

# The last word, in place of whatever a script may have written there.
result() {
  printf '%s' "$1" >"$argosy_root-result"
}

# Makes the step's failure the job's, unless the job has failed already. It is told at once too: a late step may not come to its end.
fail() {
  [ "$argosy_code" -eq 0 ] || return 0
  argosy_code=$1
  argosy_said="{\"step\":$argosy_number,\"code\":$argosy_code}"
  result "$argosy_said"
}

# A signal ends the job: of the steps that are left only those run that always do, for as long as the pod is let live.
cancel() {
  fail "$argosy_stopped"
  argosy_cancelled=1
  argosy_stopped=0
}

is_due() {
  case $argosy_when in
    always) ;;
    failure) [ "$argosy_code" -ne 0 ] && [ -z "$argosy_cancelled" ] ;;
    *) [ "$argosy_code" -eq 0 ] ;;
  esac
}

# How the job stands, for steps that run whether it has failed or not; the others know.
status() {
  case $argosy_when,$argosy_code in
    success,*) ;;
    *,0) echo success ;;
    *) echo failure ;;
  esac
}

say() {
  printf '==> [%s/%s] %s%s\n' "$argosy_number" "$argosy_total" "$argosy_title" "$1"
}

# A secret that the run namespace does not hold leaves its variable unset: better said here than found out by a script.
check_secrets() {
  local argosy_name argosy_missing=
  while read -r argosy_name; do
    eval "[ -n \"\${$argosy_name+set}\" ]" || argosy_missing="$argosy_missing $argosy_name"
  done <"$argosy_job/secrets"
  [ -n "$argosy_missing" ] || return 0
  echo "==> not started: no value for$argosy_missing: the Secret or its key is not in this namespace; ask whoever runs the platform"
  result '{"step":0,"code":1,"reason":"secret-missing"}'
  exit 1
}

# HOME may be missing, or belong to somebody else when the image's user is only a number.
choose_home() {
  if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then
    return
  fi
  HOME=$argosy_root/home
  export HOME
  "$argosy_busybox" mkdir -p "$HOME"
}

unset ARGO_TEMPLATE ARGO_CONTAINER_NAME ARGO_DEADLINE ARGO_INCLUDE_SCRIPT_OUTPUT ARGO_NODE_ID ARGO_POD_NAME ARGO_POD_UID \
  ARGO_WORKFLOW_NAME ARGO_WORKFLOW_UID ARGO_PROGRESS_FILE ARGO_PROGRESS_PATCH_TICK_DURATION ARGO_PROGRESS_FILE_TICK_DURATION

if ! cd "$argosy_workspace"; then
  result '{"step":0,"code":1}'
  exit 1
fi
check_secrets
choose_home

set +f
set -- "$argosy_job"/steps/*
set -f
argosy_total=$#
argosy_number=0
for argosy_step in "$@"; do
  argosy_number=$((argosy_number + 1))
  argosy_title=
  argosy_when=
  argosy_may_fail=
  IFS= read -r argosy_title <"$argosy_step/title"
  read -r argosy_when argosy_may_fail <"$argosy_step/settings"
  [ "$argosy_stopped" -eq 0 ] || cancel
  is_due || continue
  say ""
  "$argosy_busybox" sh "$argosy_root/bin/step.sh" "$argosy_step" "$(status)" </dev/null
  argosy_ended=$?
  if [ "$argosy_stopped" -ne 0 ]; then
    say ": stopped by a signal"
    cancel
  elif [ "$argosy_ended" -ne 0 ] && [ "$argosy_may_fail" = 1 ]; then
    say ": failed with exit code $argosy_ended, which it may"
  elif [ "$argosy_ended" -ne 0 ]; then
    say ": failed with exit code $argosy_ended"
    fail "$argosy_ended"
  fi
done
result "$argosy_said"
exit "$argosy_code"
