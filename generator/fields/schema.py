"""A language's JSON Schema, as editors read it for completion and for marks while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields.reading import Schema, Type

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(root: Type[object], title: str) -> Schema:
    """The JSON Schema 2020-12 of a whole file.

    It is no stricter than the reader, which also knows what a schema cannot say.
    """
    return {"$schema": DIALECT, "title": title} | root.schema()


def any_of(*choices: Schema) -> Schema:
    """One of several schemas will do. Choices among choices are laid side by side, each once."""
    flat: list[Schema] = []
    for choice in choices:
        for one in choice["anyOf"] if set(choice) == {"anyOf"} else [choice]:
            if one not in flat:
                flat.append(one)
    return flat[0] if len(flat) == 1 else {"anyOf": flat}
