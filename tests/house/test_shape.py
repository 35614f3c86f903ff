import ast
import re
import tomllib
from pathlib import Path

import pytest

from portal.config import ROOT

PORTAL = ROOT / "portal"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "service",
    "services",
    "handler",
    "handlers",
}


def test_the_way_in_is_six_lines():
    lines = ast.unparse(ast.parse((ROOT / "app.py").read_text("utf-8"))).splitlines()[1:]
    assert len([line for line in lines if line]) <= 6


TOP = ("portal", "static", "templates", "tests", "manifest.webmanifest", "service-worker.js")


@pytest.mark.parametrize("name", TOP)
def test_what_everybody_looks_for_stands_at_the_top(name: str):
    assert (ROOT / name).exists()


def test_importing_the_package_costs_nothing():
    assert [type(node) for node in ast.parse((PORTAL / "__init__.py").read_text("utf-8")).body] == [ast.Expr]


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in PORTAL.rglob("*.py") if path.stem in VAGUE] == []


def test_every_package_with_tables_keeps_them_to_itself():
    kept = {module for contract in CONTRACTS for module in contract.get("protected_modules", ())}
    assert {f"portal.{path.parent.name}.tables" for path in PORTAL.glob("*/tables.py")} <= kept


def test_flask_is_kept_out_of_everything_below_the_doors():
    contract = next(contract for contract in CONTRACTS if contract["name"] == "Flask stays at the doors")
    layers = next(contract for contract in CONTRACTS if contract["type"] == "layers")["layers"]
    below = layers[layers.index("web") + 1 :] if "web" in layers else layers[layers.index("(web)") + 1 :]
    modules = {name for layer in below for name in re.findall(r"\w+", layer)} - {"config"}
    assert {f"portal.{name}" for name in modules} == set(contract["source_modules"])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_has_no_inline_style_script_or_handler(template: Path):
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|hx-on|\bjs:", text)
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert "src=" in attributes
        assert not body.strip()
    assert "<style" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_what_htmx_sends_works_without_it(template: Path):
    """By the link or form it sits on; what refreshes itself does so by the page's own timer."""
    text = template.read_text("utf-8")
    for tag in re.findall(r"<[a-z]+\b[^>]*\bhx-(?:get|post)=[^>]*>", text, re.DOTALL):
        if 'hx-trigger="load delay' in tag:
            assert '<noscript><meta http-equiv="refresh"' in text
            continue
        assert re.match(r"<(a|form|button)\b", tag), tag
        assert re.search(r"\b(href|action|formaction)=", tag), tag


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.relative_to(ROOT / "templates").as_posix())
def test_mistakes_take_the_focus(template: Path):
    page = template.read_text("utf-8")
    if "{{ summary(" in page:
        assert re.search(r"js/take-focus\.js|parts/refreshing\.html", page), "the summary waits for a script"
