"""The reporter's log: one line a fact on stderr, `2026-11-24T17:00:00Z posted forge=work repository=acme/app ...`.

Names and reasons only, never what a payload or a token says.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys

_PLAIN = re.compile(r"[\w./:@+-]+", re.ASCII)


def log(fact: str, **details: object) -> None:
    """Writes one line."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    pairs = " ".join(f"{key}={_quoted(str(value))}" for key, value in details.items())
    sys.stderr.write(f"{now} {fact} {pairs}".rstrip() + "\n")
    sys.stderr.flush()


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value[:500])
