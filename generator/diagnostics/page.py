"""What each code means, as people read it: its page in docs/reference/diagnostics, the list, and on a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from generator.diagnostics.codes import BARE, CI, CLONE, CODES, GROUPS, MANUAL, PLATFORM, REPOSITORY
from generator.diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from generator.diagnostics.codes import Code, Example, Group

_PAGE_WIDTH = 120
_TERMINAL_WIDTH = 80
_LANGUAGES = {CI: "yaml", BARE: "yaml", MANUAL: "yaml", PLATFORM: "yaml"}
_SHELL = "sh"
_WHATS = {
    CI: "a ci.yaml",
    BARE: "on a platform without `artifacts`",
    MANUAL: "a ci.yaml and how it is started",
    PLATFORM: "in platform.yaml",
    CLONE: "on a laptop",
    REPOSITORY: "in the repository",
}

_MADE = "<!-- Made by `make golden` from the declarations of the codes. Change those, not this page. -->"
_BACK = "All codes are in [diagnostics](../diagnostics.md)."
_OPENING = f"""\
# Diagnostics

{_MADE}

`argosy lint`, `argosy plan` and the status of a run that could not be planned all tell what is wrong in the same words:

```text
ci.yaml:4:13: error: unknown runner 'larg' [unknown-runner]
  4 |     runner: larg
    |             ^~~~
  did you mean 'large'? known: small, medium, large
```

The word in brackets is the code; codes are stable, and each has a page, which `argosy explain CODE` prints on a
terminal. Everything that is wrong with a file is told at once, in the order of the file. Only the first thing that is
not YAML at all hides what comes behind it. An error stops what was asked, a warning does not. How other programs get
the findings is in [commands](commands.md#argosy-lint).
"""


def contents() -> str:
    """The list of all codes, with a link to the page of each."""
    return "\n".join([_OPENING, *map(_group, GROUPS)])


def page(code: Code, said: str) -> str:
    """One code's page; `said` is what argosy says of the bad example, empty where that is not known."""
    told = [f"Which gives:\n\n```text\n{said}```"] if said else []
    examples = [_shown("Bad", code.bad), *told, _shown("Good", code.good)]
    return "\n\n".join([f"# {code.name}", _MADE, _meaning(code), *examples, _BACK]) + "\n"


def on_terminal(code: Code) -> str:
    """One code as plain text."""
    parts = [f"{code.name} ({code.severity.value})", _wrapped(code.meaning, _TERMINAL_WIDTH)]
    for word, example in (("Bad", code.bad), ("Good", code.good)):
        parts.append(f"{word}, {_what(example)}:")
        parts.append(textwrap.indent(example.shown, "  ").rstrip())
    return "\n\n".join(parts) + "\n"


def overview() -> str:
    """Every code with what it means in one sentence, on a line each."""
    width = max(map(len, CODES))
    groups = ("\n".join(f"  {code.name:{width}}  {code.summary}" for code in group.codes) for group in GROUPS)
    titles = (f"{group.title}:" for group in GROUPS)
    return "\n\n".join(f"{title}\n{codes}" for title, codes in zip(titles, groups, strict=True)) + "\n"


def section(code: Code) -> str:
    """One code as Markdown, without its heading."""
    return "\n\n".join([_meaning(code), _shown("Bad", code.bad), _shown("Good", code.good)]) + "\n"


def _group(group: Group) -> str:
    table = "\n".join(["| code | | what it says |", "| --- | --- | --- |", *map(_row, group.codes)])
    return f"## {group.title}\n\n{_wrapped(group.opening, _PAGE_WIDTH)}\n\n{table}\n"


def _row(code: Code) -> str:
    return f"| [{code.name}](diagnostics/{code.name}.md) | {code.severity.value} | {code.summary} |"


def _meaning(code: Code) -> str:
    return _wrapped(f"A warning. {code.meaning}" if code.severity is Severity.WARNING else code.meaning, _PAGE_WIDTH)


def _shown(word: str, example: Example) -> str:
    return f"{word}, {_what(example)}:\n\n{_block(example)}"


def _block(example: Example) -> str:
    return f"```{_LANGUAGES.get(example.of, _SHELL)}\n{example.shown}```"


def _what(example: Example) -> str:
    return _WHATS[example.of]


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
