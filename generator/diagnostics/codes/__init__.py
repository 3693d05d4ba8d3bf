"""Every code that a diagnostic can have: what it means, and a bad and a good example of it.

This is the one place for a code's words. The page docs/reference/diagnostics.md, `argosy explain` and the rules of a
SARIF file are made of them, and the tests run every example. A new code is one more `Code` in one of the groups; the
tests tell of a code that is reported and not declared, or declared and never reported.
"""

from __future__ import annotations

from generator.diagnostics.codes.code import BARE, CI, CLONE, MANUAL, PLATFORM, REPOSITORY, Code, Example, Group
from generator.diagnostics.codes.document import DOCUMENT
from generator.diagnostics.codes.expressions import EXPRESSIONS
from generator.diagnostics.codes.grants import GRANTS
from generator.diagnostics.codes.inputs import INPUTS
from generator.diagnostics.codes.jobs import JOBS
from generator.diagnostics.codes.matrices import MATRICES
from generator.diagnostics.codes.plan_tests import PLAN_TESTS
from generator.diagnostics.codes.platform import PLATFORM_FILE
from generator.diagnostics.codes.references import REFERENCES
from generator.diagnostics.codes.services import SERVICES
from generator.diagnostics.codes.sizes import SIZES
from generator.diagnostics.codes.templates import TEMPLATES
from generator.diagnostics.codes.triggers import TRIGGERS
from generator.diagnostics.codes.values import VALUES

__all__ = ["BARE", "CI", "CLONE", "CODES", "GROUPS", "MANUAL", "PLATFORM", "REPOSITORY", "Code", "Example", "Group"]

GROUPS = (
    *(DOCUMENT, VALUES, TRIGGERS, INPUTS, JOBS, MATRICES, SERVICES, REFERENCES),
    *(TEMPLATES, EXPRESSIONS, GRANTS, SIZES, PLAN_TESTS, PLATFORM_FILE),
)
CODES = {code.name: code for group in GROUPS for code in group.codes}
