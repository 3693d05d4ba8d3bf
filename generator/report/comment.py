"""The comment on a pull request that shows what the jobs of its newest run have written to CI_SUMMARY.

Its first line is a marker, by which it is found again, and which says whose it is. What jobs wrote is any Markdown, and
not read here. Each line of it stands in a quotation: there it cannot be the first line, no forge takes it for a command
(GitLab would, as the token's user), and what it opens ends with it.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.manifests.summary import Summary

# GitHub takes 65,536 characters.
_MOST_BYTES = 60_000
_HEADING_CHARACTERS = 200
_CONTROL = ("Cc", "Cs")
# What an HTML comment that the job began would hide otherwise.
_END_OF_COMMENT = "<!-- -->"
_MARKER = re.compile(r"<!-- argosy-summary 1 ([0-9]{1,12}) [a-z0-9-]{1,63} -->(?:\r?\n|$)")


@dataclasses.dataclass(frozen=True, slots=True)
class Comment:
    """What a run has to say on its pull request.

    `created` is when the run was, in seconds since 1970; `url` is its link, which stands in the body too. One that
    is not `written` holds nothing of a job's: it only takes the place of an older run's.
    """

    run: str
    created: int
    body: str
    url: str
    written: bool


def comment(run: str, created: float, sha: str, url: str, summaries: Iterable[tuple[str, Summary]]) -> Comment:
    """The comment of a run; `summaries` has a job's or a combination's name with each."""
    wrote = [(name, summary) for name, summary in summaries if summary.text.strip() or summary.omitted]
    marker = f"<!-- argosy-summary 1 {int(created)} {run} -->"
    link = f"[{run}](<{url}>)" if url and not re.search(r"[<>\s]", url) else f"`{run}`"
    if not wrote:
        body = f"{marker}\nNo job of {link} has written a summary about {sha}."
        return Comment(run, int(created), body, url, written=False)
    head = f"{marker}\nWhat the jobs of {link} wrote about {sha}:"
    return Comment(run, int(created), "\n\n".join([head, *_that_fit(wrote, _MOST_BYTES)]), url, written=True)


def made_at(body: str) -> int | None:
    """When the run was made whose comment this is, None for another comment; whose user's it is, is not said here."""
    found = _MARKER.match(body)
    return int(found[1]) if found else None


def _that_fit(summaries: list[tuple[str, Summary]], room: int) -> Iterator[str]:
    for number, (name, summary) in enumerate(summaries):
        block = _block(name, summary)
        room -= len(block.encode())
        if room < 0:
            left = len(summaries) - number
            what = "1 more summary does" if left == 1 else f"{left:,} more summaries do"
            yield f"*{what} not fit here: see the jobs' logs.*"
            return
        yield block


def _block(name: str, summary: Summary) -> str:
    parts = [f"### {_code(name)}"]
    lines = [_plain(line) for line in summary.text.rstrip().splitlines()]
    if lines:
        parts += ["\n".join(f"> {line}" if line else ">" for line in lines), _END_OF_COMMENT]
    if summary.omitted:
        parts.append(f"*{summary.omitted:,} more bytes are in the job's log.*")
    return "\n\n".join(parts)


def _code(name: str) -> str:
    """A name, which may hold anything, as a code span: one line, inside of more backticks in a row than it has."""
    line = " ".join(_plain(name.replace("\n", " ")).split())[:_HEADING_CHARACTERS]
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _plain(line: str) -> str:
    """The line without control characters; tabs stay."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(one) in _CONTROL and one != "\t" else one for one in line
    )
