# SPDX-License-Identifier: Apache-2.0
"""Plot measurements as one SVG file: panels beside each other, logarithmic in both directions."""
import html
import math

WIDTH, HEIGHT, LEFT, TOP, GAP = 340, 260, 62, 44, 40
COLOURS = ("#1f5fa8", "#b3471d", "#2e7d32")


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def position(value, low, high, length):
    return (math.log10(value) - low) / max(high - low, 1) * length


def label(exponent):
    return f"{10 ** exponent:g}" if -4 < exponent < 6 else f"1e{exponent}"


def panel(left, title, x_name, y_name, points):
    """One curve; a dashed line shows linear growth from its first point."""
    xs, ys = [x for x, _ in points], [max(y, 1e-6) for _, y in points]
    linear = [(xs[0], ys[0]), (xs[-1], ys[0] * xs[-1] / xs[0])]
    (x_low, x_high), (y_low, y_high) = decades(xs), decades(ys + [linear[1][1]])

    def at(x, y):
        return (f"{left + position(x, x_low, x_high, WIDTH - LEFT):.1f},"
                f"{TOP + HEIGHT - position(y, y_low, y_high, HEIGHT):.1f}")

    out = [f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{html.escape(title)}</text>',
           f'<rect x="{left}" y="{TOP}" width="{WIDTH - LEFT}" height="{HEIGHT}" fill="none" stroke="#888"/>']
    for exponent in range(x_low, x_high + 1):
        x = left + position(10 ** exponent, x_low, x_high, WIDTH - LEFT)
        out.append(f'<path d="M{x:.1f},{TOP} v{HEIGHT}" stroke="#ddd"/>'
                   f'<text x="{x:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{label(exponent)}</text>')
    for exponent in range(y_low, y_high + 1):
        y = TOP + HEIGHT - position(10 ** exponent, y_low, y_high, HEIGHT)
        out.append(f'<path d="M{left},{y:.1f} h{WIDTH - LEFT}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{label(exponent)}</text>')
    out.append(f'<polyline points="{" ".join(at(x, y) for x, y in linear)}" fill="none" stroke="#999" '
               'stroke-dasharray="4 4"/>')
    out.append(f'<polyline points="{" ".join(at(x, y) for x, y in zip(xs, ys))}" fill="none" '
               f'stroke="{COLOURS[0]}" stroke-width="2"/>')
    out += [f'<circle cx="{at(x, y).split(",")[0]}" cy="{at(x, y).split(",")[1]}" r="3" fill="{COLOURS[1]}"/>'
            for x, y in zip(xs, ys)]
    middle = left + (WIDTH - LEFT) / 2
    out.append(f'<text x="{middle}" y="{TOP + HEIGHT + 34}" text-anchor="middle">{html.escape(x_name)}</text>')
    out.append(f'<text transform="translate({left - 46},{TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
               f'{html.escape(y_name)}</text>')
    return "\n".join(out)


def write_svg(path, panels):
    """panels: (title, name of x, name of y, [(x, y), ...]) each"""
    width = len(panels) * (WIDTH + GAP) + GAP
    height = TOP + HEIGHT + 56
    body = "\n".join(panel(GAP + LEFT + number * (WIDTH + GAP) - 20, *given) for number, given in enumerate(panels))
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                  f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
                  f'{body}\n</svg>\n')
