"""Keeps the one comment on a pull request: finds it, and writes it anew, unless a newer run has.

What was posted is looked for before anything is, so that trying again after an error, a restart or a lost record leaves
one comment all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.report.comment import made_at

if TYPE_CHECKING:
    from generator.forges.forge import Forge, OwnComment
    from generator.report.comment import Comment
    from generator.report.slots import Slot


def keep_comment(forge: Forge, slot: Slot, comment: Comment) -> bool:
    """Brings the pull request's comment to this one. False where a newer run's stands there. Raises ForgeError."""
    there = [one for one in forge.own_comments(slot.repository, slot.number) if made_at(one.body) is not None]
    if any((made_at(one.body) or 0) > comment.created for one in there):
        return False
    if there:
        _replace(forge, slot, there, comment.body)
    elif comment.written:
        forge.post_comment(slot.repository, slot.number, comment.body)
    return True


def _replace(forge: Forge, slot: Slot, there: list[OwnComment], body: str) -> None:
    """Several stand there where the forge took one and did not get to say so."""
    first, *others = there
    # A forge may keep a text without the space at its end, or with other line ends.
    if first.body.split() != body.split():
        forge.edit_comment(slot.repository, slot.number, first, body)
    for other in others:
        forge.delete_comment(slot.repository, slot.number, other)
