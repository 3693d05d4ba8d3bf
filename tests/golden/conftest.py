"""Golden files: what is made is compared with what is there; `pytest tests/golden --update-golden` writes it anew."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

Golden = Callable[[pathlib.Path, bytes | None], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files instead of comparing with them"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a file with what was made, None for no file at all."""
    return _write if request.config.getoption("--update-golden") else _compare


def _write(path: pathlib.Path, made: bytes | None) -> None:
    if made is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)


def _compare(path: pathlib.Path, made: bytes | None) -> None:
    there = path.read_bytes() if path.exists() else None
    # As text, so that a difference is shown as one; and as bytes, since that is what is promised.
    assert _text(made) == _text(there), f"{path} is not what is made now: run `make golden` and review the difference"
    assert made == there


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode()
