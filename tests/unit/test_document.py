"""YAML text to nodes: what is kept, where it stands, and what is refused in bounded time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.document import Kind, Mapping, Node, Scalar, Sequence, parse

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic, Span


def tree(text: bytes | str) -> Node:
    node, found = parse(text, "f")
    assert found == []
    assert node is not None
    return node


def codes(text: bytes | str) -> list[tuple[str, int, int]]:
    return [(one.code, one.span.line, one.span.column) for one in parse(text, "f")[1]]


def plain(node: Node) -> object:
    """The node as texts, lists and dicts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {entry.key.text: plain(entry.value) for entry in node.entries}


def value(text: str, key: str = "a") -> Scalar:
    node = tree(text)
    assert isinstance(node, Mapping)
    entry = node.entry(key)
    assert entry is not None
    assert isinstance(entry.value, Scalar)
    return entry.value


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", Kind.NULL),
        ("~", Kind.NULL),
        ("null", Kind.NULL),
        ("true", Kind.BOOL),
        ("False", Kind.BOOL),
        ("on", Kind.STR),
        ("yes", Kind.STR),
        ("no", Kind.STR),
        ("off", Kind.STR),
        ("12", Kind.INT),
        ("0123", Kind.INT),
        ("0o17", Kind.INT),
        ("0x1F", Kind.INT),
        ("1_000", Kind.STR),
        ("1.10", Kind.FLOAT),
        ("1e3", Kind.FLOAT),
        (".inf", Kind.FLOAT),
        ("12:30:45", Kind.STR),
        ("2026-11-24", Kind.STR),
        ("'12'", Kind.STR),
        ('"true"', Kind.STR),
        ("!!str 12", Kind.STR),
    ],
)
def test_scalars_have_the_core_schemas_kind_and_keep_their_text(written: str, kind: Kind) -> None:
    scalar = value(f"a: {written}\n")
    assert scalar.kind is kind
    assert scalar.text == written.removeprefix("!!str ").strip("'\"")


def test_on_is_a_text_as_a_key_too() -> None:
    assert plain(tree("on: push\n")) == {"on": "push"}


def test_places_count_characters_from_one() -> None:
    scalar = value("é😀: x\na: {b: ü, c: d}\n", "é😀")
    assert (scalar.span.line, scalar.span.column, scalar.span.end_column) == (1, 5, 6)


def test_a_byte_order_mark_takes_no_column() -> None:
    assert value(b"\xef\xbb\xbfa: b\n".decode()).span.column == 4
    node = tree(b"\xef\xbb\xbfa: b\n")
    assert node.span.column == 1


def test_windows_line_ends_are_line_ends() -> None:
    assert plain(tree("a: |\r\n  x\r\n  y\r\nb: c\r\n")) == {"a": "x\ny\n", "b": "c"}


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_only_line_feeds_end_lines(character: str) -> None:
    node = tree(f"a: |\n  x{character}y\nb: c\n")
    assert plain(node) == {"a": f"x{character}y\n", "b": "c"}
    assert value(f"a: x{character}y\nb: c\n", "b").span.line == 2


def test_a_block_ends_where_its_last_value_does() -> None:
    node = tree("a:\n  b: c\n\n\nd: e\n")
    assert isinstance(node, Mapping)
    inner = node.entries[0].value.span
    assert (inner.line, inner.column, inner.end_line, inner.end_column) == (2, 3, 2, 7)


@pytest.mark.parametrize(
    ("text", "needle", "place"),
    [
        ("a: echo ${{ x }}\n", "${{", (1, 9)),
        ("a: 'it''s ${{ x }}'\n", "${{", (1, 11)),
        ('a: "\\t\\u00e9 ${{ x }}"\n', "${{", (1, 14)),
        ("a: |\n  one\n\n    two ${{ x }}\n", "${{", (4, 9)),
        ("a: |2-\n   one ${{\n", "${{", (2, 8)),
        ("a: >\n  folded\n  ${{ x }}\n", "${{", (3, 3)),
        ("a: >2-  # why\n   one\n\n    two  ${{ x }}\n\n", "${{", (4, 10)),
        ("a: two\n  lines ${{\n", "${{", (2, 9)),
        ("a: 'it''s\n\n  on ${{\n  x }}'\n", "${{", (3, 6)),
        ('a: "it\\t\\u00e9\n  on \\\n  ${{ x }}"\n', "${{", (3, 3)),
        ('a: "\\x20\n  ${{ x }}"\n', "${{", (1, 4)),
    ],
)
def test_a_part_of_a_text_has_a_place(text: str, needle: str, place: tuple[int, int]) -> None:
    scalar = value(text)
    at = scalar.text.index(needle)
    span = scalar.place(at, at + len(needle))
    assert (span.line, span.column) == place


def test_aliases_and_merges() -> None:
    text = "x-b: &b {p: 1, q: 2}\nx-c: &c {q: 3, r: 4}\na: {<<: [*b, *c], p: 5}\nd: *b\n"
    node = tree(text)
    assert isinstance(node, Mapping)
    assert plain(node) == {
        "x-b": {"p": "1", "q": "2"},
        "x-c": {"q": "3", "r": "4"},
        "a": {"q": "2", "r": "4", "p": "5"},
        "d": {"p": "1", "q": "2"},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("empty-file", 1, 1)]),
        ("# nothing\n", [("empty-file", 1, 1)]),
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("a:\n\tb: 1\n", [("tab", 2, 1)]),
        ("a: |\n\tx\n", [("tab", 2, 1)]),
        ("a: [!docs/**, !x y]\n", [("yaml-tag", 1, 5), ("yaml-tag", 1, 15)]),
        ("a: !/^v\\d$/\n", [("yaml-tag", 1, 4)]),
        ("a: !!int x\n", [("yaml-tag", 1, 4)]),
        ("a: !!python/object:os.system x\n", [("yaml-tag", 1, 4)]),
        ("a: 1\n---\nb: 2\n", [("yaml-documents", 2, 1)]),
        ("a: {{ x }}\n", [("yaml-key", 1, 5)]),
        ("~: x\n", [("yaml-key", 1, 1)]),
        ("a: *x\nb: *y\n", [("yaml-alias", 1, 4), ("yaml-alias", 2, 4)]),
        ("a: &x [*x]\n", [("yaml-alias", 1, 8)]),
        ("a: [main, **]\n", [("yaml-syntax", 1, 11)]),
        ("a: *.md\n", [("yaml-syntax", 1, 4)]),
        ("a: & b\n", [("yaml-syntax", 1, 4)]),
        ("a: {b: ${{ c }}}\n", [("yaml-syntax", 1, 4)]),
        ("a: {<<: 1}\n", [("yaml-merge", 1, 9)]),
        ("a: &a {}\nb: {<<: *a, <<: *a}\n", [("duplicate-key", 2, 13)]),
        ("a: 'x\n", [("yaml-syntax", 1, 4)]),
        ("a: [1\nb: 2\n", [("yaml-syntax", 1, 4)]),
        ("a: b: c\n", [("yaml-syntax", 1, 5)]),
        ("a: @x\n", [("yaml-syntax", 1, 4)]),
        ("%YAML 1.1\n---\na: b\n", [("yaml-syntax", 1, 1)]),
        (b"a: \xc3\xa9 \xff\n", [("encoding", 1, 6)]),
        (b"\xff\xfea\x00", [("encoding", 1, 1)]),
        ("a: b\n c\x00d\x1b\n", [("control-character", 2, 3), ("control-character", 2, 5)]),
        ("a: b\rc\n", [("control-character", 1, 5)]),
        ('a: "\\0"\n', [("control-character", 1, 4)]),
        ("a: " + "[" * 70 + "]" * 70, [("yaml-depth", 1, 67)]),
    ],
)
def test_what_is_refused_and_where(text: bytes | str, expected: list[tuple[str, int, int]]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a: [**]\n", "this is read as a YAML alias", "quote a text that starts with *"),
        ("a: & b\n", "this is read as a YAML anchor", "quote a text that starts with &"),
        ("a: {b: ${{ c }}}\n", "a mapping that is not closed by '}'", "quote a text in it that has brackets"),
        ("a:\n  b: |\n  make\nc: d\n", "this line is no part of the text above", "further than its key"),
        ("- a: b\n c: d\n", "this is indented less than the keys above, and more than the list", "same column"),
        ("a:\n- b: c\nd: e\n- f\n", "this item belongs to no list", "a list ends with the first line that is no item"),
        ("a: {b: echo c: d}\n", "a mapping that is not closed by '}'", "': '"),
    ],
)
def test_a_text_that_yaml_reads_otherwise_has_a_way_out(text: str, message: str, hint: str) -> None:
    _, (found,) = parse(text, "f")
    assert found.message.startswith(message)
    assert hint in found.hint


def test_errors_that_leave_a_tree_come_together_with_it() -> None:
    node, found = parse("a: 1\na: 2\nb: *x\n", "f")
    assert node is not None
    assert [one.code for one in found] == ["duplicate-key", "yaml-alias"]


def test_the_size_limit_says_by_how_much() -> None:
    _, found = parse(b"x" * (1024 * 1024 + 5), "f")
    assert found[0].code == "file-size"
    assert " 5 more " in found[0].message


_ROUGH = st.text(st.sampled_from("ab:- \n[]{},&*!|>'\"#%@?<~\t0.\\é"), max_size=80)


@settings(max_examples=400, deadline=None)
@given(st.one_of(_ROUGH, st.binary(max_size=60), st.text(max_size=60)))
def test_any_text_gives_a_tree_or_errors_inside_the_text(text: bytes | str) -> None:
    node, found = parse(text, "f")
    assert node is not None or found
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for one in found:
        assert_inside(one, shown.removeprefix("\ufeff"))
    if node is not None and not found:
        for span in spans(node):
            assert (span.line, span.column) <= (span.end_line, span.end_column)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffe\uffff"), min_size=1))
def test_a_literal_script_is_kept_character_by_character(script: str) -> None:
    text = "a: |2-\n" + "".join(f"  {line}\n" for line in script.split("\n"))
    scalar = value(text)
    assert scalar.text == script.rstrip("\n")
    if scalar.text:
        last = len(scalar.text) - 1
        place = scalar.place(last, last + 1)
        assert text.split("\n")[place.line - 1][place.column - 1] == scalar.text[last]


_WORDS = st.lists(st.text(st.sampled_from("ab'\\\u00e9:"), min_size=1, max_size=4), min_size=1, max_size=6)


@given(_WORDS, st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=6, max_size=6))
def test_a_word_of_a_folded_text_is_found_where_it_was_written(words: list[str], ends: list[str]) -> None:
    written = "".join(word + end for word, end in zip(words, ends, strict=False)).strip()
    text = "a: >\n" + "".join(f"  {line}\n" for line in written.split("\n"))
    scalar = value(text)
    for at, character in enumerate(scalar.text):
        place = scalar.place(at, at + 1)
        if not character.isspace():
            assert text.split("\n")[place.line - 1][place.column - 1] == character


def assert_inside(found: Diagnostic, text: str) -> None:
    lines = text.split("\n")
    assert 1 <= found.span.line <= len(lines)
    assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1


def spans(node: Node) -> list[Span]:
    if isinstance(node, Scalar):
        return [node.span]
    if isinstance(node, Sequence):
        return [node.span, *(span for item in node.items for span in spans(item))]
    return [node.span, *(span for entry in node.entries for span in (entry.key.span, *spans(entry.value)))]
