"""What came of an event: the expander's last word, which the event Workflow carries as its output parameter `result`.

The reporter turns it into a status where no run speaks for itself. It travels as base64 JSON, because Argo rescans
what it carries.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

RESULT_VERSION = 1

# What may come of an event, and what the reporter makes of it.
STARTED = "started"  # a run was created; it speaks for itself
FOUND = "found"  # the run was there already (a redelivery); it speaks for itself
NOTHING = "nothing"  # nothing to run here: success, with the reason
INVALID = "invalid"  # ci.yaml has errors: error, with the first one's place
REFUSED = "refused"  # a run that may not be: failure, with the reason
IGNORED = "ignored"  # not ours, or nothing that a commit could show: no status
OUTCOMES = (STARTED, FOUND, NOTHING, INVALID, REFUSED, IGNORED)

# What a status needs of the event.
_EVENT_KEYS = ("forge", "kind", "repository", "sha")


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """`event` is the event file's object, None before the facts were known.

    `diagnostics` are those of ci.yaml as plain JSON, in order.
    """

    outcome: str
    why: str
    run: str = ""
    namespace: str = ""
    event: dict[str, Any] | None = None
    diagnostics: tuple[dict[str, Any], ...] = ()


class ResultError(ValueError):
    """A text that is no result of a version that we know."""


def encode(result: Result) -> str:
    """The output parameter's value."""
    value = {"v": RESULT_VERSION, **dataclasses.asdict(result)}
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def decode(text: str) -> Result:
    """Reads the output parameter's value. Raises ResultError."""
    try:
        value = json.loads(base64.b64decode(text, validate=True))
        if value.pop("v") != RESULT_VERSION or value["outcome"] not in OUTCOMES:
            raise ResultError(f"not a result of version {RESULT_VERSION}")
        value["diagnostics"] = tuple(value["diagnostics"])
        return _checked(Result(**value))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as failure:
        raise ResultError(f"not a result: {failure}") from failure


def _checked(result: Result) -> Result:
    """The result, if its values are of the kinds that they are declared to be: whoever may patch Workflows wrote it."""
    event = result.event or {}
    texts = [result.why, result.run, result.namespace, *(event[key] for key in _EVENT_KEYS if event)]
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(one, dict) for one in result.diagnostics):
        raise ResultError("not a result: a value is of another kind than it should be")
    return result
