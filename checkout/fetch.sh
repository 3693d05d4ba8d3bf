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
# In the workspace, so that its files need not be copied.
stage=$workspace/.argosy-download

fail() {
  printf '==> download %s: %s\n' "$name" "$1"
  "$busybox" rm -rf "$work" "$stage"
  exit 1
}

# The files of an archive, in a folder of their own: whoever made it can have put anything in, and links that lead elsewhere are ways to there
# for what comes after them, in this archive or in the next one.
unpack() {
  "$busybox" rm -rf "$stage/one" && "$busybox" mkdir "$stage/one" &&
    "$busybox" gzip -d -c "$1" | "$busybox" tar -x -o -f - -C "$stage/one" ||
    fail "its files could not be unpacked: is the runner's disk large enough?"
  [ -z "$("$busybox" find "$stage/one" \( -name '*
*' -o ! -type d ! -type f ! -type l \) -print)" ] || fail "the job has stored there what is no plain file, folder or link"
}

# Puts what was unpacked into a folder, which has them by second names then. No link in there is followed: cp refuses folders behind one.
move_to() {
  "$busybox" cp -dRlf "$stage/one/." "$1/" && "$busybox" rm -rf "$stage/one"
}

# sha256sum and the name of each file that is shared, in their order.
digests() {
  (cd "$1" && "$busybox" tr '\n' '\0' <"$work/files" | "$busybox" xargs -r -0 "$busybox" sha256sum)
}

# Fails if a path has other content in what was unpacked than in what is there from combinations before.
compare() {
  local tree path different=
  for tree in one all; do
    (cd "$stage/$tree" && "$busybox" find . ! -type d -print)
  done | "$busybox" sort | "$busybox" uniq -d >"$work/shared"
  while IFS= read -r path; do
    if [ ! -L "$stage/one/$path" ] && [ ! -L "$stage/all/$path" ]; then
      printf '%s\n' "$path"
    elif [ "$(target_of "$stage/one/$path")" != "$(target_of "$stage/all/$path")" ]; then
      different=${different:-$path}
    fi
  done <"$work/shared" >"$work/files"
  digests "$stage/one" >"$work/one" && digests "$stage/all" >"$work/all" || fail "its files could not be read"
  [ -n "$different" ] || different=$("$busybox" sort -u "$work/one" "$work/all" | "$busybox" cut -c67- | "$busybox" sort | "$busybox" uniq -d)
  # The first of them will do.
  different=${different%%
*}
  [ -z "$different" ] ||
    fail "${different#./} is not the same file in all combinations: write split: true, or store it under different names"
}

# Where a link leads to; of a file nothing.
target_of() {
  [ ! -L "$1" ] || { printf 'to '; "$busybox" readlink "$1"; }
}

# A folder of the workspace, made if it is not there: in it, whatever links are on the way.
make_target() {
  local there=$1 below=${1#"$workspace"/} real
  while [ ! -e "$there" ] && [ ! -L "$there" ]; do
    there=${there%/*}
  done
  real=$(cd -P "$there" 2>/dev/null && pwd -P) || fail "$below cannot be made: there is no folder ${there#"$workspace"/}"
  case $real/ in
    "$(cd -P "$workspace" && pwd -P)"/*) ;;
    *) fail "$below leads out of the workspace" ;;
  esac
  "$busybox" mkdir -p "$1" || fail "$below cannot be made"
}

fetch() {
  local needed folder number below count target
  in=$root/in-$1
  IFS= read -r name <"$root/job/downloads/$1/name"
  read -r needed <"$root/job/downloads/$1/settings"
  IFS= read -r folder <"$root/job/downloads/$1/folder"
  count=0
  "$busybox" rm -rf "$stage" && "$busybox" mkdir "$stage" "$stage/all" || fail "it could not be unpacked into the workspace"
  while IFS=' ' read -r number below; do
    if [ ! -s "$in/$number.tar.gz" ]; then
      [ "$needed" = 0 ] || fail "the job ended without storing it"
      printf '==> download %s: not there, the job ended without storing it\n' "$name"
      continue
    fi
    count=$((count + 1))
    unpack "$in/$number.tar.gz"
    if [ -n "$below" ]; then
      target=$workspace${folder:+/$folder}/$below
      make_target "$target"
      move_to "$target" || fail "it could not be put into ${target#"$workspace"/}"
    else
      [ "$count" = 1 ] || compare
      move_to "$stage/all" || fail "a path is a file in one combination and a folder in another: write split: true"
    fi
  done <"$root/job/downloads/$1/sources"
  if [ "$count" -gt 0 ]; then
    target=$workspace${folder:+/$folder}
    make_target "$target"
    "$busybox" rm -rf "$stage/one" && "$busybox" mv "$stage/all" "$stage/one" && move_to "$target" ||
      fail "it could not be put into ${folder:-the workspace}"
    printf '==> download %s%s\n' "$name" "${folder:+ to $folder}"
  fi
  "$busybox" rm -rf "$in" 2>/dev/null
}

"$busybox" mkdir -p "$work" || exit 1
for number in $("$busybox" ls "$root/job/downloads"); do
  fetch "$number"
done
"$busybox" rm -rf "$work" "$stage"
exit 0
