"""platform.yaml as an operator writes it: what it means, and what is told about what is wrong."""

from __future__ import annotations

import pathlib
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.commands.init import first_platform
from generator.diagnostics import Severity, headline
from generator.events import event
from generator.platform import model
from generator.platform.model import Artifacts, SecretKey, Tenant, Toleration
from generator.platform.reader import read
from tests.unit.platform import written

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.platform.model import Platform

_CHECKOUT = pathlib.Path(__file__).parents[3]
EXAMPLE = _CHECKOUT / "examples/platform.yaml"


def platform(text: str) -> Platform:
    found, diagnostics = read(text, "platform.yaml")
    assert found is not None, [headline(diagnostic) for diagnostic in diagnostics]
    return found


def errors(text: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in read(text, "platform.yaml")[1] if diagnostic.severity is Severity.ERROR]


def test_the_smallest_file_gets_the_defaults() -> None:
    found = platform(written.SMALLEST)
    assert found.forges[0].kind == "gitea"
    assert found.forges[0].checkout_tokens == ()
    assert found.tenants == ()
    assert found.defaults.timeout == 3600
    assert (found.limits.tasks, found.limits.timeout, found.limits.script) == (2000, 86400, 65536)
    assert (found.report.jobs, found.report.link) == ("", "")
    assert (found.instance_id, found.paused, found.registry_credentials) == ("", False, ())
    assert found.artifacts is None


def test_everything_that_can_be_said_is_read() -> None:
    found = platform(written.WHOLE)
    work, lab = found.forges
    assert (work.id, work.kind, work.url, work.hook_url) == (
        "work",
        "gitea",
        "https://git.example",
        "https://ci.example/work",
    )
    assert work.hook_secrets == (SecretKey("forge-work-new", "hook"), SecretKey("forge-work", "hook"))
    assert work.checkout_tokens == (SecretKey("forge-work-checkout", "token"),)
    assert work.repositories == ("acme/*", "!acme/attic-*")
    assert lab.kind == "gitlab"
    assert found.tenants == (
        Tenant("web", ("work/acme/web-*",), (("cpu", "64"), ("memory", "256Gi"), ("pods", "200")), 20),
        Tenant("ml", ("{work,lab}/**",), (), None),
    )
    gpu = found.runner("gpu")
    assert gpu is not None
    assert gpu.resources == (("cpu", "8"), ("memory", "32Gi"), ("ephemeral-storage", "50Gi"), ("nvidia.com/gpu", "1"))
    assert gpu.node_selector == (("pool", "ci"), ("node.example/kind", "true"))
    assert gpu.tolerations == (Toleration("ci", "Exists"), Toleration("dedicated", None, "ml", "NoSchedule"))
    assert (gpu.tenants, gpu.tiers) == (("ml",), ("trusted", "protected"))
    token = found.secret("NPM_TOKEN")
    assert token is not None
    assert (token.source, token.on) == (SecretKey("shared-npm", "token"), ("tag", "push:release/*"))
    assert (found.limits.tasks, found.limits.timeout, found.limits.script) == (500, 6 * 3600, 32 * 1024)
    assert (found.report.jobs, found.report.link) == ("none", "https://argo.example/workflows/{namespace}/{name}")
    assert (found.registry_credentials, found.instance_id, found.paused) == (("registry-pull",), "argosy", True)
    assert found.artifacts == Artifacts("artifact-repositories", "ci", 30)


def test_artifacts_are_kept_for_two_weeks_where_nobody_says_how_long() -> None:
    found = platform(written.SMALLEST + "artifacts: {repository: {config-map: artifact-repositories, key: ci}}\n")
    assert found.artifacts == Artifacts("artifact-repositories", "ci", 14)


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [("https://git.example/", "https://git.example"), ("http://git:3000/sub/", "http://git:3000/sub")],
)
def test_an_address_has_no_slash_at_its_end(written_as: str, read_as: str) -> None:
    assert platform(written.SMALLEST.replace("https://git.example", written_as)).forges[0].url == read_as


@pytest.mark.parametrize("amount", ["500m", "2", "0.5", "1.5"])
def test_an_amount_of_processor_time_is_kept_as_it_was_written(amount: str) -> None:
    assert platform(written.SMALLEST.replace("cpu: 500m", f"cpu: {amount}")).runners[0].resources[0] == ("cpu", amount)


@pytest.mark.parametrize("amount", ["4G", "1Gi", "512Mi", "1e9", "1073741824"])
def test_an_amount_of_memory_is_kept_as_it_was_written(amount: str) -> None:
    assert platform(written.SMALLEST.replace("memory: 1Gi", f"memory: {amount}")).runners[0].resources[1] == (
        "memory",
        amount,
    )


@pytest.mark.parametrize("case", written.ERRORS, ids=lambda case: case.name)
def test_what_is_wrong_is_told_at_its_place_and_nothing_else_is(case: written.Wrong) -> None:
    assert [headline(diagnostic) for diagnostic in errors(case.text)] == list(case.headlines)


@pytest.mark.parametrize("case", written.ERRORS, ids=lambda case: case.name)
def test_what_is_wrong_keeps_the_platform_from_being_used(case: written.Wrong) -> None:
    assert read(case.text, "platform.yaml")[0] is None


@pytest.mark.parametrize("case", written.WARNINGS, ids=lambda case: case.name)
def test_what_is_doubtful_is_told_and_used(case: written.Wrong) -> None:
    found, diagnostics = read(case.text, "platform.yaml")
    assert found is not None
    assert [headline(diagnostic) for diagnostic in diagnostics] == list(case.headlines)


@pytest.mark.parametrize("key", sorted(written.LATER))
def test_what_comes_later_is_refused_and_not_ignored(key: str) -> None:
    codes = {diagnostic.code for diagnostic in errors(written.LATER[key])}
    assert codes == {"not-yet"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = (
        written.SMALLEST.replace("kind: gitea", "kind: gitte").replace("memory: 1Gi", "memory: lots") + "pausd: true\n"
    )
    assert [diagnostic.code for diagnostic in errors(text)] == ["bad-value", "bad-quantity", "unknown-key"]
    assert errors(text)[-1].hint.startswith("did you mean 'paused'?")


@given(st.text())
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found, diagnostics = read(text, "platform.yaml")
    assert found is not None or diagnostics


@given(st.data())
def test_no_mistake_makes_the_reader_fail(data: st.DataObject) -> None:
    lines = written.WHOLE.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, len(lines[at])))
    lines[at] = (
        lines[at][:start] + data.draw(st.text(alphabet="a1:{}[]-#'\"!&*, ", max_size=4)) + lines[at][start + 1 :]
    )
    found, diagnostics = read("\n".join(lines), "platform.yaml")
    assert found is not None or any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def test_the_example_platform_has_nothing_wrong() -> None:
    found, diagnostics = read(EXAMPLE.read_bytes(), "platform.yaml")
    assert found is not None
    assert diagnostics == []


def test_what_init_writes_is_good_as_it_stands_but_for_the_tags() -> None:
    found, diagnostics = read(first_platform(), "platform.yaml")
    assert found is not None
    assert {diagnostic.code for diagnostic in diagnostics} == {"image-by-tag"}


def test_what_init_writes_is_good_when_every_comment_is_taken_up() -> None:
    key_in_a_comment = re.compile(r"^(\s*)# ?(?=\s*(?!platform)[A-Z_a-z-]+:(\s|$))")
    text = "\n".join(key_in_a_comment.sub(r"\1", line) for line in first_platform().split("\n"))
    assert errors(text) == []
    assert platform(text).paused, "the last comment was taken up"
    assert platform(text).secret("NPM_TOKEN") is not None


def test_the_words_for_events_and_tiers_are_the_events_own() -> None:
    assert (model.EVENT_KINDS, model.TIERS) == (event.KINDS, event.TIERS)
