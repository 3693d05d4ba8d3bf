"""Which kind a plain scalar has: YAML 1.2's core schema, where `yes` and `on` are texts and `0123` is a number."""

from __future__ import annotations

import re

from generator.document.nodes import Kind

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def kind_of(text: str) -> Kind:
    """The kind of a plain scalar in the core schema."""
    if text in _NULL:
        return Kind.NULL
    if text in _BOOL:
        return Kind.BOOL
    if _INT.fullmatch(text):
        return Kind.INT
    return Kind.FLOAT if _FLOAT.fullmatch(text) else Kind.STR
