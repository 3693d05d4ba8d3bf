"""What is wrong with an expression: its code, its column, and a way out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Severity
from generator.document import Mapping, Scalar, parse
from generator.expressions import Scope, ValueType
from generator.expressions.event_names import EVENT_NAMES, EVENT_SCOPE
from generator.expressions.scope import FUNCTIONS
from tests.unit.expressions.samples import (
    COLUMN,
    condition,
    read_condition,
    read_template,
    scalar,
    template,
    wrong_condition,
    wrong_text,
)

WORDS = st.sampled_from(
    [
        *EVENT_SCOPE.names,
        *FUNCTIONS,
        *("evnt", "matrix.go", "files", "changed", "has", "in", "true", "null", "1", "1.5", "'a'"),
        *("==", "&&", "||", "}}", "${{", "//", "r'", "\U0001f4a9"),
        *"()[]{}.,?:!<>+-*/%=&|\"'\\ \n",
    ]
)


@pytest.mark.parametrize(
    "source",
    [
        "true",
        "event == 'push' && branch == default_branch",
        "branch.startsWith('release/') || tag.matches(r'v\\d+')",
        "!pull_request.draft && pull_request.number > 10",
        "'deploy' in pull_request.labels",
        "pull_request.labels.exists(label, label.startsWith('ci-' + actor))",
        "size(pull_request.labels.filter(label, label != 'x')) == 0",
        "event in ['push', 'tag']",
        "{'push': true, 'tag': false}[event]",
        "event ==\n  'push'",
        "'${{ }}' == branch",
    ],
)
def test_a_right_condition(source: str) -> None:
    assert condition(source).source == source


@pytest.mark.parametrize(
    ("source", "column", "code", "says"),
    [
        ("", 0, "expression-syntax", "empty"),
        ("evnt == 'push'", 1, "unknown-name", "did you mean 'event'?"),
        ("pull_request.drat", 14, "unknown-name", "did you mean 'draft'?"),
        ("pull_request == 'a'", 1, "unknown-name", "known: pull_request.number"),
        ("github.ref == 'a'", 1, "unknown-name", "unknown name 'github'; write ref"),
        ("github.event.pull_request.draft", 1, "unknown-name", "write pull_request.draft"),
        ("github.workflow == 'a'", 1, "unknown-name", "write event, ref, branch"),
        ("secrets.TOKEN != ''", 1, "unknown-name", "list it under secrets"),
        ("steps.my-step.outputs.x == 'a'", 1, "unknown-name", "$CI_ENV"),
        ("always() && event == 'a'", 1, "unknown-name", "'when: always'"),
        ("hash('a') == hashFiles('b')", 14, "unknown-name", "write hash("),
        ("event == push", 10, "unknown-name", "a text stands in quotes: 'push'"),
        ("event in ['tag', push]", 18, "unknown-name", "a text stands in quotes: 'push'"),
        ("event == evnt", 10, "unknown-name", "did you mean 'event'?"),
        ("default-branch == event", 1, "unknown-name", "write default_branch; a dash is a minus"),
        ("pull-request.draft", 1, "unknown-name", "write pull_request; a dash is a minus"),
        ("event == event-name", 16, "unknown-name", "a dash is a minus here"),
        ("branch.name == 'a'", 8, "unknown-name", "a text has no 'name'"),
        ("branch.startWith('a')", 8, "unknown-name", "did you mean 'startsWith'?"),
        ("has(pull_request.draft)", 1, "unknown-name", "every name is there"),
        ("timestamp(branch) == 1", 1, "unknown-name", "'timestamp'"),
        ("startsWith(branch, 'a')", 1, "expression-type", "text.startsWith("),
        ("pull_request.number == '7'", 21, "expression-type", "a number in quotes is a text"),
        ("event && true", 7, "expression-type", "takes true or false, not a text"),
        ("!event", 1, "expression-type", "takes true or false, not a text"),
        ("event ? true : false", 7, "expression-type", "before ?"),
        ("event", 1, "expression-type", "must be true or false"),
        ("'\U0001f4a9' == evnt", 8, "unknown-name", "'evnt'"),
        ("event = 'a'", 7, "expression-syntax", "write =="),
        ("event == 'a' and true", 14, "expression-syntax", "write &&"),
        ("event == ", 7, "expression-syntax", "missing behind '=='"),
        ("(event == 'a'", 1, "expression-syntax", "'(' that is never closed"),
        ("(event in ['a'", 11, "expression-syntax", "'[' that is never closed"),
        ("(event == ", 8, "expression-syntax", "missing behind '=='"),
        ("event == 'a' AND true", 14, "expression-syntax", "write &&"),
        ("branch =~ '^a'", 8, "expression-syntax", "write branch.matches("),
        ("branch.matches(/a/)", 16, "expression-syntax", "a regular expression is a text"),
        ("$CI_BRANCH == 'a'", 1, "expression-syntax", "write branch"),
        ("'a' in branch", 5, "expression-type", "write text.contains('part')"),
        ("pull_request.draft == 'true'", 20, "expression-type", "have no quotes"),
        ("branch == null", 8, "expression-type", "every name has a value"),
        ("event == 'a", 10, "expression-syntax", "never closed"),
        (r"event == '\q'", 10, "expression-syntax", "escape"),
        ("event == 'a' // b", 14, "expression-syntax", "no comments"),
        ("package == 'a'", 1, "expression-syntax", "'package'"),
        ("${{ event == 'a' }}", 1, "expression-place", "leave out"),
        ("changed(1)", 1, "expression-type", "changed() does not take a whole number; write changed('web/**')"),
        ("changed('a', 'b')", 1, "expression-type", "write changed('web/**')"),
        ("changed()", 1, "expression-type", "write changed('web/**')"),
        ("changed([1])", 1, "expression-type", "does not take a list"),
        ("changed(['a', 1, true])", 15, "expression-type", "'1' is not a glob"),
        ("hash([null, 'a']) == ''", 7, "expression-type", "'null' is not a glob"),
        ("hash('go.sum')", 1, "expression-type", "must be true or false"),
        ("chnged('a')", 1, "unknown-name", "'changed'"),
        ("changed('[')", 9, "bad-glob", "'[' without its ']'"),
        ("changed(['a', '!docs/['])", 15, "bad-glob", "'!docs/['"),
        ("hash('') == 'b'", 6, "bad-glob", "empty"),
        ("changed('/src/**')", 9, "bad-glob", "src/**"),
        (r"changed(r'./src\d')", 9, "bad-glob", "src/**"),
        ("changed(files.web)", 9, "unknown-name", "'files'"),
        ("true && matrix.go == '1'", 9, "unknown-name", "only a job with a matrix"),
        ("inputs.level == 'x'", 1, "unknown-name", "'inputs'"),
        ("needs.a.result == 'success'", 1, "unknown-name", "stand by themselves"),
        ("'" + "x" * 1000 + "' == event", 1, "expression-size", "11 more than the 1,000"),
        ("(" * 40 + "true" + ")" * 40, 1, "expression-size", "nested"),
        ("size('" + "'+'" * 33 + "') == 1", 1, "expression-size", "33 plus signs, 1 more"),
        ("[1].map(a, a).map(b, b).all(c, true)", 1, "expression-size", "3 of all"),
    ],
)
def test_one_error_at_its_column_with_a_way_out(source: str, column: int, code: str, says: str) -> None:
    (found,) = wrong_condition(source)
    place = (found.span.line, found.span.column - COLUMN + 1, found.code)
    assert place == (1, column, code)
    assert says in f"{found.message}; {found.hint}"


@pytest.mark.parametrize(
    ("source", "columns", "hint"),
    [
        ("event == 'merge_request'", [10], "write 'pull_request'"),
        ("'cron' != event && true", [1], "write 'schedule'"),
        ("event in ['push', 'tags', 'manuel']", [19, 27], "did you mean 'tag'? known: push, tag"),
        ("event == 'pull_request_closed'", [10], "pull_request.action == 'closed'"),
        ("pull_request.action == 'edited'", [24], "known: opened, synchronize"),
        ("pull_request.action == ''", [], ""),
        ("event == 'a' + branch || event == tag || tag == 'merge_request'", [], ""),
        ("event in ['push', branch]", [], ""),
    ],
)
def test_a_comparison_with_an_event_that_there_is_none_of_is_warned_of(
    source: str, columns: list[int], hint: str
) -> None:
    found = wrong_condition(source)
    assert [one.span.column - COLUMN + 1 for one in found] == columns
    assert all((one.code, one.severity) == ("unknown-event", Severity.WARNING) for one in found)
    assert all(hint in one.hint for one in found[:1])


def test_all_errors_of_an_expression_at_once() -> None:
    found = wrong_condition("matrix.a == 2 && evnt == 'x' && pull_request.drat && brnch == tga")
    assert [(one.code, one.span.column - COLUMN + 1) for one in found] == [
        ("unknown-name", 1),
        ("unknown-name", 18),
        ("unknown-name", 46),
        ("unknown-name", 54),
        ("unknown-name", 63),
    ]


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("x ${{ evnt }}", 7, "unknown-name"),
        ("${{ event }} ${{ brnch }}", 18, "unknown-name"),
        ("${{ pull_request.labels }}", 5, "expression-type"),
        ("${{ 1.5 }}", 5, "expression-type"),
        ("${{ null }}", 5, "expression-type"),
        ("${{ [1, 'a'][0] }}", 5, "expression-type"),
        ("a ${{ }} b", 3, "expression-syntax"),
        ("a ${{ event", 3, "expression-syntax"),
        ("${{ ${{ event }} }}", 5, "expression-syntax"),
        ("${{ changed('a') }}", 5, "expression-place"),
        ("x ${{ hash(['a', '{']) }}", 18, "bad-glob"),
    ],
)
def test_a_wrong_expression_in_a_text_is_told_at_its_place_in_the_text(text: str, column: int, code: str) -> None:
    (found,) = wrong_text(text)
    assert (found.span.column - COLUMN + 1, found.code) == (column, code)


def test_places_in_a_block_of_several_lines() -> None:
    text = "a: |\n  event == 'push'\n    && brnch == 'x'\n"
    node, _ = parse(text, "ci.yaml")
    assert isinstance(node, Mapping)
    value = node.entries[0].value
    assert isinstance(value, Scalar)
    _, (found,) = read_condition(value, EVENT_SCOPE)
    assert (found.span.line, found.span.column, found.span.end_column) == (3, 8, 13)


def test_an_expression_knows_its_place() -> None:
    (expression,) = template("ab ${{ event }} c").expressions
    assert (expression.span.column, expression.span.end_column) == (COLUMN + 3, COLUMN + 15)


def test_further_names_are_declared_like_the_events() -> None:
    scope = EVENT_SCOPE + Scope((("matrix.go", ValueType.TEXT), ("inputs.dry_run", ValueType.FLAG)))
    assert read_condition(scalar("matrix.go == '1.26' && !inputs.dry_run"), scope)[1] == []
    _, (found,) = read_condition(scalar("matrix.og == '1'"), scope)
    assert (found.code, found.hint) == ("unknown-name", "did you mean 'go'? known: go")


@pytest.mark.parametrize(
    "source",
    [
        "changed('src/**')",
        "changed(['src/**', '!**/*.md'])",
        "changed(branch == '[' ? 'a' : 'b')",
        "'[' == branch",
        "changed('services/' + branch + '/**')",
        "hash('go.sum') == 'x'",
        "changed(pull_request.labels)",
    ],
)
def test_functions_over_globs(source: str) -> None:
    assert wrong_condition(source) == []


@given(st.lists(WORDS, max_size=25), st.booleans())
def test_nothing_that_is_written_makes_reading_fail(words: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(words)
    for value in (scalar(text), scalar(f"${{{{ {text} }}}}")):
        for read, found in (read_condition(value, EVENT_SCOPE), read_template(value, EVENT_SCOPE)):
            assert (read is None) == bool(found)
            assert all(one.span.line == 1 and one.span.column <= value.span.end_column for one in found)
            assert all("<input>" not in one.message and "overload" not in one.message for one in found)


@given(st.text(max_size=60))
def test_nor_does_any_text(text: str) -> None:
    value = scalar(text.replace("\0", ""))
    for read, found in (read_condition(value, EVENT_SCOPE), read_template(value, EVENT_SCOPE)):
        assert (read is None) == bool(found)


def test_every_name_of_the_event_has_a_sentence() -> None:
    assert all(one.doc.endswith(".") for one in EVENT_NAMES)
