"""Every route with its guard stands in `routes.txt`, so that a diff shows a door being opened.

After a wanted change: `python3 dev.py test tests/house/test_routes.py --golden`.
"""

from pathlib import Path

import pytest

from portal.factory import Portal
from portal.web.guards import guard_of
from portal.web.transactions import SAFE

ENTRANCES = (
    "/till/enrol",
    "/welcome",
    "/join",
    "/sign-in",
    "/code",
    "/welcome",
    "/sign-out",
    "/till/sign-in",
    "/language",
    "/theme",
    "/unsubscribe",
)
GOLDEN = Path(__file__).with_name("routes.txt")


def listed(app: Portal) -> list[str]:
    lines = []
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        guard = guard_of(app.view_functions[rule.endpoint])
        lines += [f"{method:7} {rule.rule:50} {guard}" for method in methods]
    return sorted(lines, key=lambda line: (line.split()[1], line))


def test_the_routes_and_their_guards_are_the_golden_list(app: Portal, pytestconfig: pytest.Config):
    found = "\n".join(listed(app)) + "\n"
    if pytestconfig.getoption("golden"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text("utf-8")


def test_every_route_has_a_guard(app: Portal):
    assert [line for line in listed(app) if line.endswith("None")] == []


def test_only_entrances_take_writes_from_anybody(app: Portal):
    public = [line.split()[1] for line in listed(app) if line.endswith(" public") and line.split()[0] not in SAFE]
    assert [path for path in public if not path.startswith(ENTRANCES)] == []
