"""Where people see a run: behind each status, and in its jobs' CI_RUN_URL, as platform.yaml's `report.link` says.

It ends in the run's name, which the expander looks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.platform.model import Platform


def run_link(platform: Platform, namespace: str, name: str) -> str:
    """The address of a Workflow's page, empty where the platform has none."""
    return platform.report.link.replace("{namespace}", namespace).replace("{name}", name)
