"""The loss over the steps as an SVG picture, made by hand so that nothing has to be installed for it."""

import csv
import math
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM, EDGE = 800, 400, 60, 40, 16


def plot_loss(log: Path, picture: Path, title: str) -> None:
    """Reads `loss.csv`; the loss on a logarithmic scale."""
    with open(log, newline="") as file:
        rows = [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]
    points = [(step, max(loss, 1e-4)) for step, loss in rows]
    if not points:
        return
    last = points[-1][0]
    low = math.floor(math.log10(min(loss for _, loss in points)))
    high = math.ceil(math.log10(max(loss for _, loss in points)))
    high = max(high, low + 1)

    def across(step: float) -> float:
        return LEFT + (WIDTH - LEFT - EDGE) * step / last

    def up(exponent: float) -> float:
        return EDGE + (HEIGHT - EDGE - BOTTOM) * (high - exponent) / (high - low)

    line = " ".join(f"{across(step):.1f},{up(math.log10(loss)):.1f}" for step, loss in points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for exponent in range(low, high + 1):
        y = up(exponent)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**exponent:g}</text>')
    for part in range(5):
        step = round(last * part / 4)
        parts.append(f'<text x="{across(step):.1f}" y="{HEIGHT - 16}" text-anchor="middle">{step}</text>')
    parts.append(f'<polyline points="{line}" fill="none" stroke="#c2410c" stroke-width="1.5"/>')
    words = f"steps; loss in nats a token: {title}"
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 2}" text-anchor="middle">{words}</text></svg>')
    picture.write_text("\n".join(parts) + "\n")
