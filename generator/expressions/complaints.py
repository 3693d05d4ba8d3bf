"""What the CEL library says is wrong -> a problem in words that help, at the place that helps.

The library speaks of its grammar and its overloads. Each kind of message that it has is put in our words here; one that
is not known is told by its place alone, which every message has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.expressions.other_languages import function_hint, name_hint, sign_hint
from generator.expressions.problem import Problem
from generator.expressions.scope import FUNCTIONS, GLOB_FUNCTIONS, Scope
from generator.expressions.tokens import Token, TokenKind
from generator.wording import closest, listed, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.expressions.engine import Issue

_LIMITS = {
    "recursion": "the expression is nested too deeply, or is a chain of too many steps",
    "Iteration budget": "the expression goes through too many elements",
    "codepoint limit": "the expression is too long",
}
_WORDS = {
    "string": "a text",
    "int": "a whole number",
    "uint": "a whole number without a sign",
    "double": "a number with a fraction",
    "bool": "true or false",
    "bytes": "bytes",
    "null": "null",
    "null_type": "null",
    "dyn": "a value whose type depends on the run",
    "list": "a list",
    "map": "a mapping",
    "type": "a type",
}
# What a file declares itself, where it declares nothing.
_EMPTY = {
    "files": "the file has no sets under 'files'",
    "inputs": "the file has no inputs under 'on.manual.inputs'",
    "matrix": "only a job with a matrix has one",
    "needs": "what other jobs gave is known only when they have ended: ${{ needs.job.result }} and "
    "${{ needs.job.outputs.name }} stand by themselves in a value of a job's or a step's env",
}


_DASH = "a dash is a minus here: names of axes, inputs and sets have '_'"
_BEHIND_A_DASH = 2
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def words(cel_type: str) -> str:
    """CEL's name of a type, `LIST<STRING>` or `list(string)`, as a sentence has it."""
    return _WORDS.get(re.split(r"[(<]", cel_type.lower())[0], "a value of another kind")


def complaint(issue: Issue, source: str, found: Sequence[Token], scope: Scope) -> Problem:
    """The problem for one of the library's messages. `found` are the source's tokens, at least one."""
    limit = next((message for sign, message in _LIMITS.items() if sign in issue.message), None)
    if limit is not None:
        return Problem(found[0].start, found[-1].end, "expression-size", limit, "decide it in a script")
    index = _index(issue.offset, found)
    for pattern, tell in _KINDS:
        match = pattern.search(issue.message)
        if match:
            return tell(match, index, found, scope)
    return _syntax(issue, index, source, found)


def _undeclared(match: re.Match[str], index: int, found: Sequence[Token], scope: Scope) -> Problem:
    """The library points at the last dot of a name with dots, and at the parenthesis behind a function."""
    name = match[1]
    if found[index].text == "(" and index:
        return _unknown_call(found[index - 1])
    first, *_ = name.split(".")
    members = scope.members(first)
    start = index
    while start and (found[start].text == "." or found[start - 1].text == "."):
        start -= 1
    if not members:
        message = f"unknown name {quoted(first)}"
        hint = _EMPTY.get(first) or name_hint(name) or _bare_text(name, start, found, scope)
        return _at(found[start], "unknown-name", message, hint or _unknown(first, start, found, scope))
    if first == name:
        return _at(found[start], "unknown-name", f"{quoted(name)} alone is no value", _with_members(first, members))
    member = min(start + 2, len(found) - 1)
    message = f"{quoted(first)} has no {quoted(found[member].text)}"
    return _at(found[member], "unknown-name", message, suggestion(found[member].text, members))


def _unknown(name: str, index: int, found: Sequence[Token], scope: Scope) -> str:
    heads = _heads(scope)
    if dashed(index, found):
        return _DASH
    whole = f"{name}_{found[index + 2].text}" if dashed(index + 2, found) else ""
    return f"write {whole}; a dash is a minus here" if whole in heads else suggestion(name, heads)


def _bare_text(name: str, index: int, found: Sequence[Token], scope: Scope) -> str:
    """A hint where a name stands for what was meant as a text: `event == push`, `event in [push, tag]`."""
    before = found[index - 1].text if index else ""
    looks_so = "." not in name and before in ("==", "!=", "[", ",") and closest(name, _heads(scope)) is None
    return f"a text stands in quotes: '{name}'" if looks_so and not dashed(index, found) else ""


def dashed(index: int, found: Sequence[Token]) -> bool:
    """Whether a dash stands right before the token and right behind another one: `go-version`."""
    if not _BEHIND_A_DASH <= index < len(found) or found[index - 1].text != "-":
        return False
    return found[index - 2].end == found[index - 1].start and found[index - 1].end == found[index].start


def _unknown_call(token: Token) -> Problem:
    if token.text in FUNCTIONS:
        message = f"{token.text}() is not called like this"
        return _at(token, "expression-type", message, _CALLS.get(token.text, ""))
    hint = function_hint(token.text) or suggestion(token.text, FUNCTIONS)
    return _at(token, "unknown-name", f"unknown function {quoted(token.text)}", hint)


_CALLS = {
    "changed": "write changed('web/**') or changed(['web/**', '!web/docs/**'])",
    "hash": "write hash('go.sum') or hash(['go.sum', '**/go.sum'])",
    "contains": "write text.contains('part')",
    "endsWith": "write text.endsWith('end')",
    "startsWith": "write text.startsWith('start')",
    "matches": "write text.matches('regular expression')",
    "size": "write size(text) or size(list)",
    "exists": "write list.exists(one, one == 'x')",
    "all": "write list.all(one, one != 'x')",
    "filter": "write list.filter(one, one != 'x')",
    "map": "write list.map(one, one + 'x')",
}


def _with_members(group: str, members: Sequence[str]) -> str:
    known = f"known: {listed(f'{group}.{member}' for member in members)}"
    return f"for whether it is one write event == '{group}'; {known}" if group == "pull_request" else known


def _heads(scope: Scope) -> list[str]:
    """The names as one looks for them: of a group the group."""
    return list(dict.fromkeys(name.split(".")[0] for name in scope.names))


def _overload(match: re.Match[str], index: int, found: Sequence[Token], _: Scope) -> Problem:
    operator, kinds = match[1], [words(kind) for kind in _split_types(match[2])]
    sign = operator.strip("_@")
    if operator == "_?_:_":
        message = "what stands before ? must be true or false, and both answers must be of one type"
        return _at(found[index], "expression-type", message)
    if operator == "_[_]":
        return _at(found[index], "expression-type", f"{kinds[0]} has no elements by {kinds[-1]}")
    if found[index].text == "(" and index:
        given = " and ".join(kinds)
        name = found[index - 1]
        return _at(name, "expression-type", f"{name.text}() does not take {given}", _CALLS.get(name.text, ""))
    if sign in ("&&", "||", "!"):
        wrong = next((kind for kind in kinds if kind != _WORDS["bool"]), kinds[0])
        return _at(found[index], "expression-type", f"{quoted(sign)} takes true or false, not {wrong}")
    if len(kinds) == 1:
        return _at(found[index], "expression-type", f"{quoted(sign)} does not take {kinds[0]}")
    message = f"{quoted(sign)} does not take {kinds[0]} and {kinds[1]}"
    return _at(found[index], "expression-type", message, _hint(sign, kinds))


def _hint(sign: str, kinds: list[str]) -> str:
    text, number, flag, null = (_WORDS[kind] for kind in ("string", "int", "bool", "null"))
    if sign == "in" and kinds == [text, text]:
        return _CALLS["contains"]
    if null in kinds:
        return "every name has a value in every event; compare it with '', 0 or false"
    if text in kinds and number in kinds:
        return "a number in quotes is a text; string(...) makes one of a number"
    return "true and false have no quotes" if text in kinds and flag in kinds else ""


def _no_members(match: re.Match[str], index: int, found: Sequence[Token], _: Scope) -> Problem:
    member = found[min(index + 1, len(found) - 1)]
    hint = _CALLS.get(member.text, "") if member.text in FUNCTIONS else ""
    return _at(member, "unknown-name", f"{words(match[1])} has no {quoted(member.text)}", hint)


def _no_list(match: re.Match[str], index: int, found: Sequence[Token], _: Scope) -> Problem:
    return _at(found[index], "expression-type", f"this takes a list, not {words(match[1])}")


def _reserved(match: re.Match[str], index: int, found: Sequence[Token], _: Scope) -> Problem:
    message = f"{quoted(match[1])} is a word of CEL's own and names nothing"
    return _at(found[index], "expression-syntax", message)


def _too_large(_: re.Match[str], index: int, found: Sequence[Token], __: Scope) -> Problem:
    return _at(found[index], "expression-syntax", "a number that 64 bits do not hold")


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, Sequence[Token], Scope], Problem]], ...] = (
    (re.compile(r"undeclared reference to '([^']*)'"), _undeclared),
    (re.compile(r"found no matching overload for '([^']+)' applied to '\((.*)\)'"), _overload),
    (re.compile(r"expression of type '([^']*)' cannot be the operand of a select"), _no_members),
    (re.compile(r"expression of type '([^']*)' cannot be the range of a comprehension"), _no_list),
    (re.compile(r"reserved identifier: (\w+)"), _reserved),
    (re.compile("invalid u?int literal"), _too_large),
)


def _syntax(issue: Issue, index: int, source: str, found: Sequence[Token]) -> Problem:
    if issue.offset is not None and issue.offset >= len(source.rstrip()):
        opening = _unclosed(found)
        if opening is not None and found[-1].kind is not TokenKind.SIGN:
            return _at(opening, "expression-syntax", f"a {quoted(opening.text)} that is never closed")
        return _at(found[-1], "expression-syntax", f"something is missing behind {quoted(found[-1].text)}")
    token = found[index]
    if token.kind is TokenKind.STRING and token.start == issue.offset and "recognition" in issue.message:
        hint = r"write \\ for a backslash, or r'...' for a text without escapes"
        return _at(token, "expression-syntax", "a text with an escape that CEL does not know", hint)
    before = found[index - 1].text if index else ""
    behind = found[index + 1].text if index + 1 < len(found) else ""
    foreign = "" if token.text.isascii() else "a text stands in quotes"
    hint = _of_glob(index, found) or sign_hint(token.text, behind) or sign_hint(before) or foreign
    return _at(token, "expression-syntax", f"{quoted(token.text)} cannot stand here", hint)


def _of_glob(index: int, found: Sequence[Token]) -> str:
    """A hint where a glob stands without its quotes: `changed(docs/**)`."""
    before = [token.text for token in found[:index]]
    opened = max((at for at, text in enumerate(before) if text == "("), default=0)
    function = before[opened - 1] if opened else ""
    return _CALLS[function] if function in GLOB_FUNCTIONS and found[index].text in "*/.?" else ""


def _unclosed(found: Sequence[Token]) -> Token | None:
    """The last bracket without its partner, None where each has one."""
    opened: list[Token] = []
    for token in found:
        if token.text in _BRACKETS:
            opened.append(token)
        elif opened and token.text == _BRACKETS[opened[-1].text]:
            opened.pop()
    return opened[-1] if opened else None


def _index(offset: int | None, found: Sequence[Token]) -> int:
    """The token at an offset, or the one behind it; without either the last."""
    if offset is None:
        return 0
    return next((index for index, token in enumerate(found) if offset < token.end), len(found) - 1)


def _at(token: Token, code: str, message: str, hint: str = "") -> Problem:
    return Problem(token.start, token.end, code, message, hint)


def _split_types(text: str) -> list[str]:
    """The types of a call, apart at the commas that are inside of none of them."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
