"""The shop's hue, made safe: lightness is fixed by the tokens, the chroma is the most that a screen can show there.

Contrast follows from lightness alone, so any hue is readable (visual.md, Tokens). Conversion: CSS Color 4, §10.
"""

from math import cos, radians, sin

LIGHT = 0.5
DARK = 0.79
TURNED = 0.36
TURN_DEGREES = 16


def brand_css(hue: int) -> str:
    """Return the rule that gives the tokens their hue and chromas."""
    knobs = {
        "--brand-hue": str(hue),
        "--brand-chroma": f"{fitting_chroma(LIGHT, hue=hue, at_most=0.15):.3f}",
        "--brand-chroma-dark": f"{fitting_chroma(DARK, hue=hue, at_most=0.12):.3f}",
        "--brand-chroma-turned": f"{fitting_chroma(TURNED, hue=hue + TURN_DEGREES, at_most=0.14):.3f}",
    }
    return "@layer base{:root{" + ";".join(f"{name}:{value}" for name, value in knobs.items()) + "}}"


def fitting_chroma(lightness: float, *, hue: float, at_most: float) -> float:
    """Return the largest chroma, rounded down to thousandths, whose colour lies inside sRGB."""
    step = round(at_most * 1000)
    while step and not _shown(linear_rgb(lightness, chroma=step / 1000, hue=hue)):
        step -= 1
    return step / 1000


def linear_rgb(lightness: float, *, chroma: float, hue: float) -> tuple[float, float, float]:
    """Turn oklch into linear sRGB; channels outside 0…1 cannot be shown."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _shown(rgb: tuple[float, float, float]) -> bool:
    return all(0 <= channel <= 1 for channel in rgb)


def brand_rgb(hue: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the card's two tones as screens write them, for pictures that know no oklch."""
    brand = linear_rgb(LIGHT, chroma=fitting_chroma(LIGHT, hue=hue, at_most=0.15), hue=hue)
    turn = hue + TURN_DEGREES
    turned = linear_rgb(TURNED, chroma=fitting_chroma(TURNED, hue=turn, at_most=0.14), hue=turn)
    return _written(brand), _written(turned)


def _written(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    """Bend linear channels as sRGB does (CSS Color 4, §10) and count them from 0 to 255."""
    bent = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in rgb)
    red, green, blue = (round(255 * min(max(channel, 0), 1)) for channel in bent)
    return red, green, blue
