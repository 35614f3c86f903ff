"""Invite links from the command line: made, printed, and what the two channels of domain.md §5.4 brought."""

import struct
import xml.etree.ElementTree as ET
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, text

from portal.cli import main
from portal.db import transaction
from portal.ids import new_id
from portal.members.tables import Member
from portal.programme.publish_rulebook import publish_rulebook
from portal.receipts.tables import Receipt, Refund
from portal.referrals.queries import find_link
from portal.referrals.tables import InviteClick, Joining
from portal.rulebook.document import load_json

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = [{"id": "base5", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}]


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    return opened(sqlite, monkeypatch)


@pytest.fixture
def either_shop(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    return opened(engine, monkeypatch)


def opened(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("PORTAL_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PORTAL_BASE_URL", "https://shop.example")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "s" * 48)
    rulebook = load_json({"id": "shop", "currency": "RUB", "timezone": "Europe/Moscow", "rules": RULES})
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=LONG_AGO, now=LONG_AGO)
    return engine


def a_history(engine: Engine, slug: str, *, joined: int, buyers: int, net: int, clicks: int) -> None:
    """Write what a channel brought as rows: the figures are what is tried, the joining has tests of its own."""
    with transaction(engine, writes=True) as session:
        link = find_link(session, slug)
        assert link is not None
        people = [new_id(LONG_AGO + timedelta(seconds=n)) for n in range(joined)]
        members = [{"id": one, "state": "active", "joined_at": LONG_AGO, "language": "ru"} for one in people]
        came = {"link_id": link.id, "came_by": "link", "decision": "ok", "joined_at": LONG_AGO}
        session.execute(insert(Member), members)
        session.execute(insert(Joining), [{"member_id": one, **came} for one in people])
        session.execute(insert(Joining), [{"member_id": f"not {slug}", **came, "decision": "same_device"}])
        session.execute(insert(InviteClick), [{"place": link.id, "day": "2026-01-01", "clicks": clicks}])
        session.execute(insert(Receipt), [bought(slug, n, one, net) for n, one in enumerate(people[:buyers])])


def bought(slug: str, number: int, member_id: str, net: int, *, at: datetime = LONG_AGO + DAY) -> dict:
    told = {name: {} for name in ("document", "state", "outcome", "used")}
    return {
        "id": new_id(at), "store": slug, "number": str(number), "channel": "store", "at": at, "recorded_at": at,
        "client": "c", "key": f"{slug}/{number}", "member_id": member_id, "rulebook": "shop@1",
        "rulebook_digest": "", "digest": "", "gross": net, "net": net, "due": net, "points_spent": 0, "earned": 0,
        "fully_returned": False, **told,
    }  # fmt: skip


def rows(*arguments: str) -> dict[str, dict[str, str]]:
    """Return the table of the funnel by link and column."""
    head, *lines = call("links", "funnel", *arguments).output.splitlines()
    return {line.split("\t")[0]: dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines}


def test_the_two_channels_of_the_design_come_out_as_told(either_shop: Engine):
    call("links", "add", "youtube", "--title", "YouTube", "--source", "youtube", "--cost", "100000")
    call("links", "add", "google", "--title", "Google", "--cost", "0")
    call("links", "cost", "google", "200000")
    a_history(either_shop, "youtube", joined=2018, buyers=8, net=3556_00, clicks=9000)
    a_history(either_shop, "google", joined=115, buyers=87, net=22312_00, clicks=300)
    told = rows("--margin", "30")
    youtube, google = told["youtube"], told["google"]
    assert [youtube[name] for name in ("opened", "joined", "bought", "again")] == ["9000", "2018", "8", "0"]
    assert (youtube["conversion"], youtube["95 %"]) == ("0.396 %", "0.20–0.78 %")
    assert (youtube["revenue"], youtube["per join"]) == ("28448.00", "14.10")
    assert (youtube["cost"], youtube["CAC"], youtube["ROMI"]) == ("100000.00", "12500.00", "-91.5 %")
    assert (google["joined"], google["bought"], google["turned away"]) == ("115", "87", "1")
    assert (google["conversion"], google["95 %"]) == ("75.7 %", "67.06–82.58 %")
    assert (google["revenue"], google["per join"]) == ("1941144.00", "16879.51")
    assert (google["cost"], google["CAC"], google["ROMI"]) == ("200000.00", "2298.85", "191 %")


def test_what_came_back_and_what_came_late_is_not_counted(either_shop: Engine):
    call("links", "add", "post", "--title", "A post", "--kind", "post")
    a_history(either_shop, "post", joined=3, buyers=2, net=1000_00, clicks=5)
    with transaction(either_shop, writes=True) as session:
        first, second = session.scalars(text("select id from receipt order by number")).all()
        buyer = session.scalar(text("select member_id from receipt where id = :id"), {"id": first})
        told = {"number": 1, "at": LONG_AGO + DAY, "recorded_at": LONG_AGO, "lines": {}, "result": {}}
        back = {"id": new_id(LONG_AGO), "receipt_id": first, "money": 300_00, "points": 100}
        session.execute(insert(Refund), [told | back])
        session.execute(text("update receipt set fully_returned = true where id = :id"), {"id": second})
        session.execute(insert(Receipt), [bought("post", 9, str(buyer), 500_00, at=LONG_AGO + 40 * DAY)])
    whole = rows()["post"]
    assert (whole["bought"], whole["again"], whole["revenue"]) == ("1", "1", "1100.00")
    early = rows("--within", "30")["post"]
    assert (early["bought"], early["again"], early["revenue"]) == ("1", "0", "600.00")
    assert (early["cost"], early["CAC"], early["ROMI"]) == ("–", "–", "–")


def test_a_link_is_made_once_and_listed(shop: Engine):
    made = call(
        "links", "add", "spring", "--title", "Spring", "--from", "2026-03-01", "--until", "2026-03-31", "--limit", "9"
    )
    assert made.output == "https://shop.example/i/spring\n"
    assert (
        "https://shop.example/i/spring\tchannel\tSpring\t2026-03-01…2026-03-31\t0/9 joined"
        in call("links", "list").output
    )
    assert "already" in call("links", "add", "spring", "--title", "Again").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "ä", "--title", "T"), "3 to 40 small Latin letters"),
        (("add", "abc", "--title", "T", "--kind", "agent"), "names whose it is"),
        (("add", "abc", "--title", "T", "--owner", "01kjw16mm0463p7g6wxy9tgyfz", "--kind", "agent"), "no such member"),
        (("add", "abc", "--title", "T", "--cost", "1.001"), "give an amount"),
        (("add", "abc", "--title", "T", "--from", "2026-03-02", "--until", "2026-03-01"), "closes after it opens"),
        (("cost", "nothing", "5"), "no link of this name"),
        (("qr", "nothing", "x.png"), "no link of this name"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(shop: Engine, arguments: tuple[str, ...], said: str):
    result = call("links", *arguments)
    assert result.exit_code in {1, 2}
    assert said in result.output


def test_the_picture_is_written_for_screens_and_for_print(shop: Engine, tmp_path: Path):
    call("links", "add", "poster", "--title", "Poster")
    svg, png = tmp_path / "poster.svg", tmp_path / "poster.png"
    assert call("links", "qr", "poster", str(svg)).exit_code == 0
    assert call("links", "qr", "poster", str(png), "--pixels", "1000").exit_code == 0
    side = int(ET.fromstring(svg.read_text()).attrib["viewBox"].split()[-1])
    body = png.read_bytes()
    width, height, depth, colour = struct.unpack(">IIBB", body[16:26])
    assert (width, height, depth, colour) == (side * -(-1000 // side), width, 1, 0)
    rows_of_bits = zlib.decompress(body[body.index(b"IDAT") + 4 : -16])
    assert len(rows_of_bits) == height * (1 + -(-width // 8))
    assert b"pHYs" in body
    assert call("links", "qr", "poster", str(tmp_path / "poster.gif")).exit_code == 2
