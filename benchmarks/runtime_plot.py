"""Throughput against processes, as an SVG that needs no library to make and none to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

Lines = dict[str, list[float]]  # of each form, the rates at the numbers of processes

WIDTH, HEIGHT = 800, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 300, 40, 50
LABEL_HEIGHT = 16
COLOURS = (
    *("#777777", "#bbbbbb", "#c44e52", "#4c72b0", "#55a868"),
    *("#8172b2", "#dd8452", "#3a9bb5", "#937860", "#222222"),
)


@dataclass(frozen=True)
class Axes:
    """Both logarithmic: numbers of processes across, changes a second up."""

    processes: tuple[int, ...]
    low: float
    high: float

    def x(self, processes: int) -> float:
        first, last = self.processes[0], self.processes[-1]
        share = math.log2(processes / first) / max(1, math.log2(last / first))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, rate: float) -> float:
        share = math.log10(rate / self.low) / math.log10(self.high / self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def plot(rates: dict[tuple[str, int], float], processes: tuple[int, ...]) -> str:
    """Return a picture of the rates, per second, of each form over the numbers of processes."""
    names = dict.fromkeys(name for name, _ in rates)
    lines = {name: [rates[name, number] for number in processes] for name in names}
    low = 10 ** math.floor(math.log10(min(map(min, lines.values()))))
    high = 10 ** math.ceil(math.log10(max(map(max, lines.values()))))
    axes = Axes(processes, low, high)
    return "\n".join([_HEAD, *_grid(axes), *_drawn(lines, axes), "</svg>", ""])


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="sans-serif" font-size="12">\n'
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
)


def _grid(axes: Axes) -> Iterator[str]:
    rate = axes.low
    while rate <= axes.high:
        y = axes.y(rate)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
        yield _text(LEFT - 8, y + 4, f"{rate / 1e6:g} M", "end")
        rate *= 10
    for number in axes.processes:
        yield _text(axes.x(number), HEIGHT - BOTTOM + 20, str(number), "middle")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "processes", "middle")
    yield _text(LEFT, 20, "changes a second, of all processes together", "start")


def _drawn(lines: Lines, axes: Axes) -> Iterator[str]:
    """Draw each line, with its name where it ends, or above if another one's stands there."""
    at = math.inf
    for name in sorted(lines, key=lambda name: lines[name][-1]):
        colour = COLOURS[list(lines).index(name) % len(COLOURS)]
        pairs = zip(axes.processes, lines[name], strict=True)
        points = " ".join(f"{axes.x(number):.1f},{axes.y(rate):.1f}" for number, rate in pairs)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        at = min(at - LABEL_HEIGHT, axes.y(lines[name][-1]))
        yield _text(WIDTH - RIGHT + 8, at + 4, name, "start", colour)


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#222222") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"
