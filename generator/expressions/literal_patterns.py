"""Globs that an expression has written out: a wrong one is found before any event.

Only what is itself an argument of changed() or hash(), alone or in a list, is surely a glob; what is put together when
it is evaluated is checked then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import globs
from generator.expressions.problem import Problem
from generator.expressions.scope import GLOB_FUNCTIONS
from generator.expressions.tokens import Token, TokenKind
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE, _BEHIND = frozenset("([,"), frozenset(")],")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_NO_TEXTS = frozenset({"true", "false", "null"})
_TRIPLE = 3


def bad_patterns(found: list[Token]) -> Iterator[Problem]:
    """The problems of the globs, each at its text."""
    for index in _globs(found):
        token = found[index]
        if token.kind is not TokenKind.STRING:
            if _is_among_texts(found, index):
                message = f"{quoted(token.text)} is not a glob"
                yield Problem(token.start, token.end, code="expression-type", message=message)
            continue
        text = text_of(token)
        complaint = globs.path_problem(text) if text is not None else None
        if text is not None and complaint is not None:
            message = f"{quoted(text)} is not a glob: {complaint}"
            yield Problem(token.start, token.end, code="bad-glob", message=message)


def idle_patterns(found: list[Token]) -> Iterator[Problem]:
    """A warning for each good glob that takes in no path, whatever the tree has."""
    for token in (found[index] for index in _globs(found)):
        text = text_of(token) if token.kind is TokenKind.STRING else None
        complaint = globs.folder_problem(text) if text is not None else None
        if text is not None and complaint is not None:
            hint = f"write {quoted(text + '**')} for what is in the folder"
            yield Problem(token.start, token.end, "never-matches", complaint, hint, is_warning=True)


def _globs(found: list[Token]) -> Iterator[int]:
    """Where the arguments of such a function stand, those in its list among them."""
    opened: list[str] = []
    for index, token in enumerate(found):
        if token.text in _OPENING:
            opened.append(_opening(found, index))
        elif token.text in _CLOSING and opened:
            opened.pop()
        elif _is_glob(found, index, opened):
            yield index


def _opening(found: list[Token], index: int) -> str:
    """`hash(` for the bracket of a call of such a function, else the bracket."""
    function = found[index - 1].text if index else ""
    is_call = function in GLOB_FUNCTIONS and (index == 1 or found[index - 2].text != ".")
    return f"{function}(" if is_call and found[index].text == "(" else found[index].text


def _is_glob(found: list[Token], index: int, opened: list[str]) -> bool:
    around = opened[:-1] if opened and opened[-1] == "[" else opened
    alone = found[index - 1].text in _BEFORE and index + 1 < len(found) and found[index + 1].text in _BEHIND
    return bool(around) and around[-1].removesuffix("(") in GLOB_FUNCTIONS and alone


def _is_among_texts(found: list[Token], index: int) -> bool:
    """Whether it is no text and stands beside one: CEL takes a list of several types for one of anything."""
    if found[index].kind is not TokenKind.NUMBER and found[index].text not in _NO_TEXTS:
        return False
    beside = (found[other] for other in (index - 2, index + 2) if 0 <= other < len(found))
    return any(token.kind is TokenKind.STRING for token in beside)


def text_of(token: Token) -> str | None:
    """What a token that is a text stands for; None where an escape or bytes make that CEL's business."""
    body = token.text.lstrip("bBrR")
    prefix = token.text[: len(token.text) - len(body)].lower()
    quotes = _TRIPLE if body[:_TRIPLE] in ('"""', "'''") and len(body) >= 2 * _TRIPLE else 1
    inner = body[quotes:-quotes]
    return None if "b" in prefix or ("\\" in inner and "r" not in prefix) else inner
