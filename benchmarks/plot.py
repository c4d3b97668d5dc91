"""A plot as SVG: lines over two logarithmic axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _EDGE = 640, 400, 60
_COLOURS = ("#d62728", "#1f77b4", "#2ca02c", "#9467bd")


def lines(series: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    every = [point for points in series.values() for point in points]
    scale = _Scale([x for x, _ in every], [y for _, y in every])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '  # noqa: ISC004
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 12}" text-anchor="middle">{across}</text>',
        f'<text x="14" y="{_HEIGHT / 2}" text-anchor="middle" '  # noqa: ISC004
        f'transform="rotate(-90 14 {_HEIGHT / 2})">{up}</text>',
        *scale.grid(),
    ]
    for (name, points), colour in zip(series.items(), _COLOURS, strict=False):
        path = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in points)
        x, y = points[-1]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{scale.x(x) - 6:.1f}" y="{scale.y(y) - 8:.1f}" text-anchor="end" '
            f'fill="{colour}">{name}</text>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"


class _Scale:
    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self._xs = math.log10(min(xs)), math.log10(max(xs))
        self._ys = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
        self._ticks = sorted(set(xs))

    def x(self, value: float) -> float:
        low, high = self._xs
        part = (math.log10(value) - low) / (high - low)
        return _EDGE + part * (_WIDTH - 2 * _EDGE)

    def y(self, value: float) -> float:
        low, high = self._ys
        part = (math.log10(value) - low) / (high - low)
        return _HEIGHT - _EDGE - part * (_HEIGHT - 2 * _EDGE)

    def grid(self) -> list[str]:
        found = []
        for tick in self._ticks:
            at = self.x(tick)
            found.append(
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_EDGE}" y2="{_HEIGHT - _EDGE}" stroke="#ddd"/>'
                f'<text x="{at:.1f}" y="{_HEIGHT - _EDGE + 16}" text-anchor="middle">{tick:,.0f}</text>'
            )
        for power in range(self._ys[0], self._ys[1] + 1):
            at = self.y(10.0**power)
            found.append(
                f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>'
                f'<text x="{_EDGE - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
            )
        return found
