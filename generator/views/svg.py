"""A plan as a picture: an SVG of its DAG, in ASCII, that needs no font, script or file of its own.

A job that runs is a rounded box, one that is skipped has a dashed border, one that would fail has cut corners and a
thick border; each has a mark and a word besides, so that colour says nothing alone. What is cut is whole in the box's
title.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from generator.language.rules.timeout_limit import in_words
from generator.planning.blocked import blocked_jobs
from generator.planning.order import order_of
from generator.views.drawn import drawn
from generator.views.layout import BOX, Layout, Point, layout
from generator.views.states import VERBS, State, reason, state_of, time_of, verdict
from generator.wording import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.planning.order import Order
    from generator.planning.plan import Plan, PlannedJob

_WIDTH, _SPACE, _MARGIN = 240, 72, 24
_HEAD = 52
_FOOT = 28
_CUT = 12
# How wide a character of a monospaced font is, at 12 pixels in bold and at 11.
_BOLD, _SMALL = 7.4, 6.7
_TEXT_LEFT = 34
_NARROWEST = 560

_STYLE = """\
  <style>
    text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; }
    .name, .verdict { font-weight: bold; }
    .small { font-size: 11px; fill: #57606a; }
    .box { fill: #ffffff; stroke: #1a7f37; stroke-width: 1.5; }
    .skip .box { fill: #f6f8fa; stroke: #6e7781; stroke-dasharray: 5 4; }
    .skip .name { fill: #57606a; }
    .blocked .box { fill: #fff5f5; stroke: #cf222e; stroke-dasharray: 5 4; }
    .blocked .name { fill: #57606a; }
    .denied .box { fill: #fff5f5; stroke: #cf222e; stroke-width: 3; }
    .mark { fill: none; stroke: #1a7f37; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .skip .mark { stroke: #6e7781; }
    .denied .mark, .blocked .mark { stroke: #cf222e; }
    .arrow { fill: none; stroke: #57606a; stroke-width: 1.2; }
    .dashed { stroke-dasharray: 4 4; }
    .critical { stroke: #1f2328; stroke-width: 3; }
  </style>
"""
_HEADS = """\
  <defs>
    <marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"
      markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker>
    <marker id="thick" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="12" markerHeight="12"
      markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#1f2328"/></marker>
  </defs>
"""
_MARKS = {
    State.RUN: "M0 -5 8 0 0 5z",
    State.SKIP: "M-1 0H9",
    State.DENIED: "M0 -4 8 4M8 -4 0 4",
    State.BLOCKED: "M-1 0H9",
}


def to_svg(plan: Plan) -> bytes:
    """The picture. Ends with a newline."""
    order, blocked = order_of(plan.jobs), blocked_jobs(plan.jobs)
    plan, labels = drawn(plan)
    placed = layout({job.id: job.needs for job in plan.jobs})
    width = max(_left(placed.columns - 1) + _WIDTH + _MARGIN, _NARROWEST)
    height = _HEAD + placed.height + _FOOT + _MARGIN
    head = verdict(plan)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"',
        f' role="img" aria-label={_attribute(head)}>\n',
        f"  <title>{_text(head)}</title>\n",
        _STYLE,
        _HEADS,
        f'  <rect width="{width}" height="{height}" fill="#ffffff"/>\n',
        _line("verdict", _MARGIN, _MARGIN + 4, _cut(head, (width - 2 * _MARGIN) / _BOLD)),
        *_arrows(plan, order, blocked, placed),
        *(_box(job, labels[job.id], placed.boxes[job.id], blocked) for job in plan.jobs),
        _line("small", _MARGIN, height - _MARGIN, _cut(_path_in_words(order), (width - 2 * _MARGIN) / _SMALL)),
        "</svg>\n",
    ]
    return "".join(parts).encode("ascii", "xmlcharrefreplace")


def _path_in_words(order: Order) -> str:
    if not order.critical_path:
        return "nothing runs"
    jobs = len(order.critical_path)
    which = f"thick, {jobs} jobs" if jobs > 1 else f"{order.critical_path[0]} alone"
    return f"critical path: {which}, at most {in_words(order.seconds)}"


def _arrows(plan: Plan, order: Order, blocked: Mapping[str, str], placed: Layout) -> Iterator[str]:
    path = order.critical_path
    critical = set(itertools.pairwise(path))
    unstarted = {job.id for job in plan.jobs if not job.runs or job.job in blocked}
    for ends, points in placed.arrows.items():
        kind, head = ("critical", "thick") if ends in critical else ("dashed" if unstarted & set(ends) else "", "head")
        yield f'  <path class="{f"arrow {kind}".rstrip()}" d="{_curve(points)}" marker-end="url(#{head})"/>\n'


def _curve(points: Sequence[Point]) -> str:
    """Out of a box's right side, level through each place between, into the next box's left side."""
    steps: list[str] = []
    for one, other in itertools.pairwise(points):
        start = (_left(one.column) + _WIDTH, _HEAD + one.y)
        end = (_left(other.column), _HEAD + other.y)
        middle = (start[0] + end[0]) // 2
        steps.append(f"{'L' if steps else 'M'}{start[0]} {start[1]}")
        steps.append(f"C{middle} {start[1]} {middle} {end[1]} {end[0]} {end[1]}")
    return "".join(steps)


def _box(job: PlannedJob, label: str, at: Point, blocked: Mapping[str, str]) -> str:
    state = state_of(job, blocked)
    left, top = _left(at.column), _HEAD + at.y - BOX // 2
    approval = ", after approval" if job.approval is not None else ""
    words = f"{job.runner.name}, {time_of(job)}{approval}" if state is State.RUN else reason(job, blocked)
    room = _WIDTH - _TEXT_LEFT - 10
    return "".join(
        (
            f'  <g class="{state.value}">\n',
            f"    <title>{_text(f'{label} {VERBS[state]}: {reason(job, blocked)}')}</title>\n",
            f"    {_shape(state, left, top)}\n",
            f'    <path class="mark" transform="translate({left + 14} {top + BOX // 2})" d="{_MARKS[state]}"/>\n',
            "  ",
            _line("name", left + _TEXT_LEFT, top + 21, _cut(label, room / _BOLD)),
            "  ",
            _line("small", left + _TEXT_LEFT, top + 39, _cut(f"{VERBS[state]}: {words}", room / _SMALL)),
            "  </g>\n",
        )
    )


def _shape(state: State, left: int, top: int) -> str:
    if state is not State.DENIED:
        return f'<rect class="box" x="{left}" y="{top}" width="{_WIDTH}" height="{BOX}" rx="8"/>'
    inner = (_WIDTH - 2 * _CUT, BOX - 2 * _CUT)
    corners = f"M{left + _CUT} {top}h{inner[0]}l{_CUT} {_CUT}v{inner[1]}l-{_CUT} {_CUT}h-{inner[0]}l-{_CUT} -{_CUT}"
    return f'<path class="box" d="{corners}v-{inner[1]}z"/>'


def _left(column: int) -> int:
    return _MARGIN + column * (_WIDTH + _SPACE)


def _line(kind: str, x: int, y: int, text: str) -> str:
    return f'  <text class="{kind}" x="{x}" y="{y}">{_text(text)}</text>\n'


def _cut(text: str, room: float) -> str:
    """As much of the text as fits into so many characters."""
    shown = harmless(text)
    if sum(map(_columns, shown)) <= room:
        return shown
    kept: list[str] = []
    for character in shown:
        room -= _columns(character)
        # The last one is the ellipsis.
        if room < 1:
            break
        kept.append(character)
    return "".join(kept) + "\N{HORIZONTAL ELLIPSIS}"


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _text(text: str) -> str:
    return escape(harmless(text))


def _attribute(text: str) -> str:
    return quoteattr(harmless(text))
