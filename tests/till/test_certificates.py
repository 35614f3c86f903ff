"""A certificate at the till: sold by a line of its kind, and counted in after a sale."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.db import epoch
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_toml
from tests.member.shop import NOW, RULEBOOK
from tests.till.shop import Till, fields

BLOCK = """
[[rules]]
id = "legal"
title = "Certificates"
priority = 1
visible = false
effects = [{type = "block", what = ["discount", "accrual", "redemption"], lines = {category = ["gift_certificate"]}}]
"""


@pytest.fixture
def shop(till: Till) -> Till:
    sell_certificates(till)
    return till


def sell_certificates(till: Till, *, more: str = "") -> None:
    """Publish a rulebook under which certificates can be sold."""
    rulebook = load_toml(RULEBOOK.replace("version = 17", "version = 18") + BLOCK + more)
    till.write(lambda session: publish_rulebook(session, rulebook, effective_from=NOW, now=NOW))


def sell(till: Till, price: str, *, kind: str = ""):
    told = fields(till.scan(till.card()), "/till/quote") | {"in_lines": "y", "line1-kind": kind, "line1-price": price}
    told |= {"line1-qty": "1", "line1-title": "Goods"}
    page = till.pages.post("/till/quote", told)
    told |= {name: page.find("input", name=name).get("value") for name in ("due", "spent")}
    return till.pages.follow(till.pages.post("/till/receipts", told))


def pays_at(page) -> str:
    """Return the address at which a recorded sale takes a certificate."""
    return next(form.get("action") for form in page.find_all("form") if "certificates" in form.get("action", ""))


def code_of(page) -> str:
    panel = next(each for each in page.find_all("section") if "till-certificates" in (each.get("class") or ""))
    return "".join(sign for sign in "".join(panel.find(".//span").itertext()) if sign.isdigit())


def test_a_certificate_is_sold_spent_and_given_back_to(shop: Till) -> None:
    sold = sell(shop, "1000", kind="category:gift_certificate")
    assert "Certificate for RUB 1,000.00" in sold.words.replace("\u00a0", " ")
    code = code_of(sold)
    assert len(code) == 25
    shop.wait(seconds=5)
    action = pays_at(sell(shop, "300"))
    paid = shop.pages.follow(shop.pages.post(action, {"certificate": code}))
    assert "Paid by certificate RUB 300.00" in paid.words.replace("\u00a0", " ")
    back = shop.pages.post(f"/till/refund/{action.split('/')[3]}/quote", {"all": "y"})
    assert "Of it back to the certificate RUB 300.00" in back.words.replace("\u00a0", " ")
    assert "Give back RUB 0.00" in back.words.replace("\u00a0", " ")
    assert "RUB 700.00" in shop.scan(code).words.replace("\u00a0", " ")
    wrong = shop.pages.post(action, {"certificate": "1" * 25})
    assert (wrong.status, "no certificate with money left" in wrong.words) == (422, True)


def test_a_receipt_is_paid_within_an_hour(shop: Till) -> None:
    code = code_of(sell(shop, "1000", kind="category:gift_certificate"))
    shop.wait(seconds=5)
    action = pays_at(sell(shop, "300"))
    shop.now += timedelta(minutes=9)
    assert shop.pages.post(action, {"certificate": code}).status == 303


def test_another_stores_receipt_is_not_paid_here(shop: Till) -> None:
    code = code_of(sell(shop, "1000", kind="category:gift_certificate"))
    shop.wait(seconds=5)
    action = pays_at(sell(shop, "300"))
    shop.write(lambda session: session.execute(text("update till_device set store = 'S2'")))
    assert shop.pages.post(action, {"certificate": code}).status == 404
    assert "RUB 1,000.00" in shop.scan(code).words.replace("\u00a0", " ")


def test_the_last_day_is_told_when_it_is_sold_shown_and_over(till: Till) -> None:
    sell_certificates(till, more='[certificates]\nvalid = {type = "months", n = 12}\n')
    sold = sell(till, "1000", kind="category:gift_certificate")
    assert "until 4 March 2027 inclusive" in sold.words
    assert "Write the code and the last day" in sold.words
    code = code_of(sold)
    assert "Good until 4 March 2027 inclusive." in till.scan(code).words
    till.wait(seconds=5)
    action = pays_at(sell(till, "300"))
    till.write(lambda session: session.execute(text(f"update certificate set until = {epoch(NOW)}")))
    over = till.scan(code)
    assert "It was good until 4 March inclusive and pays no more." in over.words
    assert over.find("div", **{"data-signal": "bad"}) is not None
    refused = till.pages.post(action, {"certificate": code})
    assert (refused.status, "It pays no more" in refused.words) == (410, True)
