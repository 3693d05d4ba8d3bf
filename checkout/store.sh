# Packs a job's artifacts, after the last step: run.sh starts it as `busybox sh store.sh`, in the job's own image and as its user.
#
# In:  ../job/artifacts/NNN/{name,settings,globs}: the name; 1 where there may be no file; lines `+` or `-` and an expression over `./path`,
#      which takes files in or back, the last one deciding.
# Out: gzipped archives in ../../argosy-new/artifact.NNN, which are there and empty: they are written to, never replaced, since Argo uploads what
#      they are another name for. 1 where an artifact has no file, 2 where one could not be packed; a line says which.

set -uf -o pipefail
export LC_ALL=C

root=${0%/bin/store.sh}
busybox=$root/bin/busybox
workspace=${ARGOSY_WORKSPACE:-/workspace}
work=$root/storing
code=0

say() {
  printf '==> artifact %s: %s\n' "$name" "$1"
}

# All files and links of the workspace, one a line. What has a line break in its name is none of them.
list() {
  "$busybox" find . -name '*
*' -prune -o \( -type f -o -type l \) -print 2>/dev/null >"$work/all"
  [ -z "$("$busybox" find . -name '*
*' -prune -print 2>/dev/null)" ] || printf '==> artifacts: paths with a line break in them are in none\n'
  [ -f "$work/all" ]
}

# Files are made with `true >`: at a redirection that fails, `: >` ends the whole shell.
choose() {
  local sign expression
  true >"$work/chosen" || return 1
  while read -r sign expression; do
    if [ "$sign" = + ]; then
      "$busybox" grep -E -e "$expression" "$work/all" >>"$work/chosen"
    else
      "$busybox" grep -v -E -e "$expression" "$work/chosen" >"$work/left"
      "$busybox" mv "$work/left" "$work/chosen" || return 1
    fi
  done <"$1"
  "$busybox" sort -u -o "$work/chosen" "$work/chosen"
}

# One archive from as many as it takes to name all the files: each without the kilobyte of zeros at its end, and one at the end of all.
# shellcheck disable=SC2016
pack() {
  {
    "$busybox" tr '\n' '\0' <"$work/chosen" |
      "$busybox" xargs -r -0 "$busybox" sh -c 'set -o pipefail; "$0" tar -c -f - "$@" | "$0" head -c -1024' "$busybox" &&
      "$busybox" head -c 1024 /dev/zero
  } | "$busybox" gzip -1 >"$1"
}

store() {
  local may_be_empty folder=$root/job/artifacts/$1 target=$root-new/artifact.$1
  IFS= read -r name <"$folder/name"
  read -r may_be_empty <"$folder/settings"
  if ! choose "$folder/globs"; then
    say "its files could not be listed: is the runner's disk large enough?"
    code=2
  elif [ ! -s "$work/chosen" ] && [ "$may_be_empty" = 0 ]; then
    say "its paths match no file of the workspace; a folder is written with a slash at its end, like dist/"
    [ "$code" -ne 0 ] || code=1
  elif pack "$target"; then
    say "stored, files: $("$busybox" wc -l <"$work/chosen"), bytes: $("$busybox" wc -c <"$target")"
  else
    true >"$target"
    say "it could not be packed: can the job's user read all of its files, and is the runner's disk large enough?"
    code=2
  fi
}

{ "$busybox" mkdir -p "$work" && cd "$workspace" && list; } || exit 2
for number in $("$busybox" ls "$root/job/artifacts"); do
  store "$number"
done
"$busybox" rm -rf "$work"
exit "$code"
