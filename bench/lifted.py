"""`argosy` with the limits lifted that Argo and Kubernetes put on one run, to see what a thousand jobs cost.

Argo takes 200 templates in a Workflow and Kubernetes 1.5 MB in an object, so the command itself refuses such a file.
Everything else here is the command's own: the same files read, the same stages, the same output.
"""

from __future__ import annotations

from generator import __main__
from generator.language.rules import too_many_jobs
from generator.manifests import size
from generator.planning import limits

_MANY_JOBS = 10_000
_MANY_BYTES = 1_000_000_000


def main() -> None:
    """Runs the command line."""
    too_many_jobs.MAX_JOBS = _MANY_JOBS
    limits.MOST_TEMPLATES = _MANY_JOBS
    size.MOST_BYTES = _MANY_BYTES
    __main__.main()


if __name__ == "__main__":
    main()
