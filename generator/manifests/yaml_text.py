"""Objects as YAML, the same bytes for the same objects: keys in the order given, long texts as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.manifests.objects import Object

HEADER = "# Written by `argosy render` from platform.yaml: change that file, not this one, and render again.\n"
NEVER_FOLD = 1 << 30
# What YAML 1.1 takes for the end of a line, so that only an escape keeps it.
_OTHER_BREAKS = frozenset("\r\x85\u2028\u2029\ufeff")


class _Dumper(yaml.SafeDumper):
    """PyYAML's, with sequences indented below their key and without anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  (PyYAML's signature)
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = '"' if _OTHER_BREAKS & set(value) else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(objects: Iterable[Object]) -> bytes:
    """A file of these objects, one document each, below the header that marks it as ours."""
    documents = (
        yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=NEVER_FOLD) for value in objects
    )
    return (HEADER + "---\n".join(documents)).encode()
