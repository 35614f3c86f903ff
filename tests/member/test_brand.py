"""Any hue a shop may choose stays readable, by day and by night (visual.md, Tokens)."""

import re

import pytest

from portal.config import ROOT
from portal.web.brand import brand_css, linear_rgb

CSS = ROOT / "static" / "css"
HUES = range(360)
TOKEN = re.compile(r"(--[a-z-]+):\s*oklch\(([^;]+)\);")
SURFACES = ("--paper", "--paper-raised", "--paper-sunken")
TEXTS = [("--ink", 7.0), ("--ink-soft", 4.5), ("--brand", 4.5), ("--good", 4.5), ("--warn", 4.5), ("--bad", 4.5)]
PAIRS = [
    ("--on-brand", "--brand", 4.5),
    ("--brand", "--brand-wash", 4.5),
    ("--ink", "--brand-wash", 7.0),
    ("--good", "--good-wash", 4.5),
    ("--warn", "--warn-wash", 4.5),
    ("--bad", "--bad-wash", 4.5),
    ("--on-card", "--card", 4.5),
    ("--on-card", "--card-turned", 4.5),
    ("--scan-ink", "--scan-paper", 20.0),
    ("--scan-soft", "--scan-paper", 4.5),
    ("--ink-faint", "--paper", 3.0),
    ("--line-firm", "--paper-raised", 3.0),
]
PAIRS += [(text, surface, least) for text, least in TEXTS for surface in SURFACES]


def tokens(*, night: bool) -> dict[str, str]:
    names = ["tokens.css", "tokens-dark.css"] if night else ["tokens.css"]
    return {name: value for file in names for name, value in TOKEN.findall((CSS / file).read_text("utf-8"))}


def knobs(hue: int) -> dict[str, str]:
    return dict(re.findall(r"(--brand[a-z-]*):([\d.]+)", brand_css(hue)))


def shown(value: str, *, hue: int) -> tuple[float, float, float]:
    """Return the linear channels of an oklch token, with the brand's knobs put in; see-through ones count as solid."""
    for name, number in sorted(knobs(hue).items(), key=lambda knob: -len(knob[0])):
        value = value.replace(f"var({name})", number)
    value = re.sub(r"calc\(([\d.]+) \+ ([\d.]+)\)", lambda sum_: str(float(sum_[1]) + float(sum_[2])), value)
    lightness, chroma, turn = (float(part) for part in value.partition("/")[0].split())
    return linear_rgb(lightness, chroma=chroma, hue=turn)


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 for r, g, b in (one, other))
    return lights[1] / lights[0]


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize(("text", "surface", "least"), PAIRS)
def test_every_hue_keeps_its_contrast(text: str, surface: str, least: float, *, night: bool) -> None:
    known = tokens(night=night)
    worst = min((contrast(shown(known[text], hue=hue), shown(known[surface], hue=hue)), hue) for hue in HUES)
    assert worst[0] >= least, f"{worst[0]:.2f} at hue {worst[1]}"


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("name", ["--brand", "--card", "--card-turned", "--good", "--warn", "--bad", "--brand-wash"])
def test_every_hue_can_be_shown_by_a_plain_screen(name: str, *, night: bool) -> None:
    value = tokens(night=night)[name]
    for hue in HUES:
        assert all(-0.002 <= channel <= 1.002 for channel in shown(value, hue=hue)), f"hue {hue}"
