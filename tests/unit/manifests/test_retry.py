"""Which failures Argo tries again after: by the language's words, on what Argo knows of an attempt."""

from __future__ import annotations

import re

import pytest

from generator.language.model import Retry, RetryOn
from generator.manifests.retry import retry_strategy

# status, exit code (-1 for none) and message of attempts, and whose failure they are.
OWN = [
    ("Failed", "3", "main: Error (exit code 3)"),
    ("Failed", "124", "main: Error (exit code 124)"),
    ("Failed", "137", "main: OOMKilled (exit code 137)"),
    ("Failed", "1", "Error (exit code 1)"),
    ("Failed", "0", "db: Error (exit code 2): out of disk"),
    ("Failed", "137", "Pod was active on the node longer than the specified deadline"),
]
INFRASTRUCTURE = [
    ("Error", "-1", "pod deleted"),
    ("Error", "-1", "init: Error (exit code 2): no artifact"),
    ("Error", "0", "wait: Error (exit code 64): no result"),
    ("Error", "-1", "Pod failed before main container starts due to CreateContainerError: no such device"),
    ("Failed", "64", "checkout: Error (exit code 1): checkout: git could not fetch"),
    ("Failed", "64", "checkout: OOMKilled (exit code 137)"),
    ("Failed", "137", "The node was low on resource: memory. Container main was using 3Gi"),
    ("Failed", "143", "main: Error (exit code 143)"),
    ("Failed", "-1", "Pod was terminated in response to imminent node shutdown."),
    ("Failed", "-1", "pod failed: neither main nor wait container completed successfully"),
]


def tried_again(on: RetryOn, status: str, code: str, message: str) -> bool:
    """What Argo's expression says of an attempt; expr-lang's operators in Python's."""
    strategy = retry_strategy(Retry(2, on))
    assert (strategy["limit"], strategy["retryPolicy"]) == ("2", "Always")
    words = strategy.get("expression", "True")
    words = re.sub("lastRetry.message matches ('[^']*')", r"bool(re.search(\1, message))", words)
    words = re.sub("lastRetry.message startsWith ('[^']*')", r"message.startswith(\1)", words)
    words = re.sub("lastRetry.message contains ('[^']*')", r"(\1 in message)", words)
    words = words.replace("lastRetry.status", "status").replace("lastRetry.exitCode", "code")
    words = words.replace("&&", " and ").replace("||", " or ").replace("!(", " not (")
    return bool(eval(words, {"re": re, "status": status, "code": code, "message": message}))  # noqa: S307


@pytest.mark.parametrize(("attempts", "on"), [(OWN, RetryOn.FAILURE), (INFRASTRUCTURE, RetryOn.INFRASTRUCTURE)])
def test_a_job_is_tried_again_after_what_it_names(attempts: list[tuple[str, str, str]], on: RetryOn) -> None:
    other = RetryOn.FAILURE if on is RetryOn.INFRASTRUCTURE else RetryOn.INFRASTRUCTURE
    found = {one: [tried_again(which, *one) for which in (on, other, RetryOn.ALWAYS)] for one in attempts}
    assert found == {one: [True, False, True] for one in attempts}


@pytest.mark.parametrize("on", RetryOn)
def test_argo_finds_nothing_to_replace_in_it(on: RetryOn) -> None:
    assert "{{" not in str(retry_strategy(Retry(1, on)))
