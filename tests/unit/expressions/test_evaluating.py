"""What an expression gives for an event."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expressions import Bindings, FunctionError, Scope, ValueType, condition_holds, text_of
from generator.expressions.event_names import EVENT_NAMES, EVENT_SCOPE, event_bindings
from tests.unit.expressions.samples import condition, read_template, scalar, template
from tests.unit.samples import SHA, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event

if TYPE_CHECKING:
    from generator.events.event import Event

HOSTILE = "{{workflow.name}} ${{ sha }} $(id) 'single' \"double\" \\ \U0001f4a9\nline"


LONG = f"[{', '.join(['0'] * 150)}]"


def text(source: str, event: Event | None = None) -> str:
    made, found = text_of(template(source), event_bindings(event or push()))
    assert made is not None, found
    return made


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${{ branch }}", "main"),
        ("a-${{ event }}-${{ branch }}!", "a-push-main!"),
        ("${{ pull_request.number }}", "0"),
        ("${{ 1 + 2 }}", "3"),
        ("${{ 1u }}", "1"),
        ("${{ event == 'push' }}", "true"),
        ("${{ pull_request.draft }}", "false"),
        ("${{ branch == 'main' ? 'release' : 'debug' }}", "release"),
        ("${{ {'push': 'a}}b'}[event] }}", "a}}b"),
        ("${{ '${{' }} x }}", "${{ x }}"),
        ("${{ string(size(sha)) + branch }}", "40main"),
    ],
)
def test_the_text_that_a_template_gives(source: str, expected: str) -> None:
    assert text(source) == expected


def test_a_text_that_would_fill_the_memory_is_told_and_not_made() -> None:
    bindings = event_bindings(push(branch="x" * 10_000))
    made, (found,) = text_of(template("${{ branch }}" * 200), bindings)
    assert (made, found.code) == (None, "expression-result")
    assert "2,000,000 characters" in found.message


def test_functions_of_ours_get_globs() -> None:
    asked: list[tuple[str, ...]] = []

    def changed(globs: tuple[str, ...]) -> bool:
        asked.append(globs)
        return True

    answers = (("changed", changed), ("hash", "-".join))
    bindings = dataclasses.replace(event_bindings(push()), answers=answers)
    source = "changed('a') && changed(['b', '!c'])"
    assert condition_holds(condition(source), bindings) == (True, [])
    assert asked == [("a",), ("b", "!c")]
    assert text_of(template("x ${{ hash(['x', 'y']) }}"), bindings) == ("x x-y", [])


def test_a_list_that_holds_more_than_texts_is_no_list_of_globs() -> None:
    """CEL finds it to be a list of anything, which may be one of texts."""
    answers = (("changed", bool), ("hash", "-".join))
    bindings = dataclasses.replace(event_bindings(push()), answers=answers)
    for source in ("changed([event, 1])", "changed([event, [event]])", "hash([true, event]) == ''"):
        holds, (found,) = condition_holds(condition(source), bindings)
        assert (holds, found.code) == (False, "expression-failed")
        assert "one of these is no text" in found.message


def test_a_function_without_an_answer_is_told_at_its_expression() -> None:
    def changed(globs: tuple[str, ...]) -> bool:
        raise FunctionError(code="unknown-tree", message=f"no {globs[0]}", hint="make one")

    bindings = dataclasses.replace(event_bindings(push()), answers=(("changed", changed),))
    holds, (found,) = condition_holds(condition("changed('src') || true"), bindings)
    assert (holds, found.code, found.message, found.hint) == (False, "unknown-tree", "no src", "make one")


def test_what_else_a_function_raises_ends_the_evaluation() -> None:
    """CEL takes it for a value, which `||` would swallow: a forge that is away would be nothing that was changed."""

    def changed(globs: tuple[str, ...]) -> bool:
        raise ConnectionError(globs[0])

    bindings = dataclasses.replace(event_bindings(push()), answers=(("changed", changed),))
    for _ in range(2):
        with pytest.raises(ConnectionError, match="src"):
            condition_holds(condition("changed('src') || true"), bindings)
    assert condition_holds(condition("branch == 'main'"), bindings) == (True, [])


def test_every_name_has_a_value_of_its_type_in_every_event() -> None:
    types = {ValueType.TEXT: str, ValueType.NUMBER: int, ValueType.FLAG: bool, ValueType.TEXTS: tuple}
    for event in (push(), tag("v1"), pull_request(), schedule("nightly"), push(kind="manual")):
        values = dict(event_bindings(event).values)
        assert all(type(values[name]) is types[kind] for name, kind in EVENT_SCOPE.types)


def test_a_name_has_its_zero_value_where_the_event_has_nothing_to_say() -> None:
    values = dict(event_bindings(push()).values)
    assert {values[name] for name in EVENT_SCOPE.names if name.startswith("pull_request.")} == {"", 0, ()}
    assert (values["ref"], values["tag"], values["schedule"]) == ("refs/heads/main", "", "")


def test_a_pull_request_is_on_no_branch() -> None:
    event = pull_request(head="main", labels=("a", "b"), draft=True, from_fork=True, action="opened")
    assert text("${{ branch }}|${{ ref }}|${{ pull_request.head }}", event) == "|refs/pull/7|main"
    assert text("${{ pull_request.action + pull_request.labels[1] }}", event) == "openedb"
    assert text("${{ pull_request.draft && pull_request.from_fork }}", event) == "true"


def test_a_tag_is_on_no_branch_either() -> None:
    assert text("${{ branch }}|${{ tag }}|${{ ref }}|${{ sha }}", tag("v1")) == f"|v1|refs/tags/v1|{SHA}"


def test_hostile_texts_are_verbatim_and_never_evaluated_again() -> None:
    assert text("${{ branch }}", push(branch=HOSTILE)) == HOSTILE
    assert text("[${{ pull_request.title }}]", pull_request(title=HOSTILE)) == f"[{HOSTILE}]"


def test_what_no_variable_can_hold_is_replaced_in_an_outsiders_text() -> None:
    assert text("${{ pull_request.title }}", pull_request(title="a\0b\ud800c")) == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        ("${{ pull_request.labels[0] }}", "expression-failed", "no such element"),
        ("${{ {'a': 'b'}[event] }}", "expression-failed", "no such key"),
        ("${{ 1 / pull_request.number }}", "expression-failed", "division by zero"),
        ("${{ int(branch) }}", "expression-failed", "no number"),
        ("${{ 9223372036854775807 + 1 }}", "expression-failed", "64 bits"),
        ("${{ branch.matches('(') }}", "expression-failed", "bad regular expression: 'missing ): ('"),
        (f"${{{{ {LONG}.all(a, {LONG}.all(b, a == b)) }}}}", "expression-failed", "too many elements"),
        (r"${{ 'a\u0000b' }}", "expression-result", "U+0000"),
    ],
)
def test_a_failure_is_told_at_the_expressions_place(source: str, code: str, says: str) -> None:
    made, (found,) = text_of(template(f"ab{source}"), event_bindings(push()))
    assert made is None
    assert (found.code, found.span.column) == (code, 7)
    assert says in found.message


def test_all_failures_of_a_text_at_once() -> None:
    _, found = text_of(template("${{ pull_request.labels[0] }} ${{ int(branch) }}"), event_bindings(push()))
    assert [one.span.column for one in found] == [5, 35]


def test_a_condition() -> None:
    bindings = event_bindings(push())
    assert condition_holds(condition("branch == 'main'"), bindings) == (True, [])
    assert condition_holds(condition("event == 'tag'"), bindings) == (False, [])
    holds, (found,) = condition_holds(condition("pull_request.labels[0] == 'x'"), bindings)
    assert (holds, found.code) == (False, "expression-failed")


def test_a_condition_with_an_answer_needs_no_second_half() -> None:
    guarded = condition("size(pull_request.labels) > 0 && pull_request.labels[0] == 'x'")
    assert condition_holds(guarded, event_bindings(push())) == (False, [])


def test_a_result_is_bounded() -> None:
    source = "${{ " + "+".join(["actor"] * 20) + " }}"
    _, (found,) = text_of(template(source), event_bindings(push(actor="x" * 1000)))
    assert (found.code, "3,616 more" in found.message) == ("expression-result", True)


def test_a_text_grows_no_further_than_the_plus_signs_reach() -> None:
    """Two comprehensions over a long list: the most that passes is some megabytes."""
    many = ",".join(["actor"] * 80)
    grow = "+".join(["a"] * 16)
    longest = f"[{many}].map(a, {grow}).map(a, {grow})"
    assert text(f"${{{{ size({longest}[79]) }}}}", push(actor="x" * 255)) == str(255 * 256)


def test_further_names_have_values() -> None:
    bindings = event_bindings(push()) + Bindings(Scope((("matrix.go", ValueType.TEXT),)), (("matrix.go", "1.26"),))
    read, _ = read_template(scalar("golang:${{ matrix.go }}-${{ branch }}"), bindings.scope)
    assert read is not None
    assert text_of(read, bindings) == ("golang:1.26-main", [])


@given(st.text(), st.text())
def test_texts_arrive_as_they_are_and_the_same_each_time(branch: str, title: str) -> None:
    event = push(branch=branch, kind="push")
    made = text("${{ branch }}", event)
    assert made == "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in branch)
    request = pull_request(title=title)
    source = "a${{ pull_request.title }}b${{ pull_request.title == '' }}"
    assert text(source, request) == text(source, request)


def test_the_names_are_those_that_are_declared() -> None:
    assert tuple(one.name for one in EVENT_NAMES) == EVENT_SCOPE.names
