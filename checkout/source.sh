# The source at the run's commit, with as much of the repository as the job wants: read by checkout.sh, which calls take_source.
#
# In:  /argosy/job/source/{url,user,sha,ref}; options, a line `depth tags base submodules lfs` (0 commits are all; submodules are none, direct
#      or recursive), without which it is the commit alone; bases, commits or refs, of which the first that is there is the base.
# Out: /workspace, with the base as refs/argosy/base.
#
# What a repository says of itself is data: no hooks, no filter but LFS's, HTTP(S) alone, the token for the forge alone.

# Settings for the git of this container alone: by its environment, so that nothing stays behind in the workspace.
settings=0
setting() {
  eval "export GIT_CONFIG_KEY_$settings=\$1 GIT_CONFIG_VALUE_$settings=\$2"
  settings=$((settings + 1))
  export GIT_CONFIG_COUNT=$settings
}

configure_git() {
  local scheme=${url%%://*} rest=${url#*://} host
  origin=$scheme://${rest%%/*}
  case $scheme in
    http | https) ;;
    *) fail "a forge's address starts with https:// or http://, not $scheme: correct url in platform.yaml" ;;
  esac
  unset GIT_ASKPASS SSH_ASKPASS
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 GIT_LITERAL_PATHSPECS=1 GIT_LFS_SKIP_SMUDGE=1 LC_ALL=C
  setting protocol.allow never
  setting protocol.https.allow always
  setting "protocol.$scheme.allow" always
  setting core.hooksPath /dev/null
  setting init.templateDir ''
  setting safe.directory '*'
  setting advice.detachedHead false
  setting init.defaultBranch main
  setting gc.auto 0
  setting http.lowSpeedLimit 1000
  setting http.lowSpeedTime 30
  setting credential.helper ''
  # Scoped to the forge: no other host, in a redirect or a submodule, is ever shown the token. Once refused, it is not shown again: git-lfs
  # 3.3.0 would ask for ever.
  # shellcheck disable=SC2016
  [ -z "$token" ] || setting "credential.$origin.helper" '!answer() {
    case $1 in
      get) [ -e "$ARGOSY_REFUSED" ] || printf "username=%s\npassword=%s\n" "$ARGOSY_USER" "$ARGOSY_TOKEN" ;;
      erase) true >"$ARGOSY_REFUSED" ;;
    esac
  }; answer'
  # People write the forge's address for SSH into .gitmodules, since that is the one that they push to.
  host=${origin#*://}
  setting "url.$origin/.insteadOf" "git@${host%%:*}:"
  setting "url.$origin/.insteadOf" "ssh://git@${host%%:*}/"
  [ "$lfs" = 1 ] || return 0
  # git's index says of files from LFS that they are unchanged only if it sees them through this.
  setting filter.lfs.clean 'git-lfs clean -- %f'
  setting filter.lfs.smudge 'git-lfs smudge -- %f'
  setting filter.lfs.process 'git-lfs filter-process'
  setting filter.lfs.required true
  # Whatever .lfsconfig says: a file that is not there fails the checkout.
  setting lfs.skipDownloadErrors false
}

# Runs git, again after a pause where that may help. What it complained about is in $complaint; 1 is that what is asked for is not there,
# 2 that it is refused, 3 anything else.
try() {
  local pause
  for pause in 2 5 0; do
    complaint=$(git "$@" 2>&1 </dev/null) && return 0
    case $complaint in
      *'not our ref'* | *'unadvertised object'* | *"couldn't find remote ref"* | *'does not allow request'*) return 1 ;;
      *'Authentication failed'* | *'could not read Username'* | *'could not read Password'* | *'returned error: 403'*) return 2 ;;
      *"' not found"* | *'Authorization error'* | *'Git credentials for'*) return 2 ;;
      *"' not allowed"* | *'is not a git command'* | *'Direct fetching of that commit failed'* | *'no submodule mapping'*) return 3 ;;
      *'No url found for submodule'* | *'invalid value for'* | *': [404] '* | *': [410] '* | *'Repository or object not found'*) return 3 ;;
    esac
    sleep "$pause"
  done
  return 3
}

fetch() {
  try -C "$workspace" fetch --quiet --no-tags --no-recurse-submodules "$@"
}

# As fetch, but ends the job where that fails, except by 1.
fetch_or_fail() {
  fetch "$@"
  case $? in
    0) return 0 ;;
    1) return 1 ;;
    2) refused "$url" ;;
  esac
  fail "git could not fetch from $origin: $(last_line): see that the forge answers, then run again"
}

last_line() {
  # shellcheck disable=SC2016
  printf '%s\n' "$complaint" | sed -n -e '/./h' -e '${x;p;}' | tr -d '\r' | cut -c1-300
}

refused() {
  if [ -n "$token" ]; then
    fail "the forge refuses $1 to the token of Secret ${ARGOSY_TOKEN_SECRET:-}: it must be valid and allowed to read the repository"
  elif [ -n "${ARGOSY_TOKEN_SECRET:-}" ]; then
    fail "the forge refuses $1 without a token, and Secret ${ARGOSY_TOKEN_SECRET} is not in this namespace: create it"
  elif [ -n "${ARGOSY_NO_TOKEN:-}" ]; then
    fail "the forge refuses $1 without a token, and ${ARGOSY_NO_TOKEN} is given none: such runs can only have what everybody may read"
  fi
  fail "the forge refuses $1 without a token: give the forge a checkout token in platform.yaml"
}

has_commit() {
  git -C "$workspace" cat-file -e "$sha^{commit}" 2>/dev/null
}

gone() {
  fail "commit $sha is not in $ref any more (it was replaced or deleted): push again"
}

# For forges that do not hand out commits by their name.
fetch_by_ref() {
  wanted=$ref
  [ "$depth" -eq 0 ] || [ "$depth" -gt 50 ] || limit=--depth=50
  # shellcheck disable=SC2086
  fetch_or_fail $limit origin "$wanted" $all_tags || gone
  has_commit && return 0
  [ -f "$workspace/.git/shallow" ] || gone
  fetch_or_fail --unshallow origin "$wanted" || gone
  limit=
  has_commit || gone
}

# Tags come with the commit: fetched after it, their few commits would cut its history.
fetch_commit() {
  wanted=$sha
  # shellcheck disable=SC2086
  fetch_or_fail $limit origin "$wanted" $all_tags || fetch_by_ref
}

# Whether the commit's history is whole down to where it left the base's: no commit that only one of them has lacks its parents, and there is
# one such place. Of several, some may be so only because what joins them was not fetched.
reaches_base() {
  [ -f "$workspace/.git/shallow" ] || return 0
  [ "$(git -C "$workspace" merge-base --all "$sha" refs/argosy/base | wc -l)" -eq 1 ] || return 1
  ! git -C "$workspace" rev-list "$sha...refs/argosy/base" | grep -q -x -F -f "$workspace/.git/shallow"
}

fetch_base() {
  local base more
  while IFS= read -r base; do
    # With the commit, since a depth is that of all that is fetched.
    # shellcheck disable=SC2086
    fetch_or_fail $limit origin "$wanted" "+$base:refs/argosy/base" || continue
    for more in --deepen=20 --deepen=200 --deepen=2000 --unshallow; do
      ! reaches_base || return 0
      fetch_or_fail $more origin "$wanted" "+$base:refs/argosy/base" || return 0
    done
    return 0
  done <"$root/job/source/bases"
  printf 'checkout: this run has no base, or it is not there any more\n'
}

# The paths of a folder's submodules, one in a line. Such as git writes in quotation marks are nobody's.
submodules_of() {
  git -C "$1" -c core.quotePath=false ls-files --stage | sed -n 's/^160000 [^\t]*\t//p'
}

# The submodules of a folder; $2 is that folder as the repository has it, empty for the repository itself.
take_submodules() {
  local path paths
  paths=$(submodules_of "$1")
  [ -n "$paths" ] || return 0
  while IFS= read -r path; do
    take_submodule "$1" "$path" "$2$path"
    [ "$lfs" = 0 ] || take_lfs "$1/$path" "in submodule $2$path"
    [ "$submodules" != recursive ] || take_submodules "$1/$path" "$2$path/"
  done <<EOT
$paths
EOT
}

take_submodule() {
  local limit=--no-recommend-shallow
  [ "$depth" -eq 0 ] || limit=--depth=$depth
  # shellcheck disable=SC2086
  try -C "$1" submodule --quiet update --init --checkout $limit -- "$2" && return 0
  case $? in
    2) refused_at "submodule $3" "$(refused_address)" ;;
  esac
  case $complaint in
    *'Direct fetching of that commit failed'*)
      # A forge that does not hand out commits by their name: with all of the history it is there, or nowhere.
      try -C "$1/$2" fetch --quiet --unshallow origin
      try -C "$1" submodule --quiet update --init --checkout -- "$2" && return 0
      ;;
  esac
  case $complaint in
    *"' not allowed"*) fail "submodule $3: $(line_with "' not allowed"): give it an https:// or a relative address in .gitmodules" ;;
    *'Direct fetching of that commit failed'*) fail "submodule $3: its commit is not in its repository: push it there" ;;
    *'no submodule mapping'* | *'No url found for submodule'*) fail "submodule $3: .gitmodules has no address for it" ;;
  esac
  fail "submodule $3: git could not fetch it: $(line_with 'fatal: ')"
}

# What it is, and the address that does not let anybody in.
refused_at() {
  case $2 in
    "$origin"/* | git@* | ssh:*) refused "$1 ($2)" ;;
  esac
  fail "$1: $2 asks for a password, and no other host than the forge's is shown a token: only what is public can be fetched there"
}

refused_address() {
  printf '%s\n' "$complaint" | sed -n "s/^fatal: clone of '\(.*\)' into submodule path .*/\1/p" | head -n 1 | cut -c1-300
}

# The first line of git's complaint with a text in it, since the last one only says that all is lost.
line_with() {
  printf '%s\n' "$complaint" | grep -F -m 1 -e "$1" | sed 's/^fatal: //' | tr -d '\r' | cut -c1-300
}

# What LFS keeps of a folder's files; $2 says where they are.
take_lfs() {
  local store
  store=$(git -C "$1" ls-remote --get-url origin)
  store=${store%/}
  store=${store%.git}.git/info/lfs
  try -C "$1" -c "lfs.url=$store" lfs pull && return 0
  [ $? -ne 2 ] || refused_at "LFS $2" "$store"
  case $complaint in
    *'Repository or object not found'*) fail "LFS $2: nothing is at $store: LFS must be on at the forge, and the token allowed to read it" ;;
    *': [404] '* | *': [410] '*) fail "LFS $2: $store has not got $(line_with ': [4'): push it there with git lfs push --all" ;;
    *'is not a git command'*) fail "LFS $2: this checkout image has no git-lfs: build it from argosy's Dockerfile" ;;
  esac
  fail "LFS $2: $(last_line)"
}

# git trusts what an index says of a file only if that is older than the index by the second, and else reads the file, where in a job without
# LFS it would find something else than the pointer.
make_indexes_newer() {
  sleep 1
  find "$workspace/.git" -type f -name index -exec touch {} +
}

take_source() {
  local format=sha1 limit='' all_tags='' depth=1 tags=0 base=0 submodules=none lfs=0 wanted
  [ ! -f "$root/job/source/options" ] || read -r depth tags base submodules lfs <"$root/job/source/options"
  IFS= read -r url <"$root/job/source/url"
  IFS= read -r user <"$root/job/source/user"
  IFS= read -r sha <"$root/job/source/sha"
  IFS= read -r ref <"$root/job/source/ref"
  # A Secret made from a file often ends in a newline, which would end git's line early.
  token=$(printf '%s' "${ARGOSY_TOKEN:-}")
  export ARGOSY_TOKEN="$token" ARGOSY_USER="$user" ARGOSY_REFUSED="$root/refused"
  [ "$depth" -eq 0 ] || limit=--depth=$depth
  [ "$tags" = 0 ] || all_tags='+refs/tags/*:refs/tags/*'
  configure_git
  [ "${#sha}" -ne 64 ] || format=sha256
  complaint=$(git init --quiet --template= "--object-format=$format" "$workspace" 2>&1 &&
    git -C "$workspace" remote add origin "$url" 2>&1) || fail "git could not start in $workspace: $(last_line)"
  fetch_commit
  [ "$base" = 0 ] || fetch_base
  complaint=$(git -C "$workspace" checkout --quiet --force --detach "$sha" 2>&1) ||
    fail "git could not write the files of $sha: $(last_line): is the runner's disk large enough?"
  [ "$lfs" = 0 ] || take_lfs "$workspace" "of the repository"
  [ "$submodules" = none ] || take_submodules "$workspace" ''
  [ "$lfs" = 0 ] || make_indexes_newer
  printf 'checkout: %s at %s\n' "$url" "$sha"
}
