"""The timeline of a journey, as a picture (PNG or SVG) and as a sentence.

One row a stage: its name and tools at the left, its bar on the months, its dates at the right of
the plot; names and dates each have their own column, so that no label covers another.
"""

from __future__ import annotations

import datetime
import io
import textwrap
import threading
from collections.abc import Sequence
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from assistant.citing import spoken_date
from assistant.journeys import Journey
from assistant.stages import Stage
from corpus.french import shorten

DARK, GREY, GRID = "#1d2b2e", "#3c4a4d", "#b8c4c6"
_LEFT, _PLOT = 0.34, 0.49  # shares of the width: the names, then the bars; the dates have the rest
#: Two tones of one hue, told apart without colour too; both carry white or dark text above 4.5:1.
TONES = ("#0b4f5c", "#3d8491")
WIDTH = 6.3  # inches: the text width of an A4 page
_SHORT = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_UNITS = {"semaine": "sem."}
_STYLE: Any = {"font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "bao", "text.usetex": False, "text.parse_math": False}

_DRAWING = threading.Lock()  # matplotlib keeps its style in one place for all threads


def to_png(journey: Journey, dpi: int = 220) -> bytes:
    """The timeline as a PNG."""
    with _DRAWING, mpl.rc_context(_STYLE):
        figure = _figure(journey)
        out = io.BytesIO()
        FigureCanvasAgg(figure)
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None, "Title": "Frise du calendrier", "Description": alternative(journey)})
    return out.getvalue()


def to_svg(journey: Journey) -> str:
    """The timeline as an SVG: letters are drawn, so that it looks the same everywhere; the sentence is its description."""
    with _DRAWING, mpl.rc_context(_STYLE):
        figure = _figure(journey)
        out = io.StringIO()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": "Frise du calendrier", "Description": alternative(journey)})
    return out.getvalue()


def alternative(journey: Journey) -> str:
    """The timeline as a sentence, for those who do not see it."""
    if not journey.stages:
        return "Frise du calendrier, sans étape."
    count = len(journey.stages)
    told = " ; ".join(f"{stage.when}, {name}" for stage, name in zip(journey.stages, _names(journey), strict=True))
    return f"Frise du calendrier, {count} {'étapes' if count > 1 else 'étape'} : {told}."


def _names(journey: Journey) -> list[str]:
    """What each row is called: its step, or its tool where the journey is made of tools."""
    return [stage.title if journey.route or not stage.tools else stage.tools[0].title for stage in journey.stages]


def _details(journey: Journey) -> list[str]:
    """What stands under the name: the tools of the step, or the step of the tool."""
    return [", ".join(tool.title for tool in stage.tools) if journey.route else stage.title if stage.tools else "" for stage in journey.stages]


def _figure(journey: Journey) -> Figure:
    stages = journey.stages
    names = [textwrap.wrap(f"{place}. {name}", 29)[:2] for place, name in enumerate(_names(journey), 1)]
    details = [textwrap.wrap(shorten(detail, 78), 40) for detail in _details(journey)]
    heights = [0.16 + 0.14 * max(2, len(name)) + 0.115 * len(detail) for name, detail in zip(names, details, strict=True)]
    figure = Figure(figsize=(WIDTH, 0.5 + sum(heights)), facecolor="white")
    total = figure.get_figheight()
    axes = figure.add_axes((_LEFT, 0.04 / total, _PLOT, 1 - 0.46 / total))
    place = 0.0
    steps: list[str] = []
    for stage, name, detail, height in zip(stages, names, details, heights, strict=True):
        steps += [stage.step] if stage.step not in steps else []
        begin, end = _ends(stage)
        tone = TONES[steps.index(stage.step) % 2]
        axes.barh(place + height / 2, end - begin, left=begin, height=0.2, color=tone)
        _write(axes, -_LEFT / _PLOT, place + 0.08, "\n".join(name), 7.8, DARK, "top")
        _write(axes, -_LEFT / _PLOT, place + 0.09 + 0.14 * len(name), "\n".join(detail), 6.3, GREY, "top")
        _write(axes, 1.03, place + height / 2, _short_when(stage), 6.8, GREY, "center")
        axes.axhline(place + height, color=GRID, linewidth=0.4, clip_on=False, xmin=-_LEFT / _PLOT, xmax=(1 - _LEFT) / _PLOT)
        place += height
    axes.set_ylim(place, 0)
    _months(axes, stages) if stages and stages[0].start else _weeks(axes, stages)
    axes.xaxis.tick_top()
    axes.tick_params(axis="both", length=0, labelsize=7.2, labelcolor=GREY, pad=3)
    axes.set_yticks([])
    axes.set_axisbelow(True)
    axes.grid(axis="x", color=GRID, linewidth=0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _write(axes: Axes, x: float, y: float, text: str, size: float, color: str, place: Literal["top", "center"]) -> None:
    """Text at a share of the plot's width and a height of its own axis."""
    axes.text(x, y, text, transform=axes.get_yaxis_transform(), va=place, fontsize=size, color=color, linespacing=1.15)


def _ends(stage: Stage) -> tuple[float, float]:
    if stage.start and stage.end:
        return stage.start.toordinal(), stage.end.toordinal() + 1
    return stage.first - 1, stage.last


def _months(axes: Axes, stages: Sequence[Stage]) -> None:
    """Month names on the axis, never more than eight: by day, month, quarter, half-year or year."""
    first = min(stage.start for stage in stages if stage.start)
    last = max(stage.end for stage in stages if stage.end)
    axes.set_xlim(first.toordinal(), max(last.toordinal() + 1, first.toordinal() + 5))
    if (last - first).days < 45:
        step = max(1, -(-((last - first).days + 1) // 6))
        step = step if step < 4 else 7 * -(-step // 7)
        days = [first + datetime.timedelta(n) for n in range(0, (last - first).days + 1, step)]
        axes.set_xticks([day.toordinal() for day in days], [f"{day.day} {_SHORT[day.month - 1]}" for day in days], ha="left")
        return
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(step for step in (1, 2, 3, 6, 12, 24, 120, 1200) if count / step <= 8)
    months = [divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(0, count, step)]
    starts = [max(first, datetime.date(year, month + 1, 1)) for year, month in months]
    if len(starts) > 1 and (starts[1] - first).days * 11 < (last - first).days:
        del starts[1]  # its name would touch the first one's
    years = [not place or day.year != starts[place - 1].year for place, day in enumerate(starts)]
    labels = [f"{_SHORT[day.month - 1]}\n{day.year}" if told else _SHORT[day.month - 1] for day, told in zip(starts, years, strict=True)]
    axes.set_xticks([day.toordinal() for day in starts], labels, ha="left", va="baseline", linespacing=1.1)


def _weeks(axes: Axes, stages: Sequence[Stage]) -> None:
    last = max((stage.last for stage in stages), default=1)
    unit = stages[0].unit if stages else "semaine"
    step = next(step for step in (1, 2, 4, 8, 13, 26, 52, 520, 10**6) if last / step <= 8)
    axes.set_xlim(0, max(last, 2))
    axes.set_xticks(range(0, last, step), [f"{_UNITS.get(unit, unit)} {n + 1}" if not n else str(n + 1) for n in range(0, last, step)], ha="left")


def _short_when(stage: Stage) -> str:
    """When, on two short lines."""
    if not (stage.start and stage.end):
        return stage.when.replace(stage.unit + "s", _UNITS.get(stage.unit, stage.unit + "s")).replace(stage.unit, _UNITS.get(stage.unit, stage.unit))
    if stage.start == stage.end:
        return _short_day(stage.end, year=True)
    return f"{_short_day(stage.start, stage.start.year != stage.end.year)} –\n{_short_day(stage.end, year=True)}"


def _short_day(day: datetime.date, year: bool) -> str:
    return f"{spoken_date(day.isoformat()).split(' ')[0]} {_SHORT[day.month - 1]}{f' {day.year}' if year else ''}"
