"""`argosy render`: platform.yaml in, the tree that a GitOps tool syncs out."""

from __future__ import annotations

import dataclasses
import enum
import json
import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.manifests.needed_secrets import NeededSecret
    from generator.manifests.needed_storage import NeededConfigMap
    from generator.platform.model import Platform
    from generator.rendered_tree import Change

FINDINGS = 1


class Format(enum.StrEnum):
    """How `--list` is printed."""

    TEXT = "text"
    JSON = "json"


def render(
    *,
    platform: Annotated[pathlib.Path, typer.Option("--platform", "-p", help="The platform file.")] = pathlib.Path(
        "platform.yaml"
    ),
    output: Annotated[
        pathlib.Path, typer.Option("--output", "-o", help="The folder that argo-events/ and deploy/ lie in.")
    ] = pathlib.Path(),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is not what would be written.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be written and removed.")
    ] = False,
    listing: Annotated[
        bool, typer.Option("--list", help="Write nothing; name every object, and whatever else must exist.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="What --list prints.")] = Format.TEXT,
) -> None:
    """Turn platform.yaml into Kubernetes objects.

    Writes argo-events/ and deploy/kustomize/, and removes what it wrote earlier and no longer makes. Files of yours
    beside them stay.

    Example: argosy render --platform platform.yaml --output . && kubectl apply -k deploy/kustomize/overlays/local
    """
    from generator.render import files  # noqa: PLC0415  (hera and jinja2)

    data = platform.read_bytes()
    read = _read(platform, data)
    text = data.decode()
    _findings(read, text, platform)
    rendered = files(read, text)
    if listing:
        _list(read, rendered, form)
        return
    _write(output, rendered, check=check, dry_run=dry_run)


def _read(path: pathlib.Path, data: bytes) -> Platform:
    from generator.diagnostics import has_errors, render_text  # noqa: PLC0415
    from generator.platform import reader  # noqa: PLC0415

    platform, diagnostics = reader.read(data, str(path))
    typer.echo(render_text(diagnostics, {str(path): data.decode(errors="replace")}), err=True, nl=False)
    if platform is None or has_errors(diagnostics):
        raise typer.Exit(FINDINGS)
    return platform


def _findings(platform: Platform, text: str, path: pathlib.Path) -> None:
    from generator.diagnostics import has_errors, render_text  # noqa: PLC0415
    from generator.render import problems  # noqa: PLC0415

    found = problems(platform, text, str(path))
    typer.echo(render_text(found, {str(path): text}), err=True, nl=False)
    if has_errors(found):
        raise typer.Exit(FINDINGS)


def _list(platform: Platform, rendered: dict[str, bytes], form: Format) -> None:
    from generator.manifests.needed_secrets import needed_secrets  # noqa: PLC0415
    from generator.manifests.needed_storage import bucket_rules, needed_config_maps  # noqa: PLC0415
    from generator.render import identifier, objects  # noqa: PLC0415

    made = sorted({identifier(value) for value in objects(rendered)})
    needed, config_maps, rules = needed_secrets(platform), needed_config_maps(platform), bucket_rules(platform)
    if form is Format.JSON:
        listed = {
            "objects": [_object(*parts) for parts in made],
            "secrets": [dataclasses.asdict(need) for need in needed],
            "config-maps": [dataclasses.asdict(need) for need in config_maps],
            "bucket-rules": [dataclasses.asdict(rule) for rule in rules],
        }
        typer.echo(json.dumps(listed, indent=2))
        return
    typer.echo("Objects that are made:")
    for kind, namespace, name in made:
        typer.echo(f"  {kind} {f'{namespace}/' if namespace else ''}{name}")
    typer.echo("Secrets that must exist:")
    _needs(needed)
    if config_maps:
        typer.echo("ConfigMaps that must exist:")
        _needs(config_maps)
    if rules:
        typer.echo("Rules that the bucket must have:")
    for rule in rules:
        typer.echo(f"  {rule.prefix}* goes {rule.days} days after it was stored")


def _needs(needed: Iterable[NeededSecret | NeededConfigMap]) -> None:
    for need in needed:
        typer.echo(f"  {need.namespace}/{need.name} key {need.key}: {need.purpose}")


def _object(kind: str, namespace: str, name: str) -> dict[str, str]:
    return {"kind": kind, "namespace": namespace, "name": name}


def _write(output: pathlib.Path, rendered: dict[str, bytes], *, check: bool, dry_run: bool) -> None:
    from generator.losses import losses  # noqa: PLC0415
    from generator.rendered_tree import apply, changes, foreign_files, rendered_files  # noqa: PLC0415

    foreign = foreign_files(output, rendered)
    for path in foreign:
        typer.echo(f"argosy: {output / path} was not written by render: move it away", err=True)
    there = rendered_files(output)
    todo = changes(there, {path: data for path, data in rendered.items() if path not in foreign})
    for sentence in losses(there, rendered):
        typer.echo(f"warning: {sentence}", err=True)
    if check:
        _check(todo, foreign)
    if foreign:
        raise typer.Exit(FINDINGS)
    if check:
        return
    for change in todo:
        typer.echo(f"{change.verb} {output / change.path}")
        if not dry_run:
            apply(output, change)
    typer.echo(f"{len(rendered)} files, {len(todo)} {'to be changed' if dry_run else 'changed'}", err=True)


def _check(todo: list[Change], foreign: list[str]) -> None:
    from generator.rendered_tree import excerpt  # noqa: PLC0415

    for change in todo:
        typer.echo(f"{change.verb} {change.path}")
        typer.echo(excerpt(change), nl=False)
    if todo or foreign:
        typer.echo(f"{len(todo) + len(foreign)} files are not what render makes: run argosy render", err=True)
        raise typer.Exit(FINDINGS)
