"""The words that a YAML language is declared in: each key once, as data, with type, default, meaning and example.

From one definition come the strict reader (`read`), the JSON Schema (`json_schema`) and the reference page
(`reference`). ci.yaml and platform.yaml are both declared so. A type reads a node into a value of its own and reports
what is wrong; it never raises for what a user wrote, and it goes on after an error, so that all of a file's errors come
at once.
"""

from __future__ import annotations

from generator.fields.collections import Either, ListOf, MapOf, Named
from generator.fields.objects import Key, Object, Record
from generator.fields.reading import Placed, Reading, Schema, Type
from generator.fields.scalars import Choice, Flag, Integer, Parsed, Text, duration
from generator.fields.schema import json_schema
from generator.fields.wrappers import At, Made

__all__ = [
    "At",
    "Choice",
    "Either",
    "Flag",
    "Integer",
    "Key",
    "ListOf",
    "Made",
    "MapOf",
    "Named",
    "Object",
    "Parsed",
    "Placed",
    "Reading",
    "Record",
    "Schema",
    "Text",
    "Type",
    "duration",
    "json_schema",
]
