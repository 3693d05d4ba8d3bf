"""Where in the bucket things lie: artifacts under one prefix, caches under another, for rules to tell them apart."""

from __future__ import annotations

ARTIFACTS_PREFIX = "artifacts/"
CACHES_PREFIX = "caches/"
PREFIXES = (ARTIFACTS_PREFIX, CACHES_PREFIX)
