"""The page docs/reference/platform-yaml.md: `python -m generator.platform.reference` writes it to standard output."""

from __future__ import annotations

import sys

from generator.fields.reference import sections
from generator.platform.file import PLATFORM_FILE

_OPENING = """\
# platform.yaml

<!-- Made by `python -m generator.platform.reference` from the definitions of the keys. Change those, not this page. -->

One file in the operator's repository says what argosy is to be: which forges, whose repositories, on which machines,
with which secrets. `argosy init` writes a first one with comments, `argosy render` makes the Kubernetes and Argo Events
objects of it, and the expander and the reporter read the same file in the cluster.

It never holds a secret's value, only names of Secrets and keys in them; `argosy render` lists those that must exist,
and in which namespace.

```yaml
version: 1
images:
  argosy: registry.example/argosy@sha256:...
  checkout: registry.example/argosy-checkout@sha256:...
forges:
  work:
    kind: gitea
    url: https://git.example
    hook: {url: https://ci.example/work, secret: {name: forge-work, key: hook}}
    read: {token: {name: forge-work-read, key: token}}
    report: {token: {name: forge-work-report, key: token}}
    checkout: {token: {name: forge-work-checkout, key: token}, wide: true}
    repositories: ["acme/*", "!acme/attic-*"]
runners:
  small: {cpu: 500m, memory: 1Gi}
defaults: {runner: small, image: "debian:12"}
```

"""

_RULES = """\
## How the file is read

It is read as [ci.yaml](ci-yaml.md) is: YAML 1.2, strictly. An unknown key, a value that cannot be meant or a name
that is nowhere in the file is an error with its line and column, and then nothing is rendered. Globs are those of
ci.yaml: in a forge's own list over `owner/name`, elsewhere over `forge/owner/name`. A group inside a group is one
more segment, so that `group/**` is all of a GitLab group. Amounts are Kubernetes quantities (`500m`, `4Gi`, `1e9`).

## Rules across keys

What no single key can tell has a code of its own: a token that writes in two hands, two hooks with one address, what
weakens the platform and was not said aloud, names that are nowhere in the file.
[Diagnostics](diagnostics.md#platformyaml) has them all, with examples.

## Changing a secret

A hook's secret and each token may be two while both are valid, the newer first:

```yaml
read: {token: [{name: forge-work-read-2, key: token}, {name: forge-work-read, key: token}]}
```
"""


def page() -> str:
    """The whole page."""
    return f"{_OPENING}{sections(PLATFORM_FILE)}\n{_RULES}"


if __name__ == "__main__":
    sys.stdout.write(page())
