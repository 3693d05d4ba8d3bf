# Becomes the script of one step, in the step's folder and environment: run.sh starts it as `busybox sh step.sh FOLDER STATUS`, where FOLDER
# is ../job/steps/NNN with the files folder, program, arguments, env and script, and STATUS what CI_STATUS says, empty for no such variable.
# Tells whoever reads its third descriptor `script` and its process, and where there is no script to become, `because` and the reason.
#
# env, ../job/env, ../job/job-env and arguments are one `set --` command each, which puts words in single quotes behind the arguments; ../job/variables,
# which earlier steps wrote by way of $CI_ENV, has a NAME=value in each line. No text is ever read as code.
# What this shell is given of the image's and the secrets' variables reaches the script as it is, so all of ours start with argosy_.

set -uf

argosy_root=${0%/bin/step.sh}
argosy_busybox=$argosy_root/bin/busybox
argosy_workspace=${ARGOSY_WORKSPACE:-/workspace}
argosy_search=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
argosy_step=$1
argosy_status=$2

echo "script $$" >&3

# give_up REASON SENTENCE
give_up() {
  printf '==> %s\n' "$2"
  echo "because $1" >&3
  exit 127
}

# The path of a program in $argosy_found, empty where there is none: as it is written if it has a slash, else from the step's PATH.
find_program() {
  local IFS=: argosy_folder
  argosy_found=
  case $1 in
    */*)
      [ ! -x "$1" ] || argosy_found=$1
      return
      ;;
  esac
  for argosy_folder in $argosy_search; do
    argosy_folder=${argosy_folder:-.}
    if [ -f "$argosy_folder/$1" ] && [ -x "$argosy_folder/$1" ]; then
      argosy_found=$argosy_folder/$1
      return
    fi
  done
}

# The interpreter that a script's first line asks for, in $argosy_interpreter; empty where it asks for none.
read_first_line() {
  local argosy_line=
  argosy_interpreter=
  IFS= read -r argosy_line <"$argosy_step/script"
  case $argosy_line in
    '#!'*) ;;
    *) return ;;
  esac
  argosy_interpreter=${argosy_line#'#!'}
  argosy_interpreter=${argosy_interpreter#"${argosy_interpreter%%[! 	]*}"}
  argosy_interpreter=${argosy_interpreter%%[ 	]*}
}

IFS= read -r argosy_folder <"$argosy_step/folder"
cd "$argosy_workspace/$argosy_folder" 2>/dev/null ||
  give_up no-folder "there is no folder $argosy_folder in the workspace, or the image's user may not enter it"

# What other jobs gave, each a line in a file that is called by a number of ours.
if [ -d "$argosy_root/job/values" ]; then
  for argosy_word in $("$argosy_busybox" ls "$argosy_root/job/values"); do
    argosy_line=
    IFS= read -r argosy_line <"$argosy_root/job/values/$argosy_word"
    eval "argosy_given_$argosy_word=\$argosy_line"
  done
fi

set --
# shellcheck source=/dev/null
. "$argosy_root/job/env"
# shellcheck source=/dev/null
. "$argosy_root/job/job-env"
argosy_ifs=$IFS
IFS='
'
# Without globs (set -f), all that happens to a line is that it becomes a word.
# shellcheck disable=SC2046
set -- "$@" $("$argosy_busybox" cat "$argosy_root/job/variables")
IFS=$argosy_ifs
# shellcheck source=/dev/null
. "$argosy_step/env"
[ -z "$argosy_status" ] || set -- "$@" "CI_STATUS=$argosy_status"
for argosy_word do
  case $argosy_word in
    PATH=*) argosy_search=${argosy_word#PATH=} ;;
  esac
done

read_first_line
IFS= read -r argosy_program <"$argosy_step/program"
if [ -n "$argosy_interpreter" ]; then
  [ -x "$argosy_interpreter" ] || give_up no-shell "the script asks for $argosy_interpreter, which this image does not have"
else
  find_program "$argosy_program"
  if [ -n "$argosy_found" ]; then
    set -- "$@" "$argosy_found"
  elif [ "$argosy_program" = sh ]; then
    set -- "$@" "$argosy_busybox" sh
  else
    give_up no-shell "the script asks for $argosy_program, which this image does not have: choose another image or shell"
  fi
  # shellcheck source=/dev/null
  . "$argosy_step/arguments"
fi
exec "$argosy_busybox" env "$@" "$argosy_step/script" 3>&-
