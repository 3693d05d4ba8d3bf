"""Which table a kind of forge has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events import gitea, github, gitlab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.events.table import Table

# By the `kind` of a forge in platform.yaml.
TABLES: Mapping[str, Table] = {
    "gitea": gitea.TABLE,
    "forgejo": gitea.TABLE,
    "github": github.TABLE,
    "gitlab": gitlab.TABLE,
}
