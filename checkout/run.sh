# The step runner: a job's scripts, one after another, inside the job's own image. Whatever that image holds, this runs: it is started as
# `busybox sh run.sh` with the static busybox beside it, and uses no program but that one.
#
# In:  ../job/steps/NNN/{title,settings} and what step.sh reads of a step, ../job/{secrets,services,times}, laid down by checkout.sh, and ../started,
#      when that was, in seconds since 1970; the secrets in the environment and in ../../argosy-secrets. settings is one line: success, failure or always; 1 for a step
#      that may fail, else 0; the step's timeout, 0 for none. times is one line: the job's timeout, what late steps get on top, and how long
#      a script may take to end once it is told to. All of them are seconds.
#      What a script writes to ../env, which jobs know as $CI_ENV, becomes lines of ../job/variables, and so variables of later steps; what it
#      writes to ../output, $CI_OUTPUT, becomes the outputs that are named in ../job/outputs.
# Out: the scripts' own output with a line in front of each; the code of the first step that failed and may not as exit code, and
#      {"step":2,"code":3} in ../../argosy-result (step 0: none of them; "reason" says what else went wrong); lines NAME=base64 in
#      ../../argosy-outputs; what was written to ../summary, $CI_SUMMARY, at the end of the log, and its beginning in ../../argosy-summary where
#      that is there.
#
# Every script is the leader of a session, so that it can be stopped with everything that it has started. It is not started with `&`, which
# would have SIGINT ignored for good, and tests that interrupt themselves hang: it is one end of a pipeline, and who watches it the other.
#
# Signals: argoexec sends them to this shell's process group (argo-workflows, workflow/executor/osspecific), and `watch` passes them on to
# the script's.
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
argosy_secrets=
argosy_stopped=0
trap 'argosy_stopped=143' TERM
trap 'argosy_stopped=130' INT
trap 'argosy_stopped=131' QUIT
exec 4>&1

# The last word, in place of whatever a script may have written there.
result() {
  printf '%s' "$1" >"$argosy_root-result"
}

# Makes the step's failure the job's, unless the job has failed already. It is told at once too: a late step may not come to its end.
fail() {
  [ "$argosy_code" -eq 0 ] || return 0
  argosy_code=$1
  argosy_said="{\"step\":$argosy_number,\"code\":$argosy_code${2:+,\"reason\":\"$2\"}}"
  result "$argosy_said"
}

# A signal ends the job: of the steps that are left only those run that always do, for as long as the pod is let live.
cancel() {
  fail "$argosy_stopped" stopped
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
set_status() {
  case $argosy_when,$argosy_code in
    success,*) argosy_status= ;;
    *,0) argosy_status=success ;;
    *) argosy_status=failure ;;
  esac
}

say() {
  printf '==> [%s/%s] %s%s\n' "$argosy_number" "$argosy_total" "$argosy_title" "$1"
}

set_now() {
  argosy_now=$(
    trap '' TERM INT QUIT
    exec "$argosy_busybox" date +%s
  )
}

# When the step's time is over, and whose time that is.
set_end() {
  argosy_end=$((argosy_started + argosy_timeout))
  argosy_over=job-timed-out
  [ "$argosy_when" = success ] || argosy_end=$((argosy_end + argosy_late))
  set_now
  # A second more, since this one may be nearly over.
  if [ "$argosy_seconds" -gt 0 ] && [ $((argosy_now + argosy_seconds + 1)) -lt "$argosy_end" ]; then
    argosy_end=$((argosy_now + argosy_seconds + 1))
    argosy_over=timed-out
  fi
}

# Runs the step and prints how it ended: an exit code, and the reason where it was not the script's own end. The script starts when somebody
# is there to stop it; a signal before that ends everything here, and one after it this shell alone, which nobody needs by then.
run_step() {
  # A signal that comes while this shell comes to be is still told to its first trap.
  local argosy_early=''
  trap 'argosy_early=1' TERM INT QUIT
  trap - TERM INT QUIT
  [ -z "$argosy_early" ] || return 0
  {
    read -r argosy_word <"$argosy_root/watched"
    trap : TERM INT QUIT
    "$argosy_busybox" setsid "$argosy_busybox" sh "$argosy_root/bin/step.sh" "$argosy_step" "$argosy_status" \
      </dev/null 3>&1 >&4 4>&- 7>&-
    argosy_ended=$?
    # Where it stays: `read` loses what it has of a line when its time is over.
    echo "$argosy_ended" >"$argosy_root/ended"
    echo "ended $argosy_ended"
  } | watch 4>&-
}

# Reads what step.sh and run_step tell: `script` and its process, `because` and a reason, `ended` and the exit code. Stops the script when
# its time is over or a signal comes, the first time by asking.
watch() {
  local argosy_script='' argosy_sent='' argosy_reason='' argosy_caught argosy_until argosy_word argosy_rest
  trap 'pass_on TERM' TERM
  trap 'pass_on INT' INT
  trap 'pass_on QUIT' QUIT
  "$argosy_busybox" rm -rf "$argosy_root/ended"
  # For reading too: else this would wait for the other end, which a signal may just have ended.
  exec 5<>"$argosy_root/watched"
  echo >&5
  while :; do
    set_now
    if [ "$argosy_now" -ge "$argosy_end" ]; then
      overdue
      continue
    fi
    # In short turns: a signal that comes just before `read` sleeps does not wake it.
    argosy_until=$((argosy_now + 5))
    [ "$argosy_until" -le "$argosy_end" ] || argosy_until=$argosy_end
    argosy_caught=
    argosy_word=
    # shellcheck disable=SC3045
    read -r -t $((argosy_until - argosy_now)) argosy_word argosy_rest
    case $argosy_word in
      script)
        argosy_script=$argosy_rest
        [ -z "$argosy_sent" ] || send "$argosy_sent"
        ;;
      because) argosy_reason=${argosy_reason:-$argosy_rest} ;;
      ended) break ;;
      '')
        # A signal, or the time; else the other end is gone, and what is left of the script goes with it.
        set_now
        if [ -z "$argosy_caught" ] && [ "$argosy_now" -lt "$argosy_until" ]; then
          argosy_rest=
          [ ! -s "$argosy_root/ended" ] || IFS= read -r argosy_rest <"$argosy_root/ended"
          case $argosy_rest in
            '' | *[!0-9]* | ????*)
              argosy_rest=137
              send KILL
              ;;
          esac
          break
        fi
        ;;
    esac
  done
  case $argosy_reason in
    *timed-out) send KILL ;;
  esac
  echo "$argosy_rest $argosy_reason"
}

# A script that is asked to end may take its time with that, but not all of it.
overdue() {
  if [ -z "$argosy_reason" ]; then
    argosy_reason=$argosy_over
    send TERM
  else
    send KILL
  fi
  argosy_end=$((argosy_now + argosy_grace))
}

# shellcheck disable=SC2329
pass_on() {
  argosy_caught=1
  argosy_reason=stopped
  send "$1"
  set_now
  [ $((argosy_now + argosy_grace)) -ge "$argosy_end" ] || argosy_end=$((argosy_now + argosy_grace))
}

# To everything that is in the script's process group; to the script when it is there, if it is not yet.
send() {
  argosy_sent=$1
  [ -z "$argosy_script" ] || kill "-$1" "-$argosy_script" 2>/dev/null
}

# An empty file for $CI_ENV, open to every user whom a script may become. What is there, the last step may have put in its place.
offer_variables() {
  "$argosy_busybox" rm -rf "$argosy_root/env"
  (umask 000 && : >"$argosy_root/env")
}

# An empty file for $CI_OUTPUT, and one for $CI_SUMMARY; what is there, the last step may have put in its place.
offer_outputs() {
  "$argosy_busybox" rm -rf "$argosy_root/output"
  (umask 000 && : >"$argosy_root/output")
  [ -e "$argosy_root/summary" ] || (umask 000 && : >"$argosy_root/summary")
}

# Adds what the step wrote to $CI_OUTPUT to the job's outputs, and says of lines that cannot be taken which they are.
take_outputs() {
  local argosy_line argosy_at=0 argosy_name argosy_wrong=''
  [ -f "$argosy_root/output" ] && [ -s "$argosy_root/output" ] || return 0
  while IFS= read -r argosy_line || [ -n "$argosy_line" ]; do
    argosy_at=$((argosy_at + 1))
    [ -n "$argosy_line" ] || continue
    argosy_name=${argosy_line%%=*}
    case $argosy_line in
      *=*) ;;
      *) argosy_name= ;;
    esac
    if [ -z "$argosy_name" ] || ! "$argosy_busybox" grep -qxF -e "$argosy_name" "$argosy_job/outputs"; then
      argosy_wrong=1
      say ": line $argosy_at of \$CI_OUTPUT is not NAME=value with one of the job's outputs as its name"
    elif [ $((${#argosy_line} - ${#argosy_name} - 1)) -gt 4096 ]; then
      argosy_wrong=1
      say ": line $argosy_at of \$CI_OUTPUT gives $argosy_name more than 4096 characters"
    else
      printf '%s=%s\n' "$argosy_name" "$(printf '%s' "${argosy_line#*=}" | "$argosy_busybox" base64 -w 0)" >>"$argosy_root-outputs"
    fi
  done <"$argosy_root/output"
  [ -z "$argosy_wrong" ]
}

# The summary as the end of the log, and for the reporter base64 of as many whole lines as fit into 4096 bytes, a space, and how many bytes that
# leaves out. What a script wrote there itself is nobody's.
leave_summary() {
  local argosy_bytes=0 argosy_kept=0
  if [ -f "$argosy_root/summary" ] && [ -s "$argosy_root/summary" ]; then
    printf '==> summary\n'
    "$argosy_busybox" head -c 65536 "$argosy_root/summary"
    printf '\n'
    argosy_bytes=$("$argosy_busybox" wc -c <"$argosy_root/summary")
  fi
  [ -e "$argosy_root-summary" ] || return 0
  : >"$argosy_root-summary"
  [ "$argosy_bytes" -gt 0 ] || return 0
  argosy_kept=$(beginning_of_summary | "$argosy_busybox" wc -c)
  {
    beginning_of_summary | "$argosy_busybox" base64 -w 0
    printf ' %s' $((argosy_bytes - argosy_kept))
  } >"$argosy_root-summary"
}

# One byte more than fits tells whether the last line is whole.
beginning_of_summary() {
  if [ "$argosy_bytes" -le 4096 ]; then
    "$argosy_busybox" head -c 4096 "$argosy_root/summary"
  else
    "$argosy_busybox" head -c 4097 "$argosy_root/summary" | "$argosy_busybox" sed '$d'
  fi
}

# Takes over what the step wrote to $CI_ENV, and says of lines that cannot be taken which they are, not what: it may be a secret.
take_variables() {
  local argosy_line argosy_at=0 argosy_why argosy_wrong='' argosy_bytes
  [ -f "$argosy_root/env" ] || return 0
  argosy_bytes=$("$argosy_busybox" cat "$argosy_root/env" "$argosy_job/variables" | "$argosy_busybox" wc -c)
  if [ "$argosy_bytes" -gt 131072 ]; then
    say ": more than 131072 bytes in \$CI_ENV, with what earlier steps wrote"
    return 1
  fi
  while IFS= read -r argosy_line || [ -n "$argosy_line" ]; do
    argosy_at=$((argosy_at + 1))
    [ -n "$argosy_line" ] || continue
    check_line "$argosy_line"
    if [ -z "$argosy_why" ]; then
      printf '%s\n' "$argosy_line" >>"$argosy_job/variables"
    else
      argosy_wrong=1
      say ": line $argosy_at of \$CI_ENV $argosy_why"
    fi
  done <"$argosy_root/env"
  [ -z "$argosy_wrong" ]
}

# Why a line of $CI_ENV cannot become a variable, in $argosy_why; empty where it can. In some languages a range like A-Z has letters in it
# that no name may have.
check_line() {
  local argosy_name=${1%%=*} argosy_letters=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_
  argosy_why=
  case $1 in
    *=*) ;;
    *) argosy_name= ;;
  esac
  case $argosy_name in
    '' | [0123456789]* | *[!0123456789$argosy_letters]*) argosy_why="is not NAME=value (letters, digits and '_', no digit first)" ;;
    CI_* | MATRIX_*) argosy_why="sets $argosy_name, which is the run's own" ;;
  esac
  case $argosy_why,$argosy_secrets in
    ,*" $argosy_name "*) argosy_why="sets $argosy_name, which is a secret of this job" ;;
  esac
}

# Sees to the job's secrets, of which ../job/secrets has lines `name need form`: `required` or `optional`, and `value`, `path` or, where the
# run is not granted it, `nothing`. One that the run namespace does not hold leaves its variable unset: better said here than found out by
# a script.
check_secrets() {
  local argosy_name argosy_need argosy_form argosy_missing=
  while read -r argosy_name argosy_need argosy_form; do
    argosy_secrets="$argosy_secrets $argosy_name "
    # The image may have a variable of this name, which is no secret.
    [ "$argosy_form" = value ] || unset "$argosy_name"
    [ "$argosy_form" != path ] || set_path
    [ "$argosy_need" != required ] || eval "[ -n \"\${$argosy_name+set}\" ]" || argosy_missing="$argosy_missing $argosy_name"
  done <"$argosy_job/secrets"
  [ -n "$argosy_missing" ] || return 0
  echo "==> not started: no value for$argosy_missing: the Secret or its key is not in this namespace; ask whoever runs the platform"
  result '{"step":0,"code":1,"reason":"secret-missing"}'
  exit 1
}

# Root gets the file that is root's alone, everybody else the one that everybody may read.
set_path() {
  local argosy_path
  for argosy_path in "$argosy_root-secrets/root/$argosy_name" "$argosy_root-secrets/anybody/$argosy_name"; do
    [ -r "$argosy_path" ] || continue
    export "$argosy_name=$argosy_path"
    return
  done
}

# Until the services are ready; services.sh says on its third descriptor which one is not.
wait_for_services() {
  local argosy_why
  [ -s "$argosy_job/services" ] || return 0
  argosy_why=$("$argosy_busybox" env -i "$argosy_busybox" sh "$argosy_root/bin/services.sh" 3>&1 >&4) && return
  argosy_code=1
  [ "$argosy_stopped" -eq 0 ] || argosy_why='"reason":"stopped"' argosy_code=$argosy_stopped
  result "{\"step\":0,\"code\":$argosy_code${argosy_why:+,$argosy_why}}"
  exit "$argosy_code"
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
wait_for_services
choose_home
"$argosy_busybox" rm -f "$argosy_root/watched"
"$argosy_busybox" mkfifo "$argosy_root/watched"
: >"$argosy_job/variables"
read -r argosy_started <"$argosy_root/started"
read -r argosy_timeout argosy_late argosy_grace <"$argosy_job/times"

if [ -d "$argosy_job/downloads" ] && ! "$argosy_busybox" sh "$argosy_root/bin/fetch.sh" && [ "$argosy_stopped" -eq 0 ]; then
  result '{"step":0,"code":1,"reason":"download-failed"}'
  exit 1
fi

if [ -d "$argosy_job/caches" ]; then
  "$argosy_busybox" sh "$argosy_root/bin/restore.sh"
fi
# Whoever is to hear of caches (publish.sh) waits for as long as this is open.
if [ -p "$argosy_root-new/.caches" ]; then
  exec 7<>"$argosy_root-new/.caches"
fi

set +f
set -- "$argosy_job"/steps/*
set -f
argosy_total=$#
argosy_number=0
for argosy_step in "$@"; do
  argosy_number=$((argosy_number + 1))
  argosy_title=
  IFS= read -r argosy_title <"$argosy_step/title"
  read -r argosy_when argosy_may_fail argosy_seconds <"$argosy_step/settings"
  set_end
  offer_variables
  offer_outputs
  # As late as can be: a signal from here on is told to the step.
  [ "$argosy_stopped" -eq 0 ] || cancel
  is_due || continue
  set_status
  say ""
  argosy_outcome="124 job-timed-out"
  [ "$argosy_now" -ge "$argosy_end" ] || argosy_outcome=$(run_step)
  # Nothing at all: who watched was killed.
  argosy_ended=${argosy_outcome%% *}
  argosy_ended=${argosy_ended:-137}
  argosy_reason=${argosy_outcome#* }
  take_variables || [ "$argosy_ended" -ne 0 ] || argosy_ended=1 argosy_reason=bad-variables
  take_outputs || [ "$argosy_ended" -ne 0 ] || argosy_ended=1 argosy_reason=bad-outputs
  case $argosy_reason in
    timed-out) argosy_how="timed out after $argosy_seconds s" argosy_ended=124 ;;
    job-timed-out) argosy_how="the job timed out after $argosy_timeout s" argosy_ended=124 argosy_may_fail=0 ;;
    bad-variables) argosy_how="failed: not all of \$CI_ENV could be taken" ;;
    bad-outputs) argosy_how="failed: not all of \$CI_OUTPUT could be taken" ;;
    *) argosy_how="failed with exit code $argosy_ended" ;;
  esac
  if [ "$argosy_stopped" -ne 0 ]; then
    say ": stopped by a signal"
    cancel
  elif [ "$argosy_ended" -ne 0 ] && [ "$argosy_may_fail" = 1 ]; then
    say ": $argosy_how, which it may"
  elif [ "$argosy_ended" -ne 0 ]; then
    say ": $argosy_how"
    fail "$argosy_ended" "$argosy_reason"
  fi
done
# Stored whatever came of the steps, which says more than what is missing then.
if [ -d "$argosy_job/artifacts" ]; then
  "$argosy_busybox" sh "$argosy_root/bin/store.sh"
  argosy_ended=$?
  argosy_number=0
  case $argosy_ended in
    0) ;;
    1) fail 1 no-artifact ;;
    *) fail 1 not-stored ;;
  esac
fi
if [ -p "$argosy_root-new/.caches" ]; then
  "$argosy_busybox" sh "$argosy_root/bin/save.sh" "$argosy_code"
fi
leave_summary
result "$argosy_said"
exit "$argosy_code"
