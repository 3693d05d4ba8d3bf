# Puts artifacts of other jobs into the workspace, before the first step: run.sh starts it as `busybox sh fetch.sh`, in the job's own image
# and as its user.
#
# In:  ../job/downloads/NNN/{name,settings,folder,sources}: JOB.ARTIFACT; 1 where it is an error that there is none; the folder of the
#      workspace; a line for each combination of that job, its number and the folder below that it goes to. ../in-NNN/<number>.tar.gz, which
#      Argo has fetched.
# Out: the files in the workspace. Where that fails, a line that says so, and 1.

set -uf -o pipefail
export LC_ALL=C

root=${0%/bin/fetch.sh}
busybox=$root/bin/busybox
workspace=${ARGOSY_WORKSPACE:-/workspace}
work=$root/fetching

fail() {
  printf '==> download %s: %s\n' "$name" "$1"
  "$busybox" rm -rf "$work"
  exit 1
}

unpack() {
  "$busybox" mkdir -p "$2" && "$busybox" gzip -d -c "$1" | "$busybox" tar -x -o -f - -C "$2"
}

# Names that more than one of the archives has, in $work/shared; those of each in $work/<number>.names.
find_shared() {
  local number
  for number in $numbers; do
    "$busybox" gzip -d -c "$in/$number.tar.gz" | "$busybox" tar -t -f - | "$busybox" sort -u >"$work/$number.names" || return 1
  done
  for number in $numbers; do
    "$busybox" cat "$work/$number.names"
  done | "$busybox" sort | "$busybox" uniq -d >"$work/shared"
}

is_same() {
  if [ -L "$1" ] || [ -L "$2" ]; then
    [ -L "$1" ] && [ -L "$2" ] && [ "$("$busybox" readlink "$1")" = "$("$busybox" readlink "$2")" ]
  else
    "$busybox" cmp -s "$1" "$2"
  fi
}

# Archives go into one folder only if what they share is the same in all of them.
check_shared() {
  local number path
  find_shared || fail "an archive cannot be read: run the job again that stored it"
  [ -s "$work/shared" ] || return 0
  "$busybox" mkdir "$work/first"
  for number in $numbers; do
    "$busybox" rm -rf "$work/other"
    unpack "$in/$number.tar.gz" "$work/other" || fail "its files could not be written: is the runner's disk large enough?"
    while IFS= read -r path; do
      [ -e "$work/other/$path" ] || [ -L "$work/other/$path" ] || continue
      if [ -e "$work/first/$path" ] || [ -L "$work/first/$path" ]; then
        is_same "$work/first/$path" "$work/other/$path" ||
          fail "${path#./} is not the same file in all combinations: write split: true, or store it under different names"
      else
        "$busybox" mkdir -p "$work/first/${path%/*}" && "$busybox" mv "$work/other/$path" "$work/first/$path"
      fi
    done <"$work/shared"
  done
}

fetch() {
  local needed folder number below target
  in=$root/in-$1
  numbers=
  IFS= read -r name <"$root/job/downloads/$1/name"
  read -r needed <"$root/job/downloads/$1/settings"
  IFS= read -r folder <"$root/job/downloads/$1/folder"
  split=
  while IFS=' ' read -r number below; do
    if [ -s "$in/$number.tar.gz" ]; then
      numbers="$numbers $number"
      split=$split$below
    elif [ "$needed" = 1 ]; then
      fail "the job ended without storing it"
    else
      printf '==> download %s: not there, the job ended without storing it\n' "$name"
    fi
  done <"$root/job/downloads/$1/sources"
  [ -n "$split" ] || [ "${numbers# * }" = "$numbers" ] || check_shared
  while IFS=' ' read -r number below; do
    [ -s "$in/$number.tar.gz" ] || continue
    target=$workspace${folder:+/$folder}${below:+/$below}
    unpack "$in/$number.tar.gz" "$target" || fail "it could not be unpacked into ${target#"$workspace"/}"
  done <"$root/job/downloads/$1/sources"
  [ -z "$numbers" ] || printf '==> download %s%s\n' "$name" "${folder:+ to $folder}"
  "$busybox" rm -rf "$in" 2>/dev/null
}

"$busybox" mkdir -p "$work" || exit 1
for number in $("$busybox" ls "$root/job/downloads"); do
  fetch "$number"
done
"$busybox" rm -rf "$work"
exit 0
