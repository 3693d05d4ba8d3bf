"""Files of a language in all their variety: YAML text along the language's own keys, right and slightly wrong."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from generator.document import Mapping, Node, Scalar, parse
from generator.fields import Either, ListOf, MapOf, Object, Reading

# Scalars whose text and value differ, and what this or that key takes.
_SCALARS = (
    *("a", "b", "lint", "main", "1", "1.0", "1.10", "0x1F", "0o7", "007", "1e3", ".inf", ".NaN", "-1", "true", "True"),
    *("false", "~", "null", "''", '""', "'a b'", "CI_A", "MATRIX_A", "A", "all", "'**'", "'!a'", "'/a/'", "'[a'"),
    *("push", "pull_request", "opened", "closed", "UTC", "Europe/Berlin", "Berlin", "90s", "0s", "1h30m", "30", "48h"),
    *(
        "'0 3 * * *'",
        "'0 3 * *'",
        "'@daily'",
        "debian:12",
        "x:y@z",
        '"\\n"',
        '"a\\u2028b"',
        '"a\\u0085b"',
        "'${{ x }}'",
    ),
    *("500m", "1Gi", "64Ki", "acme/*", "work/acme/*", "-next", "work-next", "x-untrusted", "Exists", "Equal", "gitea"),
    *("https://git.example", "'https://argo.example/{namespace}/{name}'", "nvidia.com/gpu", "2000", "2001", "1025"),
)
_STRANGE = ("steep", "matrix", "x-free", "name", "image")


def text_of(kind: Any) -> st.SearchStrategy[str]:
    """Flow-style YAML for a type, its keys' examples among it."""
    return _of(kind, ())


def _of(kind: Any, examples: tuple[str, ...]) -> st.SearchStrategy[str]:
    usual = [st.sampled_from(examples)] * 2 if examples else []
    # Now and then something that no type asked for.
    return st.integers(0, 29).flatmap(
        lambda luck: st.sampled_from(_SCALARS) if luck == 23 else st.one_of(*usual, _shape(kind, examples))
    )


def _shape(kind: Any, examples: tuple[str, ...]) -> st.SearchStrategy[str]:
    if isinstance(kind, Object):
        return _object(kind)
    if isinstance(kind, ListOf):
        item = _of(kind.item, ())
        return st.lists(item, max_size=3).map(lambda items: f"[{', '.join(items)}]") | item
    if isinstance(kind, MapOf):
        entries = st.dictionaries(_scalar(kind.name, ()), _of(kind.value, ()), min_size=kind.minimum, max_size=2)
        return entries.map(lambda found: _mapping(dict(found)))
    if isinstance(kind, Either):
        return st.one_of([_shape(part, examples) for part in kind.parts()])
    parts = kind.parts()
    return _shape(parts[0], examples) if parts else _scalar(kind, examples)


def _scalar(kind: Any, examples: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Mostly what the type takes."""
    right = [text for text in (*examples, *_SCALARS) if _takes(kind, text)]
    return st.sampled_from((*right * 30, *_SCALARS)) if right else st.sampled_from(_SCALARS)


def _takes(kind: Any, text: str) -> bool:
    node, _ = parse(text, "f")
    reading = Reading()
    return node is not None and kind.read(node, reading) is not None and not reading.found()


@st.composite
def _object(draw: st.DrawFn, kind: Object[Any]) -> str:
    chosen = [key for key in kind.keys if draw(st.integers(0, 99)) < (98 if key.required else 30)]
    entries = {key.name: draw(_of(key.type, _example(key))) for key in chosen}
    if draw(st.integers(0, 29)) == 23:
        entries[draw(st.sampled_from(_STRANGE))] = draw(st.sampled_from(_SCALARS))
    return _mapping(entries)


def _example(key: Any) -> tuple[str, ...]:
    """The key's example, where it fits on its line."""
    return () if "\n" in key.example else (key.example.partition(":")[2].strip(),)


def _mapping(entries: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in entries.items()) + "}"


def node_of(text: str) -> Node | None:
    """The text's tree, None where it is not YAML after all."""
    node, found = parse(text, "f")
    return None if found or _has_nul(node) else node


def _has_nul(node: Node | None) -> bool:
    if isinstance(node, Mapping):
        return any(_has_nul(entry.value) for entry in node.entries)
    return isinstance(node, Scalar) and "\0" in node.text
