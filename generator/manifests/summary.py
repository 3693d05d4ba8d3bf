"""What a job has written to CI_SUMMARY, on its way from the step runner through Argo to the reporter.

It goes as an output of the job's, which nothing else of the run is given: Argo carries it and never reads it.
checkout/run.sh writes base64 of the summary's beginning, and how many bytes that leaves out; a job may write anything
there itself, so the reader takes whatever it finds.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses

SUMMARY_PARAMETER = "summary"
SUMMARY_PATH = "/argosy-summary"
# Of Markdown; a pull request's comment is cut by the forge at sixteen times that.
SUMMARY_BYTES = 4096
# Of the Workflow: base64 once for the way to Argo, and once more when that packs its nodes.
STATUS_BYTES = 5600

_ENCODED = -(-SUMMARY_BYTES // 3) * 4
_MOST_DIGITS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """The beginning of a summary, empty where the job has written none, and how many bytes are missing behind it."""

    text: str
    omitted: int


def decode(value: str) -> Summary:
    """Reads what the step runner, or the job itself, has left."""
    encoded, _, rest = value.partition(" ")
    try:
        written = base64.b64decode(encoded[:_ENCODED], validate=True)
    except (binascii.Error, ValueError):
        return Summary("", 0)
    is_number = rest.isascii() and rest.isdecimal() and len(rest) <= _MOST_DIGITS
    return Summary(written[:SUMMARY_BYTES].decode(errors="replace"), int(rest) if is_number else 0)
