"""Comparisons with events and actions that there are none of: `event == 'merge_request'` never holds.

What is compared has to be written out beside the name; anything else is CEL's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.event import KINDS, PULL_REQUEST_ACTIONS
from generator.expressions.literal_patterns import text_of
from generator.expressions.other_languages import event_hint
from generator.expressions.problem import Problem
from generator.expressions.tokens import Token, TokenKind
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMPARING = ("==", "!=")


def unknown_events(found: Sequence[Token]) -> Iterator[Problem]:
    """A warning at each text that the name beside it is never."""
    for index, token in enumerate(found):
        known = _known(found, index)
        for text in _compared(found, index) if known else ():
            value = text_of(text)
            # Without a pull request there is no action.
            if value is not None and value not in known and (value or known == KINDS):
                message = f"{_name(token)} is never {quoted(value)}"
                hint = event_hint(value) if known == KINDS else ""
                hint = hint or suggestion(value, known)
                yield Problem(text.start, text.end, code="unknown-event", message=message, hint=hint, is_warning=True)


def _name(token: Token) -> str:
    return "event" if token.text == "event" else "pull_request.action"


def _known(found: Sequence[Token], index: int) -> tuple[str, ...]:
    """What the name that ends here may be; nothing where it is another one."""
    before = [token.text for token in found[max(0, index - 3) : index]]
    if found[index].text == "event" and before[-1:] != ["."]:
        return KINDS
    of_request = found[index].text == "action" and before[-2:] == ["pull_request", "."] and before[:-2] != ["."]
    return PULL_REQUEST_ACTIONS if of_request else ()


def _compared(found: Sequence[Token], index: int) -> list[Token]:
    """The texts that are written out on the other side: `== 'a'`, `in ['a', 'b']`, and `'a' ==` before it."""
    behind = found[index + 1 :]
    if len(behind) > 1 and behind[0].text in _COMPARING and behind[1].kind is TokenKind.STRING:
        return [behind[1]] if len(behind) == 2 or behind[2].text != "+" else []  # noqa: PLR2004  (the sign and the text)
    start = index - (2 if found[index].text == "action" else 0)
    if start > 1 and found[start - 1].text in _COMPARING and found[start - 2].kind is TokenKind.STRING:
        return [found[start - 2]] if start == 2 or found[start - 3].text != "+" else []  # noqa: PLR2004
    if [token.text for token in behind[:2]] != ["in", "["]:
        return []
    inside: list[Token] = []
    for token in behind[2:]:
        if token.text == "]":
            return [one for one in inside if one.kind is TokenKind.STRING]
        if token.kind is not TokenKind.STRING and token.text != ",":
            return []
        inside.append(token)
    return []
