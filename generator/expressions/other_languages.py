"""What people bring from the expressions of other systems and languages, and how it is said here.

A name, a function or a sign that CEL does not know goes in, the hint for it comes out, empty for one that nobody is
known to bring.
"""

from __future__ import annotations

_IN_SCRIPTS = "variables are there when the job runs: use it in a script"
_LATE = "what depends on how others end is said by 'when: failure' or 'when: always', beside the 'if'"
_STRAIGHT = "quotes are straight ones: 'main'"
_NAMES = {
    "github": "write event, ref, branch, tag, sha, actor, repository or pull_request",
    "secrets": "list it under secrets; the job's scripts have it as a variable",
    "env": _IN_SCRIPTS,
    "vars": "write the value under env",
    "steps": "variables for later steps are lines in $CI_ENV, what other jobs are given is written to $CI_OUTPUT",
    "job": "steps with 'when: always' have $CI_STATUS",
    "runner": "a job's runner is the platform's: its scripts can ask it",
    "strategy": "scripts have $CI_MATRIX_INDEX and $CI_MATRIX_TOTAL",
}
_OF_GITHUB = {
    "event_name": "write event",
    "ref": "write ref",
    "ref_name": "write branch or tag",
    "ref_type": "write event == 'tag'",
    "head_ref": "write pull_request.head",
    "base_ref": "write pull_request.base",
    "sha": "write sha",
    "actor": "write actor",
    "triggering_actor": "write actor",
    "repository": "write repository",
    "run_id": "scripts have $CI_RUN",
    "token": "a job gets no token of the forge; give it one as a secret",
}
_SYNONYMS = {"gitea": "github", "forgejo": "github", "forge": "github", "gitlab": "github"}
# What jobs have as variables, here and elsewhere.
_VARIABLES = {
    **{f"CI_{name.upper()}": name for name in ("event", "sha", "ref", "branch", "tag", "actor", "repository")},
    "CI_DEFAULT_BRANCH": "default_branch",
    "CI_SCHEDULE": "schedule",
    "CI_PULL_REQUEST": "pull_request.number",
    "CI_COMMIT_BRANCH": "branch",
    "CI_COMMIT_TAG": "tag",
    "CI_COMMIT_SHA": "sha",
    "CI_COMMIT_REF_NAME": "branch or tag",
    "CI_PIPELINE_SOURCE": "event",
    "CI_PIPELINE_EVENT": "event",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "pull_request.base",
    "GITHUB_REF": "ref",
    "GITHUB_REF_NAME": "branch or tag",
    "GITHUB_SHA": "sha",
    "GITHUB_EVENT_NAME": "event",
}
_FUNCTIONS = {
    **dict.fromkeys(("always", "failure", "success", "cancelled"), _LATE),
    "hashFiles": "write hash('go.sum')",
    "format": "write 'a ' + branch",
    **dict.fromkeys(
        ("fromJSON", "fromJson"), "values of the tree are an axis' of a matrix: {file: ci/versions.json}, a JSON list"
    ),
    **dict.fromkeys(("toJSON", "toJson"), "do it in a script"),
}
_EVENTS = {
    **dict.fromkeys(
        ("merge_request", "merge_request_event", "pull_request_target", "pull-request"), "write 'pull_request'"
    ),
    **dict.fromkeys(("workflow_dispatch", "repository_dispatch", "web", "api"), "write 'manual'"),
    "cron": "write 'schedule'",
    "release": "write 'tag'",
    "pull_request_closed": "write pull_request.action == 'closed'",
}
_SIGNS = {
    "=": "write == to compare",
    **dict.fromkeys(("and", "AND", "&"), "write &&"),
    **dict.fromkeys(("or", "OR", "|"), "write ||"),
    **dict.fromkeys(("not", "NOT"), "write !"),
    **dict.fromkeys(("True", "TRUE", "yes", "on"), "write true"),
    **dict.fromkeys(("False", "FALSE", "no", "off"), "write false"),
    "$": "a shell's variables are nothing here; write branch for $CI_BRANCH, tag for $CI_TAG and so on",
    "~": "write branch.matches('^release/')",
    "/": "a regular expression is a text: branch.matches('^release/')",
    **dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", _STRAIGHT),
    **dict.fromkeys("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}", _STRAIGHT),
}


def name_hint(name: str) -> str:
    """What to write for an unknown name, members included: `github.event_name`."""
    first, _, rest = name.partition(".")
    group = _SYNONYMS.get(first, first)
    members = rest.split(".")
    if group == "github" and members[0] in _OF_GITHUB:
        return _OF_GITHUB[members[0]]
    if group == "github" and members[:2] == ["event", "pull_request"]:
        return "write pull_request.draft, pull_request.labels and so on"
    if group == "github" and members[:2] == ["event", "inputs"]:
        return "write inputs.name"
    return _NAMES.get(group) or _SIGNS.get(first) or _of_variable(first)


def _of_variable(name: str) -> str:
    prefix, _, rest = name.partition("_")
    if rest and prefix in ("MATRIX", "INPUT"):
        return f"write {'inputs' if prefix == 'INPUT' else 'matrix'}.{rest.lower()}"
    return f"write {_VARIABLES[name]}" if name in _VARIABLES else ""


def function_hint(name: str) -> str:
    """What to write for an unknown function."""
    return _FUNCTIONS.get(name, "")


def event_hint(kind: str) -> str:
    """What to write for another system's event."""
    return _EVENTS.get(kind, "")


def sign_hint(text: str, behind: str = "") -> str:
    """What to write for a sign or word that cannot stand where it does; `behind` is what follows it."""
    if text == "$" and _of_variable(behind):
        return f"{_of_variable(behind)}: a shell's variables are nothing here"
    return _SIGNS["~"] if (text, behind) == ("=", "~") else _SIGNS.get(text, "")
