from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.report.record import SHARD_CHARACTERS, SHARDS, Record, RecordError, Standing, shard
from generator.report.slots import Slot
from tests.unit.samples import SHA

SLOT = Slot("work", "acme/app", SHA, "argosy/push")
OPEN = Standing("uid-1", 1000.0, "0123456789ab", open=True, namespace="argosy-runs-default", name="run-b-x")
FINAL = Standing("uid-2", 2000.0, "ba9876543210", open=False)
COMPLETE = Standing("uid-2", 2000.0, "ba9876543210", open=False, complete=True)

texts = st.text(max_size=20)
slots = st.one_of(
    st.builds(Slot, texts, texts, texts, texts),
    st.builds(Slot, texts, texts, st.just(""), texts, st.integers(1, 10**9)),
)
standings = st.one_of(
    st.builds(Standing, texts, st.floats(0, 1e10), texts, open=st.just(value=True), namespace=texts, name=texts),
    st.builds(Standing, texts, st.floats(0, 1e10), texts, open=st.just(value=False), complete=st.booleans()),
)


def copied(record: Record) -> Record:
    copy = Record()
    for text in record.dirty().values():
        copy.load(text)
    return copy


@given(st.dictionaries(slots, standings, max_size=8))
def test_a_record_survives_its_journey(known: dict[Slot, Standing]) -> None:
    record = Record()
    for slot, standing in known.items():
        record.put(slot, standing)
    copy = copied(record)
    assert {slot: copy.get(slot) for slot in copy.slots()} == known


def test_only_what_changed_is_written() -> None:
    record = Record()
    record.put(SLOT, OPEN)
    assert list(record.dirty()) == [shard(SLOT)]
    assert record.dirty() == {}
    record.put(SLOT, OPEN)
    assert record.dirty() == {}
    record.put(SLOT, FINAL)
    assert list(record.dirty()) == [shard(SLOT)]


def test_a_shard_that_could_not_be_written_is_written_the_next_time() -> None:
    record = Record()
    record.put(SLOT, OPEN)
    record.dirty()
    record.keep_dirty(shard(SLOT))
    assert list(record.dirty()) == [shard(SLOT)]


def test_forgetting_is_a_change() -> None:
    record = Record()
    record.put(SLOT, COMPLETE)
    record.dirty()
    record.drop(SLOT)
    assert SHA not in record.dirty()[shard(SLOT)]
    record.drop(SLOT)
    assert record.dirty() == {}


def test_all_slots_of_a_commit_are_in_one_shard() -> None:
    assert {shard(Slot("work", "acme/app", SHA, f"argosy/push/{job}")) for job in range(50)} == {shard(SLOT)}


def test_a_shard_keeps_within_what_a_config_map_takes_and_keeps_what_is_open() -> None:
    record = Record()
    record.put(SLOT, OPEN)
    for number in range(SHARD_CHARACTERS // 60):
        record.put(Slot("work", "acme/app", SHA, f"argosy/push/job-{number:060}"), FINAL)
    (text,) = record.dirty().values()
    assert len(text) <= SHARD_CHARACTERS
    assert record.get(SLOT) == OPEN
    copy = Record()
    copy.load(text)
    assert copy.get(SLOT) == OPEN


def test_a_finished_run_costs_about_a_hundred_characters() -> None:
    record = Record()
    for number in range(1000):
        uid = f"{number:08}-0000-0000-0000-000000000000"
        record.put(
            Slot("work", "acme/app", f"{number:040}", "argosy/push"),
            Standing(uid, 1.8e9, "0" * 12, open=False, complete=True),
        )
    assert sum(map(len, record.dirty().values())) / 1000 < 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"v":2,"commits":[]}',
        '{"v":1,"commits":[["a"]]}',
        '{"v":1,"commits":[["a","b","c",{"d":[1]}]]}',
    ],
)
def test_a_text_that_is_no_record_is_refused_as_a_whole(text: str) -> None:
    record = Record()
    with pytest.raises(RecordError):
        record.load(text)
    assert record.slots() == ()


def test_the_text_is_a_contract_with_the_next_release() -> None:
    record = Record()
    record.put(SLOT, OPEN)
    record.put(Slot("work", "acme/app", SHA, "argosy/push/test"), FINAL)
    record.put(Slot("work", "acme/app", SHA, "argosy/tag"), COMPLETE)
    assert json.loads(record.dirty()[shard(SLOT)]) == {
        "v": 1,
        "commits": [
            [
                "work",
                "acme/app",
                SHA,
                {
                    "argosy/push": ["uid-1", 1000.0, "0123456789ab", "open", "argosy-runs-default", "run-b-x"],
                    "argosy/push/test": ["uid-2", 2000.0, "ba9876543210", "final"],
                    "argosy/tag": ["uid-2", 2000.0, "ba9876543210", "complete"],
                },
            ]
        ],
    }
    assert SHARDS == 16
