"""A language's reference as Markdown: a section for every mapping that it knows, with its keys and an example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.fields.objects import Key, Object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.fields.reading import Type


def sections(root: Object[Any], *, but: Object[Any] | None = None) -> str:
    """The sections in the order in which the keys lead to them, without those of `but`. Ends with a newline."""
    told = {id(part) for part in _objects(but)} if but is not None else set()
    return "\n".join(_section(part) for part in _objects(root) if id(part) not in told)


def _objects(root: Object[Any]) -> Iterator[Object[Any]]:
    """The object and those inside it, each once and after what it stands in; those without a title have no section."""
    seen: set[int] = set()
    waiting: list[Type[object]] = [root]
    while waiting:
        part = waiting.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Object) and part.title:
            yield part
        waiting = [*part.parts(), *waiting]


def _section(part: Object[Any]) -> str:
    lines = [f"## {part.title}", "", part.doc, "", "| key | value | default | |", "| --- | --- | --- | --- |"]
    lines += [_row(key) for key in part.keys]
    examples = [key.example for key in part.keys if key.example]
    lines += ["", "```yaml", *examples, "```", ""]
    if part.later:
        lines += [f"Not supported yet: {', '.join(f'`{name}`' for name in part.later)}.", ""]
    return "\n".join(lines)


def _row(key: Key[Any]) -> str:
    default = "**required**" if key.required else key.default
    kind = key.type
    label = f"[{kind.title}](#{_anchor(kind.title)})" if isinstance(kind, Object) and kind.title else kind.label
    cells = (f"`{key.name}`", label, default, key.doc)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _anchor(title: str) -> str:
    """What GitHub and Gitea make of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
