"""The text of the comment on a pull request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.manifests.summary import Summary
from generator.report.comment import comment, made_at
from tests.unit.samples import SHA

RUN = "run-p-ajgcrjdpl0v2mu2reni6a80498"
URL = f"https://argo.example/workflows/argosy-runs-default/{RUN}"
HEAD = f"<!-- argosy-summary 1 1764271234 {RUN} -->\nWhat the jobs of [{RUN}](<{URL}>) wrote about {SHA}:"


def body(*summaries: tuple[str, str], url: str = URL) -> str:
    return comment(RUN, 1764271234.0, SHA, url, [(name, Summary(text, 0)) for name, text in summaries]).body


def test_each_job_has_a_heading_and_its_markdown_quoted() -> None:
    assert body(("test[go=1.26]", "# Found\n\n| a |\n|---|\n"), ("lint", "fine")) == (
        f"{HEAD}\n\n### `test[go=1.26]`\n\n> # Found\n>\n> | a |\n> |---|\n\n<!-- -->\n\n"
        "### `lint`\n\n> fine\n\n<!-- -->"
    )


def test_what_is_left_out_is_counted() -> None:
    found = comment(RUN, 1.0, SHA, URL, [("it", Summary("a\n", 12345)), ("long", Summary("", 9000))])
    assert found.body.partition("\n\n")[2] == (
        "### `it`\n\n> a\n\n<!-- -->\n\n*12,345 more bytes are in the job's log.*\n\n"
        "### `long`\n\n*9,000 more bytes are in the job's log.*"
    )


def test_a_run_whose_jobs_wrote_nothing_only_replaces_what_an_older_one_wrote() -> None:
    found = comment(RUN, 1764271234.0, SHA, URL, [("it", Summary("", 0)), ("blank", Summary(" \n\n", 0))])
    assert not found.written
    assert found.body.splitlines()[1] == f"No job of [{RUN}](<{URL}>) has written a summary about {SHA}."
    assert made_at(found.body) == 1764271234


@pytest.mark.parametrize("url", ["", "https://argo.example/>\n/retest", "https://argo.example/a b"])
def test_without_a_link_the_run_has_its_name(url: str) -> None:
    assert f"of `{RUN}` wrote" in body(("it", "a"), url=url)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("test[a=`b`]", "### ``test[a=`b`]``"),
        (
            "test[a=``]\n/merge\r# x\x1b",
            "### ```test[a=``] /merge\N{REPLACEMENT CHARACTER}# x\N{REPLACEMENT CHARACTER}```",
        ),
        ("`a", "### `` `a ``"),
        ("t[" + "x" * 500 + "]", "### `t[" + "x" * 198 + "`"),
    ],
)
def test_a_combinations_name_is_one_line_of_code(name: str, heading: str) -> None:
    assert body((name, "a")).splitlines()[3] == heading


def test_many_summaries_are_cut_to_what_a_forge_takes() -> None:
    found = body(*((f"job-{number}", "x\n" * 2048) for number in range(20)))
    assert len(found.encode()) < 65_536
    assert found.endswith("*13 more summaries do not fit here: see the jobs' logs.*")
    assert body(*((f"job-{number}", "x" * 4000) for number in range(15))).count("### ") == 14


@pytest.mark.parametrize(
    "other",
    [
        "",
        "words",
        f" {HEAD}",
        f"> {HEAD}",
        HEAD.replace("summary 1", "summary 2"),
        HEAD.replace("-->", "--> x"),
        HEAD.replace("1764271234", "9" * 5000),
    ],
)
def test_another_comment_is_none(other: str) -> None:
    assert made_at(other) is None


@pytest.mark.parametrize("kept", [HEAD, HEAD.replace("\n", "\r\n"), HEAD.partition("\n")[0]])
def test_a_comment_is_known_by_its_first_line(kept: str) -> None:
    assert made_at(kept) == 1764271234


HOSTILE = [
    "-->",
    "<!--",
    "\n",
    "\r",
    "\x85",
    "\u2028",
    "\x1b[1m",
    "\x00",
    "/merge",
    "```",
    "# ",
    "> ",
    HEAD,
    "\ud800",
    " ",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(HOSTILE)).map("".join))


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_whatever_jobs_write_stands_in_quotations(summaries: list[tuple[str, str]]) -> None:
    """No line of it is the first one, or begins as they wrote it; and nothing is in it that a terminal would obey."""
    found = body(*summaries)
    lines = found.split("\n")
    assert made_at(found) == 1764271234
    ours = [line for line in lines[2:] if line and not line.startswith(">")]
    assert all(line == "<!-- -->" or line.startswith("### `") for line in ours)
    quoted = "".join(line for line in lines if line.startswith("### `")) + "".join(ours)
    assert all(character.isprintable() or character in "\t\u200b" or ord(character) > 0x9F for character in quoted)
    assert not set(found) & set(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0), 0xD800, 0x2028, 0x2029]))
    found.encode()
