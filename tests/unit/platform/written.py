"""platform.yaml files, right and wrong, with what is told about them."""

from __future__ import annotations

import dataclasses

SMALLEST = """\
version: 1
images: {argosy: localhost/argosy, checkout: localhost/checkout}
forges:
  work:
    kind: gitea
    url: https://git.example
    hook: {url: https://ci.example/work, secret: {name: forge-work, key: hook}}
    read: {token: {name: forge-work-read, key: token}}
    report: {token: {name: forge-work-report, key: token}}
    repositories: ["acme/*"]
runners:
  small: {cpu: 500m, memory: 1Gi}
defaults: {runner: small, image: "debian:12"}
"""

WHOLE = """\
version: 1
images: {argosy: "registry.example/argosy@sha256:0a", checkout: "registry.example/checkout@sha256:0b"}
forges:
  work:
    kind: gitea
    url: https://git.example
    hook:
      url: https://ci.example/work
      secret: [{name: forge-work-new, key: hook}, {name: forge-work, key: hook}]
    read: {token: {name: forge-work-read, key: token}}
    report: {token: {name: forge-work-report, key: token}}
    checkout: {token: {name: forge-work-checkout, key: token}, wide: true}
    repositories: ["acme/*", "!acme/attic-*"]
    shards: 1
  lab:
    kind: gitlab
    url: https://gitlab.example
    hook: {url: https://ci.example/lab, secret: {name: forge-lab, key: hook}}
    accept-weak-verification: true
    read: {token: {name: forge-lab-read, key: token}}
    report: {token: {name: forge-lab-report, key: token}}
    repositories: ["group/**"]
tenants:
  web: {repositories: work/acme/web-*, quota: {cpu: 64, memory: 256Gi, pods: 200}, runs: 20}
  ml: {repositories: ["{work,lab}/**"]}
runners:
  small: {cpu: 500m, memory: 1Gi}
  gpu:
    cpu: 8
    memory: 32Gi
    ephemeral-storage: 50Gi
    gpu: {nvidia.com/gpu: 1}
    nodes: {pool: ci, node.example/kind: "true"}
    tolerations: [{key: ci, operator: Exists}, {key: dedicated, value: ml, effect: NoSchedule}]
    tenants: ml
    tiers: [trusted, protected]
defaults: {runner: small, image: "debian:12", timeout: 1h30m}
secrets:
  NPM_TOKEN: {from: {name: shared-npm, key: token}, repositories: [work/acme/web-*], on: [tag, "push:release/*"]}
limits: {tasks: 500, timeout: 6h, script: 32Ki}
report: {jobs: none, link: "https://argo.example/workflows/{namespace}/{name}"}
registry-credentials: registry-pull
artifacts: {repository: {config-map: artifact-repositories, key: ci}, keep: 30d}
argo: {instance-id: argosy}
paused: true
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """A file and the headlines of what is told about it."""

    name: str
    text: str
    headlines: tuple[str, ...]


def _changed(name: str, old: str, new: str, *told: str, base: str = SMALLEST, severity: str = "error") -> Wrong:
    if old not in base:
        raise ValueError(f"{name}: {old!r} is not in the file")
    lines = [
        f"platform.yaml:{place}: {severity}: {message}" for place, _, message in (line.partition(" ") for line in told)
    ]
    return Wrong(name, base.replace(old, new, 1), tuple(lines))


_SECOND = SMALLEST + "tenants: {web: {repositories: [work/acme/web-*]}}\n"

ERRORS = (
    _changed(
        "unknown key",
        "version: 1\n",
        "version: 1\nrunnres: 1\n",
        "2:1 unknown key 'runnres' in a platform.yaml [unknown-key]",
    ),
    _changed("missing key", "version: 1\n", "", "1:1 a platform.yaml needs 'version' [missing-key]"),
    _changed("other version", "version: 1", "version: 2", "1:10 2 is not from 1 to 1 [bad-value]"),
    _changed(
        "no forge",
        SMALLEST[SMALLEST.index("  work:") : SMALLEST.index("runners")],
        "",
        "3:1 'forges' is empty [empty-value]",
    ),
    _changed("forge id", "  work:", "  Work:", "4:3 'Work' is not a forge's id [bad-name]"),
    _changed(
        "forge id that render makes",
        "  work:",
        "  work-next:",
        "4:3 'work-next' ends in -next, which argosy itself puts behind names [bad-name]",
    ),
    _changed(
        "no hook secret", ", secret: {name: forge-work, key: hook}", "", "7:5 a hook needs 'secret' [missing-key]"
    ),
    _changed(
        "a secret's value",
        "key: hook",
        "value: abc",
        "7:69 unknown key 'value' in a reference to a Secret [unknown-key]",
    ),
    _changed(
        "three secrets",
        "{name: forge-work, key: hook}",
        "[{name: a, key: a}, {name: b, key: b}, {name: c, key: c}]",
        "7:50 3 Secrets at once; while one takes another's place there are two [bad-value]",
    ),
    _changed(
        "one Secret for read and report",
        "forge-work-report",
        "forge-work-read",
        "9:5 report and read of forge 'work' name one Secret, 'forge-work-read' [shared-secret]",
    ),
    _changed(
        "one Secret for checkout and report",
        "    repositories:",
        "    checkout: {token: {name: forge-work-report, key: other}, wide: true}\n    repositories:",
        "9:5 report and checkout of forge 'work' name one Secret, 'forge-work-report' [shared-secret]",
    ),
    _changed(
        "one hook address for two forges",
        "https://ci.example/lab",
        "https://ci.example/work/",
        "18:17 forges 'work' and 'lab' have one hook address [shared-hook]",
        base=WHOLE,
    ),
    _changed(
        "weak verification",
        "    accept-weak-verification: true\n",
        "",
        "16:11 gitlab does not sign its webhooks: whoever sees its token can send any [weak-verification]",
        base=WHOLE,
    ),
    _changed(
        "wide token",
        ", wide: true",
        "",
        "12:5 the checkout token of forge 'work' reads every repository that its user sees [wide-token]",
        base=WHOLE,
    ),
    _changed(
        "address", "url: https://git.example", "url: git.example", "6:10 'git.example' is not an address [bad-value]"
    ),
    _changed(
        "address with a password",
        "url: https://git.example",
        "url: https://me:pw@git.example",
        "6:10 'https://me:pw@git.example' is not an address [bad-value]",
    ),
    _changed(
        "port",
        "url: https://git.example",
        "url: https://git.example:x",
        "6:10 'https://git.example:x' is not an address: Port could not be cast to integer value as 'x' [bad-value]",
    ),
    _changed(
        "glob without owner",
        "acme/*",
        "acme",
        "10:20 'acme' matches no repository, whose names are owner/name [bad-glob]",
    ),
    _changed("broken glob", "acme/*", "acme/[", "10:20 'acme/[' is not a glob: a '[' without its ']' [bad-glob]"),
    _changed("processor time", "cpu: 500m", "cpu: 500Mb", "12:16 '500Mb' is not a number of cores [bad-quantity]"),
    _changed(
        "processor time in bytes",
        "cpu: 500m",
        "cpu: 4Gi",
        "12:16 '4Gi' is too much for a number of cores [bad-quantity]",
    ),
    _changed(
        "four bytes of memory",
        "memory: 1Gi",
        "memory: 4",
        "12:30 '4' is too little for an amount of memory [bad-quantity]",
    ),
    _changed(
        "half a byte of memory",
        "memory: 1Gi",
        "memory: 500m",
        "12:30 '500m' is too little for an amount of memory [bad-quantity]",
    ),
    _changed("no memory", ", memory: 1Gi", "", "12:3 a runner needs 'memory' [missing-key]"),
    _changed("default runner", "runner: small", "runner: smal", "13:20 unknown runner 'smal' [unknown-runner]"),
    _changed("duration", '"debian:12"', '"debian:12", timeout: 1 hour', "13:56 '1 hour' is not a duration [bad-value]"),
    _changed(
        "runner's tenant",
        "memory: 1Gi",
        "memory: 1Gi, tenants: [wbe]",
        "12:45 unknown tenant 'wbe' [unknown-tenant]",
        base=_SECOND,
    ),
    _changed(
        "toleration with a value for nothing",
        "memory: 1Gi",
        "memory: 1Gi, tolerations: [{key: ci, operator: Exists, value: x}]",
        "12:84 'operator: Exists' compares no value [bad-value]",
    ),
    _changed(
        "toleration of everything",
        "memory: 1Gi",
        "memory: 1Gi, tolerations: [{value: x}]",
        "12:49 a toleration needs 'key', or 'operator: Exists' for every taint [missing-key]",
    ),
    _changed(
        "tenant's id",
        "web: {",
        "web-untrusted: {",
        "14:11 'web-untrusted' ends in -untrusted, which argosy itself puts behind names [bad-name]",
        base=_SECOND,
    ),
    _changed(
        "tenant's long id",
        "web: {",
        "w" * 41 + ": {",
        f"14:11 '{'w' * 41}' is not a tenant's id [bad-name]",
        base=_SECOND,
    ),
    _changed(
        "tenant's forge",
        "work/acme/web-*",
        "acme/web-*",
        "14:32 unknown forge 'acme': here a repository is forge/owner/name [unknown-forge]",
        base=_SECOND,
    ),
    _changed(
        "secret's event",
        "defaults:",
        "secrets: {A: {from: {name: a, key: a}, repositories: ['work/**'], on: [tags]}}\ndefaults:",
        "13:72 unknown event 'tags' [bad-value]",
    ),
    _changed(
        "a tag's glob",
        "defaults:",
        "secrets: {A: {from: {name: a, key: a}, repositories: ['work/**'], on: ['tag:v*']}}\ndefaults:",
        "13:72 'tag' takes no glob [bad-value]",
    ),
    _changed(
        "a limit above the language's",
        "defaults:",
        "limits: {timeout: 48h}\ndefaults:",
        "13:19 timeout is above the language's own limit, 24h [bad-value]",
    ),
    _changed(
        "a link that cannot be found again",
        "defaults:",
        "report: {link: 'https://argo.example/{name}/logs'}\ndefaults:",
        "13:16 the link must end in /{name}, by which a run is found again [bad-value]",
    ),
    _changed(
        "a link with something else in it",
        "defaults:",
        "report: {link: 'https://argo.example/{cluster}/{name}'}\ndefaults:",
        "13:16 '{cluster}' is nothing that a link can hold [bad-value]",
    ),
    _changed(
        "artifacts nowhere",
        "defaults:",
        "artifacts: {keep: 14d}\ndefaults:",
        "13:1 artifacts needs 'repository' [missing-key]",
    ),
    _changed(
        "a bucket in platform.yaml",
        "defaults:",
        "artifacts: {repository: {config-map: ci, key: ci, bucket: ci}}\ndefaults:",
        "13:51 unknown key 'bucket' in a reference to an artifact repository [unknown-key]",
    ),
    _changed(
        "artifacts for hours",
        "defaults:",
        "artifacts: {repository: {config-map: ci, key: ci}, keep: 12h}\ndefaults:",
        "13:58 '12h' is not a number of days [bad-value]",
    ),
    _changed(
        "paused",
        "defaults:",
        "paused: maybe\ndefaults:",
        "13:9 'paused' must be true or false, not 'maybe' [wrong-type]",
    ),
)

WARNINGS = (
    _changed(
        "image by tag",
        "localhost/argosy",
        "registry.example/argosy:1",
        "2:18 'registry.example/argosy:1' is named by a tag, which may mean another image tomorrow [image-by-tag]",
        severity="warning",
    ),
    _changed(
        "nothing to accept",
        "    kind: gitea\n",
        "    kind: gitea\n    accept-weak-verification: true\n",
        "6:31 gitea signs its webhooks; there is nothing to accept [needless]",
        severity="warning",
    ),
)

LATER = {
    "untrusted": SMALLEST + "untrusted: {run: always}\n",
    "images-allowed": SMALLEST + "images-allowed: []\n",
    "forges.app": SMALLEST.replace("    kind: gitea", "    app: {id: 1}\n    kind: gitea"),
    "forges.kind": SMALLEST.replace("kind: gitea", "kind: bitbucket-server"),
    "forges.shards": SMALLEST.replace("    kind: gitea", "    shards: 2\n    kind: gitea"),
    "runners.privileged": SMALLEST.replace("memory: 1Gi", "memory: 1Gi, privileged: true"),
}
