"""Codes of a text that is no YAML, or that means more than one thing."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci, too_long
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      test: {run: make test}
""")

DOCUMENT = Group(
    "The file",
    "What keeps a file from being read as YAML, or from meaning one thing only.",
    (
        Code(
            "empty-file",
            Severity.ERROR,
            "The file has nothing in it but comments.",
            bad=ci("""
                # soon
            """),
            good=ci("""
                jobs:
                  test:
                    run: make test
            """),
        ),
        Code(
            "file-size",
            Severity.ERROR,
            "The file is larger than 1 MiB. Scripts of that size belong into files of the repository.",
            bad=too_long(ci("# a file with 1,100,000 bytes of comments"), lambda: b"#" * 1_100_000),
            good=_GOOD,
        ),
        Code(
            "encoding",
            Severity.ERROR,
            'The file is not UTF-8. Editors call it "save with encoding".',
            bad=too_long(
                ci("# a file with an umlaut in ISO 8859-1"), lambda: b"# \xe4\njobs: {test: {run: make test}}\n"
            ),
            good=_GOOD,
        ),
        Code(
            "control-character",
            Severity.ERROR,
            "A character that no editor shows: NUL, an escape, a byte order mark inside the text, a carriage return "
            "that ends a line by itself. NUL cannot stand in a text at all, not even as an escape.",
            bad=ci(r"""
                jobs:
                  test:
                    run: "printf '\0'"
            """),
            good=ci(r"""
                jobs:
                  test:
                    run: printf '\0'
            """),
        ),
        Code(
            "yaml-syntax",
            Severity.ERROR,
            "The text is not YAML. The place is where that became clear, or where the construct began that is never "
            "closed.",
            bad=ci("""
                jobs:
                  test:
                    run: echo: hello
            """),
            good=ci("""
                jobs:
                  test:
                    run: "echo: hello"
            """),
        ),
        Code(
            "tab",
            Severity.ERROR,
            "Lines are indented with spaces in YAML.",
            bad=ci("""
                jobs:
                \ttest: {run: make test}
            """),
            good=ci("""
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "yaml-tag",
            Severity.ERROR,
            "A value that starts with `!` is a YAML tag, and tags mean nothing here. It is nearly always a pattern "
            "that wants quotes.",
            bad=ci("""
                on: {push: {branches: ["**", !wip/**]}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {push: {branches: ["**", "!wip/**"]}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "yaml-key",
            Severity.ERROR,
            "A key is not a text: it is missing, or it is a list or a mapping. A value that starts with `{{` looks "
            "like that to YAML.",
            bad=ci("""
                jobs:
                  test:
                    run: {{ command }}
            """),
            good=ci("""
                jobs:
                  test:
                    run: make test
            """),
        ),
        Code(
            "yaml-alias",
            Severity.ERROR,
            "An alias without its anchor, or one that stands inside what it names. Anchors stand before their aliases.",
            bad=ci("""
                jobs:
                  test:
                    env: *common
                    run: make test
            """),
            good=ci("""
                x-common: &common {LANG: C.UTF-8}
                jobs:
                  test:
                    env: *common
                    run: make test
            """),
        ),
        Code(
            "unused-anchor",
            Severity.WARNING,
            "An anchor that no alias names.",
            bad=ci("""
                x-common: &common {LANG: C.UTF-8}
                jobs:
                  test:
                    env: {LANG: C.UTF-8}
                    run: make test
            """),
            good=ci("""
                x-common: &common {LANG: C.UTF-8}
                jobs:
                  test:
                    env: *common
                    run: make test
            """),
        ),
        Code(
            "yaml-merge",
            Severity.ERROR,
            "`<<` takes a mapping, or a list of mappings.",
            bad=ci("""
                x-name: &name test
                jobs:
                  test:
                    <<: *name
                    run: make test
            """),
            good=ci("""
                x-small: &small {runner: small}
                jobs:
                  test:
                    <<: *small
                    run: make test
            """),
        ),
        Code(
            "yaml-documents",
            Severity.ERROR,
            "A file holds one document; the second `---` starts another one.",
            bad=ci("""
                jobs:
                  test: {run: make test}
                ---
                jobs:
                  lint: {run: make lint}
            """),
            good=ci("""
                ---
                jobs:
                  test: {run: make test}
                  lint: {run: make lint}
            """),
        ),
        Code(
            "yaml-depth",
            Severity.ERROR,
            "Lists and mappings are more than 64 deep inside each other.",
            bad=too_long(
                ci("x-deep: [[[[ # and so on, 100 brackets"),
                lambda: f"x-deep: {'[' * 100}{']' * 100}\njobs: {{test: {{run: make test}}}}\n",
            ),
            good=_GOOD,
        ),
        Code(
            "yaml-size",
            Severity.ERROR,
            "The file has more than 100,000 values, each alias counting as much as what it stands for and a long text "
            "as several.",
            bad=too_long(
                ci("x-many: [a, a, a, # and so on, 150,000 values"),
                lambda: f"x-many: [{'a,' * 150_000}]\njobs: {{test: {{run: make test}}}}\n",
            ),
            good=_GOOD,
        ),
        Code(
            "duplicate-key",
            Severity.ERROR,
            "One mapping has the same key twice. YAML would let the later one win without a word.",
            bad=ci("""
                jobs:
                  test: {run: make test}
                  test: {run: make check}
            """),
            good=ci("""
                jobs:
                  test: {run: make test}
                  check: {run: make check}
            """),
        ),
    ),
)
