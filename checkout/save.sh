# Packs caches, after the last step and the artifacts: run.sh starts it as `busybox sh save.sh CODE`, CODE being the job's exit code so far, in
# the job's own image and as its user.
#
# In:  ../job/caches/NNN/{name,settings,paths}: the name; as its third and fourth word, 0 where it may not be stored, and after what it is;
#      paths from the root on. ../job/caches/NNN/exact, where one of the same key was restored, and there is nothing to store.
# Out: gzipped archives in ../../argosy-new/cache.NNN, which are there and empty, and the number of each in the descriptor 7 once it is whole.
#      Whatever goes wrong, a line that says so.

set -uf -o pipefail
export LC_ALL=C

root=${0%/bin/save.sh}
busybox=$root/bin/busybox
top=${ARGOSY_TOP:-/}
code=$1

say() {
  printf '==> cache %s: %s\n' "$name" "$1"
}

is_due() {
  [ "$saved" -gt 0 ] && [ ! -e "$folder/exact" ] || return 1
  case $save in
    always) ;;
    success) [ "$code" -eq 0 ] ;;
    *) return 1 ;;
  esac
}

# The paths that are there, in lines of a file. A folder that nobody may write to could not be filled again.
find_paths() {
  local path
  while IFS= read -r path; do
    [ -e "$top/$path" ] || continue
    "$busybox" find "$top/$path" -type d ! -perm -200 -exec "$busybox" chmod u+w {} + 2>/dev/null
    printf '%s\n' "$path"
  done <"$folder/paths" >"$root/caching"
}

pack() {
  "$busybox" tr '\n' '\0' <"$root/caching" | "$busybox" xargs -0 "$busybox" tar -c -f - -C "$top" -- | "$busybox" gzip -1 >"$1"
}

store() {
  local restored exact saved save target=$root-new/cache.$1
  folder=$root/job/caches/$1
  IFS= read -r name <"$folder/name"
  read -r restored exact saved save <"$folder/settings"
  is_due || return 0
  find_paths
  if [ ! -s "$root/caching" ]; then
    say "not stored: none of its paths is there"
  elif pack "$target"; then
    printf '%s\n' "$1" >&7
    say "stored, $("$busybox" wc -c <"$target") bytes"
  else
    say "not stored: it could not be packed"
  fi
}

for number in $("$busybox" ls "$root/job/caches"); do
  store "$number"
done
"$busybox" rm -f "$root/caching"
exit 0
