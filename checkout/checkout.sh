# The first container of every job: lays down the job's scripts and the step runner in /argosy, and the source at the run's commit in
# /workspace. Runs under busybox sh with git, in the argosy-checkout image.
#
# In:  ARGOSY_JOB_0, ARGOSY_JOB_1, ...: base64 of a tar.bz2 with env, job-env, secrets, services, times, steps/, artifacts/, downloads/ and
#      source/{url,user,sha,ref}, cut into pieces that fit into environment variables; ARGOSY_COMBINATION (of a matrix): which of the
#      archive's folders combinations/N goes over the rest; ARGOSY_GIVEN_1 and so on: what jobs that this one needs gave; ARGOSY_TOKEN (may be
#      unset): what git shows the forge; ARGOSY_TOKEN_SECRET: which Secret it comes from.
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

# Settings for the git of this container alone: by its environment, so that nothing stays behind in the workspace.
settings=0
setting() {
  eval "export GIT_CONFIG_KEY_$settings=\$1 GIT_CONFIG_VALUE_$settings=\$2"
  settings=$((settings + 1))
  export GIT_CONFIG_COUNT=$settings
}

configure_git() {
  local scheme=${url%%://*} rest=${url#*://}
  origin=$scheme://${rest%%/*}
  case $scheme in
    http | https) ;;
    *) fail "a forge's address starts with https:// or http://, not $scheme: correct url in platform.yaml" ;;
  esac
  unset GIT_ASKPASS SSH_ASKPASS
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 GIT_LFS_SKIP_SMUDGE=1 LC_ALL=C
  setting protocol.allow never
  setting protocol.https.allow always
  setting "protocol.$scheme.allow" always
  setting core.hooksPath /dev/null
  setting safe.directory '*'
  setting advice.detachedHead false
  setting init.defaultBranch main
  setting gc.auto 0
  setting http.lowSpeedLimit 1000
  setting http.lowSpeedTime 30
  setting credential.helper ''
  # Scoped to the forge: no other host, in a redirect or a submodule, is ever shown the token.
  # shellcheck disable=SC2016
  [ -z "$token" ] || setting "credential.$origin.helper" \
    '!answer() { [ "$1" != get ] || printf "username=%s\npassword=%s\n" "$ARGOSY_USER" "$ARGOSY_TOKEN"; }; answer'
}

# Runs git fetch; what it complained about is in $complaint.
fetch() {
  complaint=$(git -C "$workspace" fetch --quiet --no-tags --no-recurse-submodules "$@" 2>&1)
}

has_commit() {
  git -C "$workspace" cat-file -e "$sha^{commit}" 2>/dev/null
}

gone() {
  fail "commit $sha is not in $ref any more (it was replaced or deleted): push again"
}

# For forges that do not hand out commits by their name.
fetch_by_ref() {
  if ! fetch --depth=50 origin "$ref"; then
    case $complaint in
      *"couldn't find remote ref"*) gone ;;
    esac
    return 1
  fi
  has_commit && return 0
  [ -f "$workspace/.git/shallow" ] || gone
  fetch --unshallow origin "$ref" || return 1
  has_commit || gone
}

last_line() {
  # shellcheck disable=SC2016
  printf '%s\n' "$complaint" | sed -n -e '/./h' -e '${x;p;}' | tr -d '\r' | cut -c1-300
}

fetch_commit() {
  local pause
  for pause in 2 5 0; do
    fetch --depth=1 origin "$sha" && return 0
    case $complaint in
      *'not our ref'* | *'unadvertised object'* | *"couldn't find remote ref"* | *'does not allow request'*)
        fetch_by_ref && return 0
        ;;
    esac
    case $complaint in
      *'Authentication failed'* | *'could not read Username'* | *'could not read Password'* | *'returned error: 403'* | *'not found'*)
        refused
        ;;
    esac
    sleep "$pause"
  done
  fail "git could not fetch from $origin: $(last_line): see that the forge answers, then run again"
}

refused() {
  if [ -n "$token" ]; then
    fail "the forge refuses $url to the token of Secret ${ARGOSY_TOKEN_SECRET:-}: it must be valid and allowed to read the repository"
  elif [ -n "${ARGOSY_TOKEN_SECRET:-}" ]; then
    fail "the forge refuses $url without a token, and Secret ${ARGOSY_TOKEN_SECRET} is not in this namespace: create it"
  fi
  fail "the forge refuses $url without a token: give the forge a checkout token in platform.yaml"
}

check_out() {
  local format=sha1
  [ "${#sha}" -ne 64 ] || format=sha256
  complaint=$(git init --quiet --template= "--object-format=$format" "$workspace" 2>&1 &&
    git -C "$workspace" remote add origin "$url" 2>&1) || fail "git could not start in $workspace: $(last_line)"
  fetch_commit
  complaint=$(git -C "$workspace" checkout --quiet --force --detach "$sha" 2>&1) ||
    fail "git could not write the files of $sha: $(last_line): is the runner's disk large enough?"
}

lay_down || fail "the job's files could not be written to $root: is the disk of the node full?"
write_git_settings
IFS= read -r url <"$root/job/source/url"
IFS= read -r user <"$root/job/source/user"
IFS= read -r sha <"$root/job/source/sha"
IFS= read -r ref <"$root/job/source/ref"
# A Secret made from a file often ends in a newline, which would end git's line early.
token=$(printf '%s' "${ARGOSY_TOKEN:-}")
export ARGOSY_TOKEN="$token" ARGOSY_USER="$user"
configure_git
check_out
printf 'checkout: %s at %s\n' "$url" "$sha"
# What Argo's program around this one will write here itself, up to a second later, since so often it looks for its child's end
# (argo-workflows 4.0.5, workflow/executor/osspecific): the job's container waits for it, and looks once a second too.
said=$argo/ctr/${ARGO_CONTAINER_NAME:-}
[ ! -d "$said" ] || printf 0 >"$said/exitcode"
[ ! -p "$root-store/in/.caches" ] || exec env -i "PATH=$PATH" "${ARGOSY_BUSYBOX:-/bin/busybox}" sh "$here/publish.sh" "$root-store"
