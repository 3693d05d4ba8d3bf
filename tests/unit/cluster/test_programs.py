"""The catalogue of compiled programs agrees with itself, and a changed pin is another program."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tests.e2e.cluster.programs import catalogue, program
from tests.e2e.cluster.settings import HERE


@pytest.mark.parametrize("name", catalogue())
def test_every_version_that_is_compiled_in_is_the_pinned_one(name: str) -> None:
    made = program(name)
    version = re.compile(r"(?:version|gitVersion|gitTag|Version)=v?([0-9.]+)")
    compiled_in = {found for flag in made.ldflags for found in version.findall(flag)}
    assert compiled_in <= {made.version.removeprefix("v")}


def test_every_patch_and_checksum_file_belongs_to_a_program() -> None:
    files = [path for path in (HERE / "modules").iterdir() if path.suffix in {".sh", ".sum"}]
    assert files
    assert {path.stem for path in files} <= set(catalogue())


def test_another_checksum_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.e2e.cluster.programs._go_version", lambda: "go version go1.26.0 linux/amd64")
    made = program("nats")
    assert dataclasses.replace(made, sum="h1:other").key != made.key
