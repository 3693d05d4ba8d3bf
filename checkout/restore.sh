# Puts caches where they were, before the first step: run.sh starts it as `busybox sh restore.sh`, in the job's own image and as its user.
#
# In:  ../job/caches/NNN/{name,settings}: the name; how many places there are to look at, how many of these are of the same key, and more that
#      save.sh reads. ../cache-NNN-<number of the place>, which Argo has fetched where there is one.
# Out: the files and folders; ../job/caches/NNN/exact, where it is one of the same key. Whatever goes wrong, a line that says so, and the job
#      goes on without it.

set -uf -o pipefail
export LC_ALL=C

root=${0%/bin/restore.sh}
busybox=$root/bin/busybox
top=${ARGOSY_TOP:-/}

say() {
  printf '==> cache %s: %s\n' "$name" "$1"
}

# Takes of an archive what lies under the cache's paths, and nothing else that somebody may have put in. Of those that were not there when it
# was stored tar complains, which is no trouble.
unpack() {
  local archive=$1 IFS='
'
  # Without globs (set -f), all that happens to a line is that it becomes a word.
  # shellcheck disable=SC2046
  set -- $("$busybox" sed 's/[][*?\\]/\\&/g' "$2")
  {
    "$busybox" gzip -d -c "$archive" | "$busybox" tar -x -o -f - -C "$top" -- "$@"
  } 2>"$root/complaints" && return
  [ -s "$root/complaints" ] && ! "$busybox" grep -v ': not found in archive$' "$root/complaints"
}

restore() {
  local number=$1 places exact more place=0 found=
  IFS= read -r name <"$root/job/caches/$number/name"
  read -r places exact more <"$root/job/caches/$number/settings"
  while [ -z "$found" ] && [ "$place" -lt "$places" ]; do
    place=$((place + 1))
    [ ! -s "$root/cache-$number-$place" ] || found=$root/cache-$number-$place
  done
  if [ -z "$found" ]; then
    say "none yet"
  elif ! unpack "$found" "$root/job/caches/$number/paths"; then
    say "not all of it could be restored; going on"
  elif [ "$place" -le "$exact" ]; then
    true >"$root/job/caches/$number/exact"
    say "restored, of the same key"
  else
    say "restored, the newest"
  fi
  while [ "$places" -gt 0 ]; do
    "$busybox" rm -f "$root/cache-$number-$places" 2>/dev/null
    places=$((places - 1))
  done
}

for number in $("$busybox" ls "$root/job/caches"); do
  restore "$number"
done
"$busybox" rm -f "$root/complaints"
exit 0
