# The step runner: a job's scripts, one after another, inside the job's own image. Whatever that image holds, this runs: it is started as
# `busybox sh run.sh` with the static busybox beside it, and uses no program but that one.
#
# In:  ../job/steps/NNN/{title,script,env}, ../job/env, ../job/secrets, laid down by checkout.sh; the secrets in the environment.
#      An env file is one `set --` command that puts NAME=VALUE words, in single quotes, before the arguments: no value is ever read as code.
# Out: the scripts' own output with a line in front of each; the code of the step that failed as exit code, and
#      {"step":2,"code":3} in ../result (step 0: none of them; "reason" says what else went wrong).
#
# Signals: argoexec sends them to the whole process group (argo-workflows, workflow/executor/osspecific), so the running script gets its own
# copy. It stays in the foreground: a script started with `&` would have SIGINT ignored for good, and tests that interrupt themselves hang.

set -uf

root=${0%/bin/run.sh}
job=$root/job
busybox=$root/bin/busybox
workspace=${ARGOSY_WORKSPACE:-/workspace}
search=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
stopped=0
trap 'stopped=143' TERM
trap 'stopped=130' INT
trap 'stopped=131' QUIT

result() {
  printf '%s' "$1" >"$root/result"
}

# The path of a program on the image's PATH, in $found; empty where there is none.
find_program() {
  found=
  local IFS=: folder
  for folder in $search; do
    if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then
      found=$folder/$1
      return
    fi
  done
}

# A secret that the run namespace does not hold leaves its variable unset: better said here than found out by a script.
check_secrets() {
  local name missing=
  while read -r name; do
    eval "[ -n \"\${$name+set}\" ]" || missing="$missing $name"
  done <"$job/secrets"
  [ -n "$missing" ] || return 0
  echo "==> not started: no value for$missing: the Secret or its key is not in this namespace; ask whoever runs the platform"
  result '{"step":0,"code":1,"reason":"secret-missing"}'
  exit 1
}

# HOME may be missing, or belong to somebody else when the image's user is only a number.
choose_home() {
  if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then
    return
  fi
  HOME=$root/home
  export HOME
  "$busybox" mkdir -p "$HOME"
}

# Becomes the script, in the step's environment. Never returns.
become() {
  local script=$1/script first=
  IFS= read -r first <"$script"
  case $first in
    '#!'*)
      local interpreter=${first#'#!'}
      interpreter=${interpreter#"${interpreter%%[! 	]*}"}
      interpreter=${interpreter%%[ 	]*}
      if [ ! -x "$interpreter" ]; then
        echo "==> the script asks for $interpreter, which this image does not have"
      fi
      set -- "$script"
      ;;
    *)
      find_program sh
      if [ -n "$found" ]; then
        set -- "$found" -e "$script"
      else
        set -- "$busybox" sh -e "$script"
      fi
      ;;
  esac
  . "$step/env"
  . "$job/env"
  exec "$busybox" env "$@"
}

unset ARGO_TEMPLATE ARGO_CONTAINER_NAME ARGO_DEADLINE ARGO_INCLUDE_SCRIPT_OUTPUT ARGO_NODE_ID ARGO_POD_NAME ARGO_POD_UID \
  ARGO_WORKFLOW_NAME ARGO_WORKFLOW_UID ARGO_PROGRESS_FILE ARGO_PROGRESS_PATCH_TICK_DURATION ARGO_PROGRESS_FILE_TICK_DURATION

if ! cd "$workspace"; then
  result '{"step":0,"code":1}'
  exit 1
fi
check_secrets
choose_home

set +f
set -- "$job"/steps/*
set -f
total=$#
number=0
for step in "$@"; do
  number=$((number + 1))
  title=
  IFS= read -r title <"$step/title"
  printf '==> [%s/%s] %s\n' "$number" "$total" "$title"
  (become "$step") </dev/null
  code=$?
  if [ "$stopped" -ne 0 ]; then
    code=$stopped
    printf '==> [%s/%s] %s: stopped by a signal\n' "$number" "$total" "$title"
  elif [ "$code" -ne 0 ]; then
    printf '==> [%s/%s] %s: failed with exit code %s\n' "$number" "$total" "$title" "$code"
  fi
  if [ "$code" -ne 0 ]; then
    result "{\"step\":$number,\"code\":$code}"
    exit "$code"
  fi
done
