"""Texts that Argo and Kubernetes both look into, and that reach a container as they were written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.manifests.inert import inert

PARTS = [
    "{",
    "{{",
    "}}",
    "$",
    "$$",
    "$(",
    "$(A)",
    "$(ARGOSY_BRACE)",
    ")",
    "=1+1",
    "workflow.name",
    "\n",
    "\\",
    "'",
    "x",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PARTS)).map("".join))
variables = st.dictionaries(st.sampled_from(["A", "ARGOSY_BRACE", "ARGOSY_BRACE_", "B"]), texts)


def expand(text: str, known: dict[str, str]) -> str:
    """What Kubernetes makes of a text: third_party/forked/golang/expansion/expand.go."""
    made, at = "", 0
    while at < len(text):
        if text[at] != "$" or at + 1 == len(text):
            made, at = made + text[at], at + 1
        elif text[at + 1] == "$":
            made, at = made + "$", at + 2
        elif text[at + 1] == "(" and ")" in text[at + 2 :]:
            end = text.index(")", at)
            name = text[at + 2 : end]
            made, at = made + known.get(name, f"$({name})"), end + 1
        else:
            made, at = made + text[at : at + 2], at + 2
    return made


@given(args=st.lists(texts), env=variables)
def test_argo_finds_nothing_to_replace_and_kubernetes_gives_back_what_was_written(
    args: list[str], env: dict[str, str]
) -> None:
    written = inert([*args, *env.values()], env)
    known: dict[str, str] = {}
    for variable in written.variables():
        known[variable["name"]] = expand(variable["value"], known)
    for name, value in env.items():
        assert "{{" not in written.text(value)
        known[name] = expand(written.text(value), known)
        assert known[name] == value
    for text in args:
        assert "{{" not in written.text(text)
        assert expand(written.text(text), known) == text


def test_a_container_whose_texts_have_no_two_braces_in_a_row_gets_no_variable_for_them() -> None:
    assert inert(["{x} $HOME", "${x"], ["A"]).variables() == []


def test_the_variable_for_a_brace_has_a_name_of_its_own() -> None:
    (variable,) = inert(["{{"], ["ARGOSY_BRACE", "A"]).variables()
    assert variable == {"name": "ARGOSY_BRACE_", "value": "{"}
