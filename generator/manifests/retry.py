"""A job's `retry` as Argo's retryStrategy: what of a failed attempt tells whether it was the job's own.

Argo asks its expression about the attempt's node: `status` is Error for Argo's own containers and for pods that went
away, else Failed; `message` is Kubernetes' where it ended the pod (an eviction, a deadline), else how the first
container that failed did, `main: Error (exit code 3)`; `exitCode` is the job's container's
(workflow/controller/operator.go of argo-workflows 4.0.5: processNodeRetries, inferFailedReason). No `backoff`: Argo
would let it pass before it looks whether there is a further attempt at all, and every failure would be told that much
later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.model import Retry, RetryOn

if TYPE_CHECKING:
    from generator.manifests.objects import Object

# A container that failed, except the one that fetches the source; the pod's time.
_OF_CONTAINER = "lastRetry.message matches '^([a-z0-9-]+: )?[A-Za-z]+ [(]exit code [0-9]+[)]'"
_OF_CHECKOUT = "lastRetry.message startsWith 'checkout: '"
_OF_TIME = "lastRetry.message contains 'longer than the specified deadline'"
# What the step runner ends with when it is told to from outside (checkout/run.sh): a node is emptied, a pod preempted.
_STOPPED = "lastRetry.exitCode == '143'"
_OWN = f"lastRetry.status == 'Failed' && !({_STOPPED}) && ({_OF_CONTAINER} && !({_OF_CHECKOUT}) || {_OF_TIME})"
_EXPRESSIONS = {RetryOn.INFRASTRUCTURE: f"!({_OWN})", RetryOn.FAILURE: _OWN}


def retry_strategy(retry: Retry) -> Object:
    """The template's retryStrategy."""
    expression = _EXPRESSIONS.get(retry.on)
    strategy: Object = {"limit": str(retry.limit), "retryPolicy": "Always"}
    return {**strategy, "expression": expression} if expression else strategy
