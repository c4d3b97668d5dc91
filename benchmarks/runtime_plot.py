"""Throughput against processes, as an SVG that needs no library to make and none to look at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 260, 30, 50
COLOURS = (
    "#888888",
    "#bbbbbb",
    "#c44e52",
    "#4c72b0",
    "#55a868",
    "#8172b2",
    "#dd8452",
    "#64b5cd",
    "#937860",
    "#222222",
)
LABEL_HEIGHT = 15


def plot(rates: dict[tuple[str, int], float], processes: tuple[int, ...]) -> str:
    """Draw the rates, per second, of each form over the numbers of processes; both axes are logarithmic."""
    names = list(dict.fromkeys(name for name, _ in rates))
    lines = {name: [rates[name, number] for number in processes] for name in names}
    low = 10 ** math.floor(math.log10(min(map(min, lines.values()))))
    high = 10 ** math.ceil(math.log10(max(map(max, lines.values()))))

    def across(number: int) -> float:
        share = math.log2(number / processes[0]) / max(1, math.log2(processes[-1] / processes[0]))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(rate: float) -> float:
        share = math.log10(rate / low) / math.log10(high / low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [*_axes(processes, low, high, across, up), *_lines(lines, processes, across, up)]
    return "\n".join([_HEAD, *parts, "</svg>", ""])


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="sans-serif" font-size="12">\n'
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
)


def _axes(processes, low, high, across, up) -> Iterator[str]:
    rate = low
    while rate <= high:
        y = up(rate)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{rate / 1e6:g} M</text>'
        rate *= 10
    for number in processes:
        yield f'<text x="{across(number):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{number}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">processes</text>'
    yield f'<text x="{LEFT}" y="18">changes a second, of all processes together</text>'


def _lines(lines, processes, across, up) -> Iterator[str]:
    # Labels stand where their lines end, moved apart where they would overlap.
    at = math.inf
    ends = sorted(lines, key=lambda name: lines[name][-1])
    for name in ends:
        colour = COLOURS[list(lines).index(name) % len(COLOURS)]
        points = " ".join(
            f"{across(number):.1f},{up(rate):.1f}"
            for number, rate in zip(processes, lines[name], strict=True)
        )
        at = min(at - LABEL_HEIGHT, up(lines[name][-1]))
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield f'<text x="{WIDTH - RIGHT + 8}" y="{at + 4:.1f}" fill="{colour}">{name.replace("<", "&lt;")}</text>'
