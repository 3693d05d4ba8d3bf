"""Templates of the file -> texts of the plan: with the event's values for jobs that run, as written for the others.

A job that does not run may well hold expressions that fail without what its `if` asks for, so they are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.diagnostics import Diagnostic, error
from generator.expressions import condition_holds, parts_of, text_of
from generator.language import texts
from generator.language.check import check_runner
from generator.planning.plan import Given, PlannedVariable
from generator.platform.model import Runner

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from generator.expressions import Bindings, Condition, Reference, Template
    from generator.language.model import Variable
    from generator.language.template_text import TemplateText
    from generator.platform.model import Platform


# The result of a job that a run leaves out; checkout/checkout.sh has it too, and those of the others.
SKIPPED = "skipped"


class Filling(Protocol):
    """How a job's templates become texts."""

    def text(self, template: Template) -> str:
        """Any text: a variable's, a step's name."""
        ...

    def variable(self, variable: Variable) -> PlannedVariable:
        """A variable, which may hold what other jobs give."""
        ...

    def image(self, template: Template) -> str:
        """An image."""
        ...

    def runner(self, template: Template) -> Runner:
        """The platform's runner of that name."""
        ...

    def lock(self, template: Template) -> str:
        """A lock's name."""
        ...

    def artifact(self, template: Template) -> str:
        """An artifact's name."""
        ...

    def key(self, template: Template) -> str:
        """A cache's key."""
        ...

    def holds(self, condition: Condition) -> bool:
        """Whether an `if` does."""
        ...

    def report(self, found: Iterable[Diagnostic]) -> None:
        """Keeps what is wrong with texts that were filled."""
        ...


class AsWritten:
    """For jobs that do not run: what the file says."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def text(self, template: Template) -> str:
        """The template's source."""
        return template.source

    def variable(self, variable: Variable) -> PlannedVariable:
        """The variable with its source for a value."""
        return PlannedVariable(variable.name, variable.value.source)

    def image(self, template: Template) -> str:
        """The template's source."""
        return template.source

    def runner(self, template: Template) -> Runner:
        """The platform's runner; where an expression would name it, one that says only that."""
        return self._platform.runner(template.source) or Runner(template.source, ())

    def lock(self, template: Template) -> str:
        """The template's source."""
        return template.source

    def artifact(self, template: Template) -> str:
        """The template's source."""
        return template.source

    def key(self, template: Template) -> str:
        """The template's source."""
        return template.source

    def holds(self, condition: Condition) -> bool:  # noqa: ARG002  (nothing is decided)
        """True: what a job might have is shown with it."""
        return True

    def report(self, found: Iterable[Diagnostic]) -> None:
        """Nothing is wrong with what does not run."""


class Evaluated:
    """For jobs that run: what the expressions give. What goes wrong is among the `findings`, and the plan is void."""

    def __init__(
        self, bindings: Bindings, platform: Platform, repository: str, skipped: Container[str] = frozenset()
    ) -> None:
        self.findings: list[Diagnostic] = []
        self._skipped = skipped
        self._bindings = bindings
        self._platform = platform
        self._repository = repository

    def text(self, template: Template) -> str:
        """What the template gives."""
        if template.is_literal:
            return template.source
        text, found = text_of(template, self._bindings)
        self.findings += found
        return template.source if text is None else text

    def variable(self, variable: Variable) -> PlannedVariable:
        """The variable with what its template gives; of a job that does not run that is known already."""
        template = variable.value
        if not template.references:
            return PlannedVariable(variable.name, self.text(template))
        parts, found = parts_of(template, self._bindings)
        self.findings += found
        given = tuple(part if isinstance(part, str) else self._given(part) for part in parts)
        if all(isinstance(part, str) for part in given):
            return PlannedVariable(variable.name, "".join(map(str, given)))
        return PlannedVariable(variable.name, template.source, given)

    def _given(self, reference: Reference) -> str | Given:
        if reference.job not in self._skipped:
            return Given(reference.job, reference.output)
        return "" if reference.output else SKIPPED

    def image(self, template: Template) -> str:
        """What the template gives, if an image's name looks like that."""
        return self._fitting(template, texts.IMAGE) or template.source

    def runner(self, template: Template) -> Runner:
        """The runner that the template names, if the platform has it for this repository."""
        name = self._fitting(template, texts.RUNNER)
        # A literal name is checked with the file.
        if name is not None and not template.is_literal:
            place = template.expressions[0].span
            self.findings += check_runner(name, place, self._platform, self._repository)
        return self._platform.runner(name or template.source) or Runner(template.source, ())

    def lock(self, template: Template) -> str:
        """What the template gives, if a lock can be called that."""
        return self._fitting(template, texts.LOCK) or template.source

    def artifact(self, template: Template) -> str:
        """What the template gives, if an artifact can be called that."""
        return self._fitting(template, texts.ARTIFACT_NAME) or template.source

    def key(self, template: Template) -> str:
        """What the template gives, if it can be a cache's key."""
        return self._fitting(template, texts.CACHE_KEY) or template.source

    def group(self, template: Template) -> str:
        """What the template gives, if a group can be called that."""
        return self._fitting(template, texts.GROUP) or template.source

    def flag(self, decided: bool | Condition) -> bool:
        """The flag, or whether the condition is true."""
        return decided if isinstance(decided, bool) else self.holds(decided)

    def holds(self, condition: Condition) -> bool:
        """Whether the condition does; one that cannot be decided counts as false."""
        holds, found = condition_holds(condition, self._bindings)
        self.findings += found
        return holds

    def report(self, found: Iterable[Diagnostic]) -> None:
        """Keeps what is wrong."""
        self.findings += found

    def _fitting(self, template: Template, kind: TemplateText) -> str | None:
        """The text where it is one of the kind; a literal one is, or reading the file would have said so."""
        if template.is_literal:
            return template.source
        text, found = text_of(template, self._bindings)
        self.findings += found
        misfit = kind.misfit(text) if text is not None else None
        if misfit is not None:
            code, message, hint = misfit
            self.findings.append(error(template.expressions[0].span, code, f"with this expression, {message}", hint))
            return None
        return text
