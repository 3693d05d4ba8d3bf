"""`unused-default`: a key of `defaults` that no job is in want of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.fields import Placed, Reading
    from generator.language.draft import DefaultsDraft, FileDraft, TemplateDraft
    from generator.language.model import Checkout, Retry


def check(file: FileDraft, reading: Reading) -> None:
    """Warns of each such key."""
    # A job that could not be read may be the one that uses it.
    if not file.jobs or len(file.jobs) != len(file.names):
        return
    jobs = [dict(_values(job.own)) for job in file.jobs]
    for name, default in _values(file.defaults):
        # What an alias brings to a job is the default itself.
        if all(name in own and own[name].span != default.span for own in jobs):
            message = f"no job uses this {name}: each has its own"
            reading.warning(default.span, "unused-default", message, f"remove '{name}' here, or from jobs")


def _values(
    draft: DefaultsDraft,
) -> Iterator[tuple[str, TemplateDraft | Placed[int] | Placed[Retry] | Placed[Checkout]]]:
    named = (
        ("image", draft.image),
        ("runner", draft.runner),
        ("timeout", draft.timeout),
        ("retry", draft.retry),
        ("checkout", draft.checkout),
    )
    yield from ((name, value) for name, value in named if value is not None)
