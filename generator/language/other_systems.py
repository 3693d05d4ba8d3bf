"""What people bring from other systems' files, key by key and word by word, and what to write for it here.

GitHub Actions, GitLab CI and Woodpecker above all, whose words docs/coming-from.md translates at length; a few of
CircleCI, Azure Pipelines, Buildkite and Drone. A word that is near one of ours (`allow_failure`) needs no entry.
"""

from __future__ import annotations

_NO_ACTIONS = "there are no actions: write a script in run, and the image that has what it needs"
_NO_PLUGINS = "there are no plugins: write a script in run, and the image that has what it needs"
_PLATFORMS_RUNNERS = "runners are the platform's; write runner"
_OF_THE_IMAGE = "the image's own program is started; give it arguments by args"
_RULES = "write if, like branch == 'main', or on for the events"
_NO_TOKEN = "a job gets no token of the forge; give it one under secrets"  # noqa: S105  (no secret, but what to do)
_CANCEL = "write concurrency at the top of the file, with cancel-in-progress: true"

FILE = {
    "name": "a file has no name",
    "run-name": "a run has no name of its own",
    "permissions": _NO_TOKEN,
    "variables": "write env",
    "environment": "write env",
    "stages": "order comes from the jobs' needs",
    "workflow": "write on for the events, concurrency for what is cancelled",
    "default": "write defaults",
    **dict.fromkeys(("image", "runner", "timeout", "retry", "shell"), "write it under defaults"),
    **dict.fromkeys(
        ("runs-on", "tags", "labels", "platform", "pool", "agent", "agents"), "write runner under defaults"
    ),
    "before_script": "let the jobs extend a template, or share a list of steps by an anchor",
    "after_script": "write a step with when: always in each job",
    "script": "scripts belong to a job, under jobs",
    "commands": "scripts belong to a job, under jobs",
    "steps": "steps belong to a job, under jobs",
    "pipeline": "steps belong to a job, under jobs",
    **dict.fromkeys(("services", "matrix", "cache", "secrets"), "it belongs to a job or a template that jobs extend"),
    **dict.fromkeys(("when", "triggers", "trigger", "trigger_rules", "pr"), "write on"),
    **dict.fromkeys(("clone", "skip_clone"), "write checkout in a job, or under defaults"),
    **dict.fromkeys(("depends_on", "needs"), "write needs in a job"),
    "version": "there is one version of the language",
    "orbs": "there are no orbs: write templates, and scripts in images",
    "workflows": "write the jobs under jobs, and their order by needs",
}

JOB = {
    "uses": "files call no other files: write templates, and include for those of the same commit",
    "with": "a template takes no values; a job that extends it can set what differs",
    "runs-on": "write runner",
    "container": "write image",
    "strategy": "write matrix",
    "parallel": "write matrix",
    "permissions": _NO_TOKEN,
    "defaults": "write it at the top of the file",
    "continue-on-error": "write allow-failure",
    "failure": "write allow-failure",
    "soft_fail": "write allow-failure",
    **dict.fromkeys(("script", "scripts", "command", "commands", "cmd", "bash"), "write run"),
    "before_script": "write its lines at the beginning of run, or as a step",
    "after_script": "write a step with when: always",
    **dict.fromkeys(("depends_on", "depends-on", "dependsOn", "requires"), "write needs"),
    "dependencies": "write download, and needs for the order",
    "stage": "order comes from needs",
    "group": "order comes from needs",
    **dict.fromkeys(("rules", "only", "except", "condition", "filters", "branches"), _RULES),
    "interruptible": _CANCEL,
    "concurrency": "write it at the top of the file; for one job write lock",
    "resource_group": "write lock",
    "variables": "write env",
    "environment": "write env for variables, approval for what somebody has to confirm",
    **dict.fromkeys(("trigger", "release", "pages", "coverage", "deploy"), "do it in a script"),
    "id_tokens": "give the job a secret",
    "start_in": "write on.schedule",
    "inherit": "what the job says itself takes the place of a default",
    "timeout-minutes": "write timeout, like 30m",
    "timeout_in_minutes": "write timeout, like 30m",
    "timeoutInMinutes": "write timeout, like 30m",
    "name": "the key is the job's name",
    "displayName": "the key is the job's name",
    "key": "the key is the job's name",
    "shell": "write it in a step, or under defaults",
    "working-directory": "write it in a step",
    "working_directory": "write working-directory in a step",
    "directory": "write working-directory in a step",
    **dict.fromkeys(("settings", "plugin", "plugins"), _NO_PLUGINS),
    "detach": "write services",
    "entrypoint": "write shell in a step",
    **dict.fromkeys(("tags", "labels", "platform", "pool", "agents", "vmImage"), "write runner"),
    "docker": "write image",
    "executor": "write image, and runner",
    "resource_class": "write runner",
    "resources": _PLATFORMS_RUNNERS,
    **dict.fromkeys(("port", "ports"), "a port is a service's: write it there"),
    "privileged": "runners are the platform's; there is no key for privileges",
    "volumes": "runners are the platform's; there is no key for volumes",
    **dict.fromkeys(
        ("serviceAccountName", "service_account"), "runners are the platform's; there is no key for service accounts"
    ),
    "user": "the image says which user runs the steps",
    "pull": "name the image by its digest, or by a tag that stays",
    **dict.fromkeys(("clone", "skip_clone"), "write checkout"),
}

_IMAGE = "there are no actions: write the image that has it, like image: {}, in the job"
# What stands under a word decides what to write instead of it.
STEP_VALUES = {
    "uses": {
        "actions/checkout": "the run's commit is there before the first step: leave this step out",
        "actions/cache": "there are no actions: write cache in the job",
        "actions/upload-artifact": "there are no actions: write artifacts in the job",
        "actions/download-artifact": "there are no actions: write download in the job",
        "actions/setup-node": _IMAGE.format('"node:24"'),
        "actions/setup-python": _IMAGE.format('"python:3.13"'),
        "actions/setup-go": _IMAGE.format('"golang:1.26"'),
        "actions/setup-java": _IMAGE.format('"eclipse-temurin:25"'),
        "actions/setup-dotnet": _IMAGE.format('"mcr.microsoft.com/dotnet/sdk:10.0"'),
    }
}
# Told with the other word, where both stand there.
TOGETHER = {"with": "uses"}

STEP = {
    "uses": _NO_ACTIONS,
    "with": _NO_ACTIONS,
    **dict.fromkeys(("settings", "plugin", "plugins"), _NO_PLUGINS),
    "id": "a step has no id; variables for later steps are lines in $CI_ENV",
    **dict.fromkeys(("script", "commands", "command", "cmd", "bash"), "write run"),
    "checkout": "the commit is there already; a job has checkout",
    "image": "an image belongs to a job; make this step a job of its own",
    "secrets": "secrets belong to a job",
    "services": "services belong to a job",
    "matrix": "a matrix belongs to a job",
    "artifacts": "artifacts belong to a job",
    "cache": "a cache belongs to a job",
    "outputs": "outputs belong to a job; a step writes NAME=value to $CI_OUTPUT",
    "runner": "a runner belongs to a job",
    "lock": "a lock belongs to a job",
    "retry": "a job is tried again as a whole; write retry there",
    **dict.fromkeys(("allow-failure", "allow_failure", "failure"), "write continue-on-error: true"),
    **dict.fromkeys(("needs", "depends_on", "dependsOn"), "steps run one after the other; a job has needs"),
    "timeout-minutes": "write timeout, like 10m",
    "timeoutInMinutes": "write timeout, like 10m",
    "directory": "write working-directory",
    "displayName": "write name",
    "condition": "write if",
    **dict.fromkeys(("environment", "variables"), "write env"),
    "entrypoint": "write shell",
    "detach": "end the script's line with '&': it is there for later steps; or write services in the job",
}

SERVICE = {
    **dict.fromkeys(("command", "commands", "entrypoint"), _OF_THE_IMAGE),
    **dict.fromkeys(("environment", "variables"), "write env"),
    "options": "write ready for a health check, args for arguments",
    "healthcheck": "write ready, which is a command or {http: /path}",
    "name": "the key is the service's name",
    **dict.fromkeys(("volumes", "tmpfs"), "a service has no volumes"),
    "secrets": "secrets belong to the job; give a service for tests a password by env",
    "credentials": "the platform has those of registries",
}

DEFAULTS = {
    "run": "write shell here, and working-directory in a step",
    "env": "write it at the top of the file",
    **dict.fromkeys(("before_script", "after_script"), "let the jobs extend a template"),
    **dict.fromkeys(("services", "cache", "secrets"), "let the jobs extend a template"),
    "tags": "write runner",
}

_TAG = "write push: {tags: ['*']}"
_ONE_FILE = "jobs of one file wait for each other by needs; files of the same commit share by include"
EVENTS = {
    "workflow_dispatch": "write manual",
    "repository_dispatch": "write manual, and start it by argosy run",
    "web": "write manual",
    "api": "write manual, and start it by argosy run",
    "workflow_call": _ONE_FILE,
    "workflow_run": _ONE_FILE,
    "merge_group": 'write push: {branches: ["gh-readonly-queue/**"]}, which is where the queue pushes to',
    "release": _TAG,
    "tag": _TAG,
    "tags": _TAG,
    "create": "write push",
    "branches": "write push: {branches: [main]}",
    "paths": "write it under push and pull_request",
    "merge_request": "write pull_request",
    "merge_requests": "write pull_request",
    "pull_request_target": "write pull_request; the platform decides what strangers' changes may do",
    "pull_request_closed": "write pull_request: {types: [closed]}",
    "cron": 'write schedule: {cron: "0 3 * * *"}',
    "deployment": "write manual",
    **dict.fromkeys(
        ("issues", "issue_comment", "pull_request_review", "discussion"), "runs are of commits; write pull_request"
    ),
}

NO_IGNORE = {
    "branches-ignore": "write branches: ['!name']",
    "tags-ignore": "write tags: ['!name']",
    "paths-ignore": "write paths: ['!docs/**']",
    "branch": "write branches",
    "tag": "write tags",
    "path": "write paths",
}

SCHEDULE = {
    "tz": "write timezone",
    **dict.fromkeys(("branch", "branches"), "a schedule is of the default branch"),
}

TYPES = {
    "edited": "write retargeted for another target; a title or a text starts nothing",
    "update": "write synchronize",
    "synchronized": "write synchronize",
    "merged": "write closed",
}

WHEN = {
    "on_success": "write success",
    "on_failure": "write failure",
    "manual": "write approval, and the run waits at this job; or on: {manual: {}} for a run of its own",
    "delayed": "write on.schedule",
    "never": "write if: false",
}
STEP_WHEN = {name: hint for name, hint in WHEN.items() if name not in ("manual", "delayed")}

RETRY = {
    "max": "write limit",
    "attempts": "write limit: further attempts, not all of them",
    "when": "write on: infrastructure, failure or always",
    "automatic": "write limit, and on",
}

INPUT_TYPES = {
    "number": "write string, which may hold one",
    "environment": "write choice, with the environments for options",
}
