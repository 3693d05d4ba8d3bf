"""The fixed shapes of the kustomize tree: Jinja2 files under templates/, filled with values and never with text.

`{{ value | yaml }}` writes the value as YAML of one line, and `{{ name | cel }}` a name of ours as a literal of the
policies' language; a template that prints a value without a filter is an error, so no text from platform.yaml can
become structure.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
from typing import TYPE_CHECKING, Any

import jinja2
import yaml

import generator
from generator.manifests.yaml_text import HEADER, NEVER_FOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX = ".j2"


_NAME = re.compile(r"[A-Za-z0-9./:_-]+")


class _Filtered(str):
    """A text that went through a filter."""

    __slots__ = ()


def template_names() -> tuple[str, ...]:
    """The templates' paths without their suffix, which are those of the files that they make, sorted."""
    root = _root()
    return tuple(sorted(path.relative_to(root).as_posix().removesuffix(SUFFIX) for path in root.rglob(f"*{SUFFIX}")))


def fill(name: str, values: Mapping[str, object]) -> bytes:
    """The file that the template makes of these values, below our header. Raises jinja2.UndefinedError."""
    text = _environment(_root()).get_template(name + SUFFIX).render(values)
    return (HEADER + text).encode()


def _root() -> pathlib.Path:
    """A wheel carries the templates inside the package, a checkout beside it."""
    package = pathlib.Path(generator.__file__).parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


@functools.cache
def _environment(root: pathlib.Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(root),
        undefined=jinja2.StrictUndefined,
        finalize=_only_filtered,
        autoescape=False,  # noqa: S701  (no HTML: the filter and `finalize` are the escaping)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(yaml=_to_yaml, cel=_to_cel)
    return environment


def _to_yaml(value: Any) -> _Filtered:
    """One line of YAML that may stand anywhere, inside of brackets too."""
    text = yaml.safe_dump([value], default_flow_style=True, sort_keys=False, width=NEVER_FOLD).rstrip("\n")
    return _Filtered(json.dumps(value) if "\n" in text else text[1:-1])


def _to_cel(value: str | tuple[str, ...]) -> _Filtered:
    """A CEL string, or a list of them. Raises ValueError for what is more than a name."""
    if not isinstance(value, str):
        return _Filtered(f"[{', '.join(_to_cel(item) for item in value)}]")
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no name that can stand in a policy")
    return _Filtered(f"'{value}'")


def _only_filtered(value: Any) -> _Filtered:
    if isinstance(value, _Filtered):
        return value
    raise TypeError(f"a template prints {value!r} without a filter")
