# The first container of every job: lays down the job's scripts and the step runner in /argosy, and the source at the run's commit in
# /workspace, if the job wants it (source.sh). Runs under busybox sh with git, in the argosy-checkout image.
#
# In:  ARGOSY_JOB_0, ARGOSY_JOB_1, ...: base64 of a tar.bz2 with env, job-env, secrets, services, times, steps/, artifacts/, downloads/,
#      caches/ and source/, cut into pieces that fit into environment variables; ARGOSY_COMBINATION (of a matrix): which of the archive's
#      folders combinations/N goes over the rest; ARGOSY_GIVEN_1 and so on: what jobs that this one needs gave; ARGOSY_TOKEN (may be unset):
#      what git shows the forge; ARGOSY_TOKEN_SECRET: which Secret it comes from; ARGOSY_NO_TOKEN: what kind of run is given none.
# Out: /argosy/bin, /argosy/job, /argosy/started (when this began, in seconds since 1970: the job's time runs from there),
#      /argosy/gitconfig, /workspace, writable by any user, since nobody knows what the job's image runs as; an empty file for each artifact,
#      in /argosy-store/in and in /argosy-store/out. Where caches may be stored, this stays until the job has ended: publish.sh.
#      When it fails: a line that starts with `checkout:` and says what to do, at the end of the log and in the termination message.

set -uf
umask 000

root=${ARGOSY_ROOT:-/argosy}
workspace=${ARGOSY_WORKSPACE:-/workspace}
termination=${ARGOSY_TERMINATION_LOG:-/dev/termination-log}
argo=${ARGOSY_ARGO:-/var/run/argo}
here=${0%/*}
trap 'exit 143' TERM
# shellcheck source=checkout/source.sh
. "$here/source.sh"

fail() {
  printf 'checkout: %s\n' "$1" >&2
  printf 'checkout: %s\n' "$1" >"$termination"
  exit 1
}

payload() {
  local index=0 piece
  while eval "piece=\${ARGOSY_JOB_$index:-}" && [ -n "$piece" ]; do
    printf '%s' "$piece"
    index=$((index + 1))
  done
}

# What is this combination's own goes over what all have in common; the others', steps too, is nobody's business here.
choose_combination() {
  local folder
  [ -d "$root/job/combinations" ] || return 0
  cp -R "$root/job/combinations/${ARGOSY_COMBINATION:-0}/." "$root/job/" || return 1
  rm -rf "$root/job/combinations"
  [ -f "$root/job/without" ] || return 0
  while IFS= read -r folder; do
    rm -rf "$root/job/$folder" || return 1
  done <"$root/job/without"
}

# What other jobs gave, a file for each that is asked for: given has lines `number text output`, and ARGOSY_GIVEN_<text> is the base64 of that
# job's outputs, lines `name=base64`, or, where no output is named, Argo's word for how it ended. Of a name the last line counts.
take_values() {
  local number text output value
  [ -s "$root/job/given" ] || return 0
  mkdir -p "$root/job/values" || return 1
  while read -r number text output; do
    eval "value=\${ARGOSY_GIVEN_$text:-}"
    if [ -n "$output" ]; then
      printf '%s' "$value" | base64 -d 2>/dev/null | sed -n "s/^$output=//p" | tail -n 1 | base64 -d 2>/dev/null |
        head -n 1 | head -c 4096 >"$root/job/values/$number"
      continue
    fi
    case $value in
      Succeeded) value=success ;;
      Failed | Error) value=failure ;;
      *) value=skipped ;;
    esac
    printf '%s\n' "$value" >"$root/job/values/$number" || return 1
  done <"$root/job/given"
}

# Empty files with two names each: one that the job writes to, and one in a folder that it cannot change, from which Argo uploads. Those of
# caches that may be stored are held back until the job says that they are to be: publish.sh.
make_places() {
  local number restored exact saved save
  for number in $(ls "$root/job/artifacts" 2>/dev/null); do
    make_place "artifact.$number" "out/artifact.$number" || return 1
  done
  for number in $(ls "$root/job/caches" 2>/dev/null); do
    read -r restored exact saved save <"$root/job/caches/$number/settings"
    while [ "$saved" -gt 0 ]; do
      make_place "cache.$number" "held/cache.$number.$saved" || return 1
      saved=$((saved - 1))
    done
  done
  [ ! -d "$root-store/held" ] || mkfifo "$root-store/in/.caches"
}

make_place() {
  mkdir -p "$root-store/in" "$root-store/out" "$root-store/${2%/*}" && true >>"$root-store/in/$1" && ln "$root-store/in/$1" "$root-store/$2"
}

lay_down() {
  mkdir -p "$root/bin" "$root/job" &&
    date +%s >"$root/started" &&
    payload | base64 -d | bunzip2 -c | tar -x -o -f - -C "$root/job" &&
    choose_combination &&
    take_values &&
    make_places &&
    cp "$here/run.sh" "$here/step.sh" "$here/services.sh" "$root/bin/" &&
    cp "$here/fetch.sh" "$here/store.sh" "$here/restore.sh" "$here/save.sh" "$root/bin/" &&
    cp "${ARGOSY_BUSYBOX:-/bin/busybox}" "$root/bin/busybox" &&
    chmod 0755 "$root/bin/busybox"
}

# For the git of the job's image: the files here may belong to another user. A system-wide file, because that is the one place where every
# version of git looks for safe.directory, and the image's own system-wide settings stay.
write_git_settings() {
  printf '[include]\n\tpath = /etc/gitconfig\n[safe]\n\tdirectory = *\n' >"$root/gitconfig"
}

lay_down || fail "the job's files could not be written to $root: is the disk of the node full?"
write_git_settings
if [ -d "$root/job/source" ]; then
  take_source
else
  mkdir -p "$workspace"
  printf 'checkout: no source, as the job wants it\n'
fi
# What Argo's program around this one will write here itself, up to a second later, since so often it looks for its child's end
# (argo-workflows 4.0.5, workflow/executor/osspecific): the job's container waits for it, and looks once a second too.
said=$argo/ctr/${ARGO_CONTAINER_NAME:-}
[ ! -d "$said" ] || printf 0 >"$said/exitcode"
[ ! -p "$root-store/in/.caches" ] || exec env -i "PATH=$PATH" "${ARGOSY_BUSYBOX:-/bin/busybox}" sh "$here/publish.sh" "$root-store"
