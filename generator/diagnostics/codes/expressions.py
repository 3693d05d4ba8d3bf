"""Codes of expressions."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Example, Group, ci, clone
from generator.diagnostics.diagnostic import Severity


def _with(line: str) -> Example:
    """A job with this line."""
    return ci(f"""
        jobs:
          test:
            {line}
            run: make test
    """)


EXPRESSIONS = Group(
    "Expressions",
    "What stands in an `if` or between `${{` and `}}`.",
    (
        Code(
            "expression-syntax",
            Severity.ERROR,
            "An expression is no CEL, or its `}}` is missing. To have `${{` in a text, write `${{ '${{' }}`.",
            bad=_with("if: branch = 'main'"),
            good=_with("if: branch == 'main'"),
        ),
        Code(
            "expression-type",
            Severity.ERROR,
            "Things do not go together: a comparison of a text with a number, `&&` between texts, a list where a text "
            "belongs, an `if` that is not true or false.",
            bad=_with("if: pull_request.number == '7'"),
            good=_with("if: pull_request.number == 7"),
        ),
        Code(
            "unknown-event",
            Severity.WARNING,
            "A comparison with an event, or with an action of a pull request, that there is none of. It never holds.",
            bad=_with("if: event == 'merge_request'"),
            good=_with("if: event == 'pull_request'"),
        ),
        Code(
            "unknown-name",
            Severity.ERROR,
            "An expression uses a name or a function that the language does not have.",
            bad=_with("if: brnch == 'main'"),
            good=_with("if: branch == 'main'"),
        ),
        Code(
            "expression-size",
            Severity.ERROR,
            "An expression is too long, nested too deeply, or could take more time or memory than planning is worth.",
            bad=_with(
                "if: pull_request.labels.filter(one, one != 'a').filter(one, one != 'b').exists(one, one != 'c')"
            ),
            good=_with("if: pull_request.labels.exists(one, !(one in ['a', 'b', 'c']))"),
        ),
        Code(
            "expression-failed",
            Severity.ERROR,
            "An expression has no value for this event: an element that a list has not, a division by zero, `hash()` "
            "of no file. The run is not created. Those of jobs that do not run are not looked at.",
            bad=_with("if: pull_request.labels[0] == 'full'"),
            good=_with("if: \"'full' in pull_request.labels\""),
        ),
        Code(
            "expression-result",
            Severity.ERROR,
            "What an expression gives cannot be put into a text: it is too long, or has a U+0000 in it.",
            bad=_with("""env: {SEPARATOR: "${{ '\\\\u0000' }}"}"""),
            good=_with("""env: {SEPARATOR: "${{ '\\\\n' }}"}"""),
        ),
        Code(
            "unknown-tree",
            Severity.ERROR,
            "The file asks what is in the repository or what was changed, and there is no clone that could tell. Only "
            "`argosy plan` and `argosy expand` on a laptop say so.",
            bad=clone("""
                cat > ci.yaml <<END
                jobs:
                  test: {if: changed('src/**'), run: make test}
                END
            """),
            good=clone("""
                cat > ci.yaml <<END
                jobs:
                  test: {if: changed('src/**'), run: make test}
                END
                git init --quiet --initial-branch=main
                git add ci.yaml
                git commit --quiet --message 'Test what changed'
            """),
        ),
    ),
)
