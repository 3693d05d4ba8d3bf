"""The words of a language: what each type takes, what it says when it does not, and its JSON Schema."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from generator.document import parse
from generator.fields import (
    At,
    Choice,
    Either,
    Flag,
    Integer,
    Key,
    ListOf,
    Made,
    MapOf,
    Object,
    Reading,
    Record,
    Text,
    duration,
    json_schema,
)
from generator.fields.reading import MOST_TOLD
from generator.fields.reference import sections

if TYPE_CHECKING:
    from generator.fields import Type


@dataclasses.dataclass(frozen=True)
class Cup:
    """What the tests' own language builds."""

    size: int | None
    kinds: tuple[str, ...]
    label: str


SIZE = Key("size", Integer(1, 9), "How large.", default="of the house", example="size: 3")
KINDS = Key("kinds", ListOf(Text(), "a list of texts", unique=True), "What is in it.", example="kinds: [tea, milk]")
LABEL = Key("label", Text(empty=True), "What it says.", required=True, example="label: mine")


def build(record: Record) -> Cup:
    return Cup(record.get(SIZE), record.get(KINDS) or (), record.get(LABEL) or "")


CUP = Object(
    "a cup",
    (SIZE, KINDS, LABEL),
    build,
    title="cup",
    doc="A cup.",
    later=("handle",),
    foreign={"volume": "write size"},
    homes="x-",
)


def read(kind: Type[Any], text: str) -> tuple[Any, list[tuple[int, str, str, str]]]:
    node, found = parse(text, "f")
    assert node is not None
    reading = Reading()
    reading.add(*found)
    value = kind.read(node, reading)
    return value, [(one.span.column, one.code, one.message, one.hint) for one in reading.found()]


@pytest.mark.parametrize("written", ["1.10", "yes", "0123", "1e3", "~x", "2026-11-24", "true"])
def test_text_stays_text(written: str) -> None:
    assert read(Text(), written) == (written, [])


def test_nothing_is_the_empty_text() -> None:
    assert read(MapOf(Text(), Text(empty=True), "a mapping"), "{a: , b: ~, c: null, d: ''}")[1] == []
    assert read(Text(), "~") == (None, [(1, "empty-value", "a text is missing here", "write its value, or remove it")])


def test_a_text_has_to_match_its_pattern_as_a_whole() -> None:
    kind = Text("a letter", "[a-z]", "from a to z", "bad-letter")
    assert read(kind, "x") == ("x", [])
    assert read(kind, "xy") == (None, [(1, "bad-letter", "'xy' is not a letter", "from a to z")])


@pytest.mark.parametrize(("written", "seconds"), [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("1h1m1s", 3661)])
def test_durations(written: str, seconds: int) -> None:
    assert read(duration(), written) == (seconds, [])


@pytest.mark.parametrize("written", ["30", "0s", "1.5h", "30m1h", "-1m", "1d", "m", "9999999h"])
def test_what_is_no_duration(written: str) -> None:
    value, found = read(duration(), written)
    assert value is None
    assert found == [(1, "bad-value", f"'{written}' is not a duration", "write it like 90s, 30m or 1h30m")]


def test_flags_are_true_and_false_alone() -> None:
    assert read(Flag(), "True") == (True, [])
    assert read(Flag(), "yes")[1] == [(1, "wrong-type", "this must be true or false, not 'yes'", "write true")]
    assert read(Flag(), "'true'")[1][0][1] == "wrong-type"


def test_whole_numbers_have_bounds() -> None:
    assert read(Integer(1, 9), "9") == (9, [])
    assert read(Integer(1, 9), "10")[1] == [(1, "bad-value", "10 is not from 1 to 9", "")]
    assert read(Integer(1, 9), "0x1")[1][0][1] == "wrong-type"


@pytest.mark.parametrize(
    ("kind", "written", "hint"),
    [
        (Flag(), "'true'", "write it without quotes"),
        (Flag(), "yes", "write true"),
        (Flag(), "off", "write false"),
        (Flag(), "maybe", ""),
        (Integer(1, 9), "'3'", "write it without quotes"),
        (Integer(1, 9), "three", ""),
        (Text(instead="write one line"), "[a]", "write one line"),
        (Choice(("small", "large"), foreign={"xl": "write large"}), "xl", "write large"),
    ],
)
def test_what_others_write_has_a_way_out(kind: Type[Any], written: str, hint: str) -> None:
    value, found = read(kind, written)
    assert (value, [hint for *_, hint in found]) == (None, [hint])


def test_choices_suggest_and_know_what_comes_later() -> None:
    kind = Choice(("small", "large"), later=("huge",), what="size")
    assert read(kind, "large") == ("large", [])
    assert read(kind, "larg")[1] == [
        (1, "bad-value", "unknown size 'larg'", "did you mean 'large'? known: small, large")
    ]
    assert read(kind, "huge")[1] == [(1, "not-yet", "'huge' is not supported yet", "leave it out")]


def test_one_is_a_list_of_one() -> None:
    kind = ListOf(Text(), "a list of texts")
    assert read(kind, "a")[0] == ("a",)
    assert read(kind, "[a, b]")[0] == ("a", "b")
    assert read(kind, "~")[0] == ()


def test_a_list_goes_on_after_a_bad_item() -> None:
    value, found = read(ListOf(Integer(1, 9), "a list of numbers"), "[1, x, 3, 99]")
    assert value == (1, 3)
    assert [(column, code) for column, code, _, _ in found] == [(5, "wrong-type"), (11, "bad-value")]


def test_lists_can_want_items_and_no_doubles_and_take_lists_apart() -> None:
    assert read(ListOf(Text(), "a list", minimum=1), "[]")[1][0][1] == "empty-value"
    assert read(ListOf(Text(), "a list", unique=True), "[a, b, a]")[1] == [
        (8, "duplicate-value", "'a' stands here twice", "remove one of them")
    ]
    assert read(ListOf(Text(), "a list", spliced=True), "[a, [b, [c]], d]")[0] == ("a", "b", "c", "d")


def test_a_shape_decides_the_type() -> None:
    kind = Either("a text or a list", text=Text(), sequence=Made(ListOf(Text(), "a list"), "+".join))
    assert read(kind, "a")[0] == "a"
    assert read(kind, "[a, b]")[0] == "a+b"
    assert read(kind, "{}")[1] == [(1, "wrong-type", "this must be a text or a list, not a mapping", "")]


def test_places_come_along() -> None:
    value, _ = read(ListOf(At(Text()), "a list"), "[a, bc]")
    assert [(item.value, item.span.column, item.span.end_column) for item in value] == [("a", 2, 3), ("bc", 5, 7)]


def test_a_mapping_is_built_into_a_value() -> None:
    assert read(CUP, "{label: mine, size: 3, kinds: tea, x-free: [1]}") == (Cup(3, ("tea",), "mine"), [])


def test_all_of_a_mappings_errors_come_at_once() -> None:
    value, found = read(CUP, "{sice: 1, handle: 2, volume: 3, label: [], size: 99, kinds: [a, a]}")
    assert value == Cup(None, ("a", "a"), "")
    assert [(code, message, hint) for _, code, message, hint in found] == [
        ("unknown-key", "unknown key 'sice' in a cup", "did you mean 'size'? known: size, kinds, label"),
        ("not-yet", "'handle' is not supported yet", "leave it out"),
        ("unknown-key", "unknown key 'volume' in a cup", "write size"),
        ("wrong-type", "'label' must be a text, not a list", "write it like label: mine"),
        ("bad-value", "99 is not from 1 to 9", ""),
        ("duplicate-value", "'a' stands here twice", "remove one of them"),
    ]


def test_a_missing_key_is_told_once_and_hides_nothing() -> None:
    assert read(CUP, "{size: 3}") == (Cup(3, (), ""), [(1, "missing-key", "a cup needs 'label'", "write label: mine")])
    assert [code for _, code, _, _ in read(CUP, "{labl: x}")[1]] == ["unknown-key"]
    assert [code for _, code, _, _ in read(CUP, "{label: *nowhere}")[1]] == ["yaml-alias"]


def test_a_key_that_nobody_knows_may_be_the_one_that_is_missing() -> None:
    assert [code for _, code, _, _ in read(CUP, "{inscription: x}")[1]] == ["unknown-key"]
    assert [code for _, code, _, _ in read(CUP, "{sice: 1}")[1]] == ["missing-key", "unknown-key"]
    assert [code for _, code, _, _ in read(CUP, "{handle: 1}")[1]] == ["missing-key", "not-yet"]


def test_the_keys_example_is_beside_what_has_the_wrong_shape_in_it() -> None:
    for written in ("{label: x, kinds: [[a], [b]]}", "{label: x, kinds: {a: b}}"):
        _, found = read(CUP, written)
        assert {hint for *_, hint in found} == {"write it like kinds: [tea, milk]"}


def test_a_mapping_under_an_unknown_key_may_belong_elsewhere() -> None:
    shelf = dataclasses.replace(CUP, strays="cups stand on the shelf")
    _, found = read(shelf, "{label: x, saucer: {label: y}, spoon: 1, lable: {}}")
    assert [hint.partition("?")[0] for *_, hint in found] == [
        "cups stand on the shelf",
        "known: size, kinds, label",
        "did you mean 'label'",
    ]


def test_an_error_in_an_anchor_is_told_once() -> None:
    _, found = read(ListOf(CUP, "a list"), "[&a {label: x, size: 0}, *a, *a]")
    assert [code for _, code, _, _ in found] == ["bad-value"]


def test_messages_are_one_line_without_control_characters() -> None:
    _, found = read(CUP, '{label: x, "a\\nb\\e[31m": 1, "' + "long" * 50 + '": 2}')
    assert found[0][2] == r"unknown key 'a\nb\x1b[31m' in a cup"
    assert len(found[1][2]) < 100


def test_a_hopeless_file_does_not_fill_the_memory() -> None:
    reading = Reading()
    node, _ = parse("{label: x, " + ", ".join(f"k{number}: 1" for number in range(5000)) + "}", "f")
    assert node is not None
    CUP.read(node, reading)
    assert len(reading.found()) == MOST_TOLD


def test_the_schema_takes_what_the_reader_takes() -> None:
    schema = json_schema(CUP, "cups")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for good in ({"label": "x"}, {"label": 1.5, "kinds": "tea"}, {"label": None, "kinds": ["a", 1], "x-free": []}):
        assert list(validator.iter_errors(good)) == []
    for bad in ({}, {"label": "x", "sice": 1}, {"label": "x", "size": 0}, {"label": "x", "handle": 1}):
        assert list(validator.iter_errors(bad)) != []
    assert schema["properties"]["size"]["description"] == "How large. Default: of the house."


def test_the_reference_has_every_key() -> None:
    page = sections(CUP)
    assert page.startswith("## cup\n\nA cup.\n")
    assert "| `label` | a text | **required** | What it says. |" in page
    assert "| `size` | a whole number | of the house | How large. |" in page
    assert "size: 3\nkinds: [tea, milk]\nlabel: mine\n" in page
    assert "Not supported yet: `handle`." in page
