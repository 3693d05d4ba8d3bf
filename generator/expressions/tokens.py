"""CEL's text as words and signs, each with its offsets: enough to find where an expression ends and what stands where.

What is an expression is not decided here. Strings are told as CEL tells them
(https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax), for a `}}` inside one closes nothing.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TokenKind(enum.Enum):
    """`UNCLOSED` is a quote without its partner, `COMMENT` the two slashes of one."""

    NAME = enum.auto()
    STRING = enum.auto()
    NUMBER = enum.auto()
    SIGN = enum.auto()
    UNCLOSED = enum.auto()
    COMMENT = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """`text` is `source[start:end]`."""

    kind: TokenKind
    text: str
    start: int
    end: int


_PATTERN = re.compile(
    r"""
      (?P<space>[ \t\n\f\r]+)
    | (?P<STRING>
          [bB]?[rR](?:\"\"\".*?\"\"\"|'''.*?'''|"[^"\n\r]*"|'[^'\n\r]*')
        | [bB]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
                 |"(?!\"\")(?:[^"\\\n\r]|\\.)*"|'(?!'')(?:[^'\\\n\r]|\\.)*'|""|'')
      )
    | (?P<UNCLOSED>[bBrR]{0,2}(?:\"\"\"|'''|"|'))
    | (?P<COMMENT>//)
    | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<NUMBER>[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?)
    | (?P<SIGN>==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(source: str, start: int = 0) -> Iterator[Token]:
    """The tokens from an offset on; space is left out."""
    for match in _PATTERN.finditer(source, start):
        if match.lastgroup and match.lastgroup != "space":
            yield Token(TokenKind[match.lastgroup], match.group(), match.start(), match.end())
