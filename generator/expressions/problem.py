"""What is wrong with an expression, at its offsets; once it is known where the text stands, it is a Diagnostic."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """`start` and `end` are offsets in the text that was looked at; `code` and `hint` are the Diagnostic's."""

    start: int
    end: int
    code: str
    message: str
    hint: str = ""
    is_warning: bool = False

    def moved(self, by: int) -> Problem:
        """The problem in a text in which the one that was looked at starts at this offset."""
        return dataclasses.replace(self, start=self.start + by, end=self.end + by)
