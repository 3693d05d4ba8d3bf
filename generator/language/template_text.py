"""The types of values with expressions: a text that may hold `${{ }}`, a condition, and a flag that may be one."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.document import Kind, Scalar
from generator.expressions import OPENING, Condition, Template, literal, read_condition, read_template, without_braces
from generator.fields import Flag
from generator.fields.reading import empty, wrong_type
from generator.language.draft import ConditionDraft, TemplateDraft
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.document import Node
    from generator.fields import Reading, Schema, Text, Type


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TemplateText:
    """A text that may hold expressions. One without any is read as `text` says; the rest has to wait for an event."""

    text: Text

    @property
    def label(self) -> str:
        """The text's own, and that it takes expressions."""
        return f"{self.text.label}, [`${{{{ }}}}`](#expressions)"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> TemplateDraft | None:
        """The template; the rule `expressions` checks what is in it."""
        if isinstance(node, Scalar) and OPENING in node.text:
            template = read_template(node)
            if isinstance(template, Template):
                return TemplateDraft(template, node)
            reading.add(template)
            return None
        text = self.text.read(node, reading, key)
        return TemplateDraft(literal(text, node.span), node) if text is not None and isinstance(node, Scalar) else None

    def misfit(self, text: str) -> tuple[str, str, str] | None:
        """Code, message and hint for a text that an event gave and that this cannot be; None where it can."""
        if (text or self.text.empty) and re.fullmatch(self.text.pattern or "(?s:.*)", text):
            return None
        return self.text.code, f"{quoted(text)} is not {self.text.label}", self.text.grammar

    def schema(self) -> Schema:
        """The text's, where it holds no expression."""
        schema = self.text.schema()
        if "pattern" in schema:
            schema["pattern"] += r"|\$\{\{"
        return schema

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ConditionText:
    """CEL that gives true or false."""

    label: str = "[CEL](#expressions)"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> ConditionDraft | None:
        """The condition; the rule `expressions` checks it."""
        if not isinstance(node, Scalar):
            wrong_type("an expression", node, reading, key)
            return None
        if node.is_null or not node.text:
            reading.error(node.span, "empty-value", *empty(key, "an expression is empty"))
            return None
        condition = read_condition(node)
        if isinstance(condition, Condition):
            return ConditionDraft(condition, node)
        reading.add(condition)
        inside = without_braces(node)
        return ConditionDraft(Condition(inside.text.strip(), node.span), inside) if inside is not None else None

    def schema(self) -> Schema:
        """What YAML may take for another kind is still a text of CEL's: `true`."""
        return {"type": ["string", "number", "boolean"], "minLength": 1}

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FlagOrCondition:
    """`true`, `false`, or CEL that decides which of them."""

    label: str = "true, false, or [CEL](#expressions)"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> bool | ConditionDraft | None:
        """The flag, or the condition, which the rule `expressions` checks."""
        if isinstance(node, Scalar) and node.kind is Kind.BOOL:
            return Flag().read(node, reading, key)
        return ConditionText(self.label).read(node, reading, key)

    def schema(self) -> Schema:
        """The condition's, which a flag is one of."""
        return ConditionText().schema()

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()
