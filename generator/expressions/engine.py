"""The one place that knows the CEL library, cel-expr-python 0.1.3, and how it says what is wrong.

Seen on that version: `compile` raises RuntimeError whose text has a line `ERROR: <input>:LINE:COLUMN: message` for each
thing that is wrong, columns counted in characters from 1, and -1 where there is no place. `eval` gives an error as a
Value of type ERROR, and raises when the budget of iterations is spent. Sources with a lone surrogate are a TypeError.
"""

from __future__ import annotations

import contextvars
import dataclasses
import functools
import re
import types
from typing import TYPE_CHECKING, Any

from generator.expressions.scope import GLOB_FUNCTIONS, Answer, FunctionError, Scope, Value, ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

_ISSUE = re.compile(r"^(?:[A-Z_]+: )?ERROR: <input>:(-?[0-9]+):(-?[0-9]+): (.*)$", re.MULTILINE)
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")
_RESULTS = {"BOOL": ValueType.FLAG, "STRING": ValueType.TEXT, "INT": ValueType.NUMBER, "UINT": ValueType.NUMBER}


_NO_ANSWERS: Mapping[str, Answer] = types.MappingProxyType({})


class _Asked:
    """The functions of one evaluation, and the first thing that one of them raised."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.raised: BaseException | None = None

    def ask(self, name: str, globs: str | list[object]) -> str | bool:
        try:
            return self._answers[name]((globs,) if isinstance(globs, str) else _texts(name, globs))
        except BaseException as failure:
            self.raised = self.raised or failure
            raise


# The library binds functions when it compiles, and a program is compiled once for all evaluations.
_ASKED: contextvars.ContextVar[_Asked] = contextvars.ContextVar("asked")


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """One thing that the library says: `offset` in the source, None where it gives no place."""

    message: str
    offset: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Compiled:
    """`result` is what it gives, None for anything that can stand neither in a text nor in an `if`.

    `result_name` is CEL's name for that. With issues there is no program.
    """

    issues: tuple[Issue, ...]
    result: ValueType | None = None
    result_name: str = ""
    program: Any = None


@functools.lru_cache(maxsize=4096)
def compiled(source: str, scope: Scope) -> Compiled:
    """The source against the names that it may use."""
    try:
        program = _environment(scope).compile(source)
    except RuntimeError as failure:
        return Compiled(_issues(str(failure), source))
    name = program.return_type().name()
    return Compiled((), _RESULTS.get(name), name, program)


def evaluated(
    program: Any, values: Mapping[str, Value], answers: Mapping[str, Answer] = _NO_ANSWERS
) -> tuple[object, str]:
    """What a program gives for these values, or the library's words for why it gives nothing.

    `answers` are the functions of ours that it may call. What one of them raises is raised here.
    """
    data = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    asked = _Asked(answers)
    before = _ASKED.set(asked)
    try:
        value = program.eval(data=data)
    except RuntimeError as failure:
        return None, _STATUS.sub("", str(failure)).strip()
    finally:
        _ASKED.reset(before)
        # The library takes it for a value, which `||` may swallow: a forge that is away would be "nothing changed".
        if asked.raised is not None:
            raise asked.raised
    result = value.plain_value()
    return (None, _STATUS.sub("", str(result))) if value.type() == _library().Type.ERROR else (result, "")


@functools.cache
def _library() -> Any:
    from cel_expr_python import cel  # noqa: PLC0415  (0.05 s that a file without expressions does not pay)

    return cel


@functools.lru_cache(maxsize=16)
def _environment(scope: Scope) -> Any:
    cel = _library()
    kinds = {
        ValueType.TEXT: cel.Type.STRING,
        ValueType.NUMBER: cel.Type.INT,
        ValueType.FLAG: cel.Type.BOOL,
        ValueType.TEXTS: cel.Type.List(cel.Type.STRING),
        ValueType.ANY: cel.Type.DYN,
    }
    variables = {name: kinds[kind] for name, kind in scope.types}
    functions = [
        cel.FunctionDecl(
            function.name,
            [
                cel.Overload(
                    f"{function.name}_{kind.name.lower()}",
                    kinds[function.gives],
                    [kinds[kind]],
                    impl=functools.partial(_ask, function.name),
                )
                for kind in (ValueType.TEXT, ValueType.TEXTS)
            ],
        )
        for function in GLOB_FUNCTIONS.values()
    ]
    return cel.NewEnv(variables=variables, functions=functions)


def _ask(name: str, globs: str | list[object]) -> str | bool:
    return _ASKED.get().ask(name, globs)


def _texts(name: str, globs: list[object]) -> tuple[str, ...]:
    """The list's texts. CEL takes a list of values of several types for a list of anything, and so of texts."""
    texts = tuple(one for one in globs if isinstance(one, str))
    if len(texts) < len(globs):
        raise FunctionError(code="expression-failed", message=f"{name}() takes globs, and one of these is no text")
    return texts


def _issues(text: str, source: str) -> tuple[Issue, ...]:
    found = tuple(
        Issue(_STATUS.sub("", match[3]), _offset(source, int(match[1]), int(match[2])))
        for match in _ISSUE.finditer(text)
    )
    return found or (Issue(_STATUS.sub("", text).strip(), None),)


def _offset(source: str, line: int, column: int) -> int | None:
    lines = source.split("\n")
    if not 0 < line <= len(lines) or not 0 < column <= len(lines[line - 1]) + 1:
        return None
    return sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
