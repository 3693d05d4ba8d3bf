"""How findings look: the headline, the line with the place underlined, the hint, and JSON."""

from __future__ import annotations

from generator.diagnostics import Span, error, headline, in_order, render_text, to_json, warning


def at(line: int, column: int, end_column: int, end_line: int | None = None) -> Span:
    return Span("ci.yaml", line, column, end_line or line, end_column)


def test_a_finding_with_its_line_and_a_hint() -> None:
    found = error(at(2, 11, 15), "unknown-runner", "unknown runner 'larg'", "did you mean 'large'?")
    assert render_text([found], {"ci.yaml": "jobs:\n  runner: larg\n"}) == (
        "ci.yaml:2:11: error: unknown runner 'larg' [unknown-runner]\n"
        "  2 |   runner: larg\n"
        "    |           ^~~~\n"
        "  did you mean 'large'?\n"
    )


def test_a_file_that_is_not_at_hand_has_no_excerpt() -> None:
    assert render_text([warning(at(1, 1, 2), "x", "so")], {}) == "ci.yaml:1:1: warning: so [x]\n"
    assert headline(warning(at(1, 1, 2), "x", "so")) == "ci.yaml:1:1: warning: so [x]"


def test_several_lines_are_marked_to_the_end_of_the_first() -> None:
    shown = render_text([error(at(1, 4, 3, end_line=3), "x", "so")], {"ci.yaml": "a: |\n b\n c\n"})
    assert shown.splitlines()[1:] == ["  1 | a: |", "    |    ^"]


def test_a_tab_keeps_the_marks_in_place() -> None:
    shown = render_text([error(at(1, 2, 4), "x", "so")], {"ci.yaml": "\tab\n"})
    assert shown.splitlines()[1:] == ["  1 | \tab", "    | \t^~"]


def test_what_would_move_a_terminal_is_not_shown() -> None:
    shown = render_text([error(at(1, 4, 5), "x", "so")], {"ci.yaml": "a: \x1b[31m\x07\n"})
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_a_long_line_is_cut_around_the_place() -> None:
    shown = render_text([error(at(1, 5001, 5004), "x", "so")], {"ci.yaml": "a" * 5000 + "bcd" + "e" * 5000})
    text, marks = shown.splitlines()[1:]
    assert len(text) < 200
    assert text[marks.index("^") : marks.index("^") + 3] == "bcd"
    assert marks.endswith(" ^~~")


def test_findings_come_in_the_order_of_the_file_each_once() -> None:
    first, second = error(at(1, 5, 6), "b", "so"), error(at(1, 5, 6), "a", "so")
    assert in_order([first, second, first]) == [second, first]


def test_json_has_every_field() -> None:
    assert to_json(error(at(1, 2, 3), "x", "so", "do")) == {
        "file": "ci.yaml",
        "line": 1,
        "column": 2,
        "end_line": 1,
        "end_column": 3,
        "severity": "error",
        "code": "x",
        "message": "so",
        "hint": "do",
    }
