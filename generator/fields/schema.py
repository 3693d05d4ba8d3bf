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
