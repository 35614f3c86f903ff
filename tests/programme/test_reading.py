"""What a member reads: home, the statement, why an entry stands there."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.members.operations.sessions import open_session
from portal.programme.explain_entry import explain_entry
from portal.programme.member_home import Home, find_home, member_home
from portal.programme.statement import read_statement
from tests.programme.asking import doing, reading, refused
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook
from tests.programme.statements import Statements

EARNS = {"effects": [{"type": "accrue_fixed", "points": 1}]}
PENDING = {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}


def home_of(session: Session, token: str, *, now: datetime) -> Home:
    _, found = find_home(session, token, now=now) or pytest.fail("nobody signed in with this token")
    return member_home(session, found, language="en", now=now)


def test_home_is_one_statement(shop: Shop) -> None:
    shop.publish(
        rulebook(
            {**BASE5, "title": {"ru": "Базовые", "en": "Base"}},
            {"id": "open", "effects": [{"type": "unlock", "privilege": "aqua", "valid_days": 30, "uses": 1}]},
            version=2,
            wallets=[PENDING, {"id": "pouches", "kind": "gift", "title": {"ru": "Пакетики", "en": "Pouches"}}],
            privileges=[{"id": "aqua", "title": {"ru": "Растения", "en": "Plants"}}],
        ),
        effective_from=NOW,
        now=NOW,
    )
    ada = shop.join("ada@example.org")
    shop.give(ada, 5, wallet="pouches")
    shop.buy(ada)
    token = doing(shop, lambda session: open_session(session, ada, user_agent="", now=NOW)).token

    def home_at(now: datetime) -> Home:
        return reading(shop, lambda session: home_of(session, token, now=now))

    statements = Statements(shop.engine)
    home = home_at(NOW)
    assert len(statements.texts) == 1
    assert (home.first_name, home.balance.pending) == ("Ada", 50)
    assert [(each.title, each.units) for each in home.gifts] == [("Pouches", 5)]
    assert [(each.title, str(each.last_valid_day)) for each in home.privileges] == [("Plants", "2026-04-03")]
    assert [(each.cause, each.points, each.title) for each in home.lines[:1]] == [("purchase", 50, "")]  # is summed up
    later = NOW + 20 * DAY
    home = home_at(later)
    assert (home.balance.available, home.lines[0].kind) == (50, "release")
    assert reading(shop, lambda session: find_home(session, "nobody's token", now=NOW)) is None


def test_a_statement_is_read_page_by_page(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    for _ in range(5):
        shop.buy(ada)

    def page(before: int | None):
        return reading(
            shop, lambda session: read_statement(session, ada, before=before, limit=2, language="ru", now=NOW)
        )

    first = page(None)
    assert ([each.number for each in first.lines], first.next) == ([5, 4], 4)
    assert [each.number for each in page(4).lines] == [3, 2]
    assert (page(2).next, page(2).lines[0].title) == (None, "Базовые 5\u00a0%")


def test_what_is_taken_back_bears_the_name_of_its_rule(shop: Shop) -> None:
    other = {"id": "a_rule", "title": "Another", "when": {"type": "channel", "in": ["web"]}, **EARNS}
    shop.publish(rulebook(other, BASE5, version=2), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    shop.refund(shop.buy(ada).receipt_id, {1: 1})
    page = reading(shop, lambda s: read_statement(s, ada, before=None, limit=2, language="ru", now=NOW))
    base = "Базовые 5\u00a0%"
    assert [(each.kind, each.title) for each in page.lines] == [("reversal", base), ("accrual", base)]


def test_a_gift_is_named_by_its_wallet_and_points_are_no_gift(shop: Shop) -> None:
    pouches = {"id": "pouches", "kind": "gift", "title": {"ru": "Пакетики", "en": "Pouches"}}
    shop.publish(rulebook(BASE5, version=2, wallets=[pouches]), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    for wallet in ("points", "pouches", "toys"):
        shop.give(ada, 5, wallet=wallet)
    page = reading(shop, lambda s: read_statement(s, ada, before=None, limit=3, language="en", now=NOW))
    assert [(each.wallet, each.gift) for each in page.lines] == [
        ("toys", "toys"),
        ("pouches", "Pouches"),
        ("points", ""),
    ]


def test_an_entry_is_explained_to_its_buyer_and_less_of_it_to_the_referrer(shop: Shop) -> None:
    owner = {
        "id": "owner1", "when": {"type": "referred"},
        "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}],
    }  # fmt: skip
    friday = {
        "id": "fri", "title": "Friday", "when": {"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"},
        "effects": [{"type": "multiply", "factor_bp": 20000, "rules": ["base5"]}],
    }  # fmt: skip
    shop.publish(rulebook(BASE5, owner, friday, version=2), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    cleo = shop.join("cleo@example.org", referrer=ada)
    shop.buy(cleo, line(1, 200000, title="A secret present"))

    def explain(member: str, number: int = 1):
        return reading(shop, lambda session: explain_entry(session, member, number, language="en", now=NOW))

    own, brought = explain(cleo), explain(ada)
    assert own.receipt is not None
    assert [each.rule for each in own.receipt.told.grants] == ["base5", "owner1"]
    assert [each.rule for each in own.receipt.told.skipped] == ["fri"]
    assert "100" in own.text
    assert brought.receipt is None
    assert brought.line.points == 20
    assert "20" in brought.text
    assert "secret" not in brought.text
    assert refused(lambda: explain(ada, 2)) == "unknown-entry"
