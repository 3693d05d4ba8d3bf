"""The forges: one contract, one module for each. `connect` gives the client of the forge that platform.yaml names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from generator.forges.forge import ForgeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.forges.forge import Forge
    from generator.platform import model

# The module and class of each kind in platform.yaml; a module is imported when a forge of its kind is asked for.
_CLIENTS = {
    "gitea": ("generator.forges.gitea", "Gitea"),
    "forgejo": ("generator.forges.gitea", "Gitea"),
    "github": ("generator.forges.github", "GitHub"),
    "gitlab": ("generator.forges.gitlab", "GitLab"),
}


def connect(forge: model.Forge, tokens: Sequence[str]) -> Forge:
    """The client of a forge of platform.yaml. Asks nothing yet; several threads may use it.

    `tokens` are one or, while they are rotated, two, the newer first. Raises ForgeError for a kind without a client.
    """
    if forge.kind not in _CLIENTS:
        raise ForgeError(f"forge {forge.id!r}: {forge.kind} is not supported yet", lasting=True)
    module, name = _CLIENTS[forge.kind]
    client: Forge = getattr(importlib.import_module(module), name)(forge.url, tokens)
    return client
