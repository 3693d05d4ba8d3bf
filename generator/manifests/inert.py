"""Texts that stand plainly in a manifest and still reach their container as they were written.

Argo replaces what stands in `{{ }}` anywhere in a Workflow and in a pod, and has no escape for it; Kubernetes replaces
`$(NAME)` in variables, arguments and probes, and has one. Kubernetes comes last: so the escape for Argo is a `$(NAME)`
that stands for a brace (docs/decisions/0028-services-are-native-sidecars.md).
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.manifests.objects import Object

_BRACE = "ARGOSY_BRACE"
_SECOND_BRACE = re.compile(r"(?<=\{)\{")


@dataclasses.dataclass(frozen=True, slots=True)
class Inert:
    """How the texts of one container are written.

    `brace` is the variable that stands for a brace, empty where none is needed.
    """

    brace: str

    def text(self, text: str) -> str:
        """What to write for the text, which is one of those that this was made for."""
        doubled = text.replace("$", "$$")
        return _SECOND_BRACE.sub(f"$({self.brace})", doubled) if self.brace else doubled

    def variables(self) -> list[Object]:
        """What comes before all other variables of the container: Kubernetes knows those of before alone."""
        return [{"name": self.brace, "value": "{"}] if self.brace else []


def inert(texts: Iterable[str], names: Iterable[str]) -> Inert:
    """For a container with these texts and with variables of these names."""
    return Inert(_free_name(names) if any("{{" in text for text in texts) else "")


def _free_name(taken: Iterable[str]) -> str:
    names = set(taken)
    name = _BRACE
    while name in names:
        name += "_"
    return name
