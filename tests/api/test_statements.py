"""How many statements a till waits for (performance.md P7c), none of them to look up a known key."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.api.conftest import Api, LateNotes, receipt
from tests.api.test_members import rotating_code

both = pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)


def counted(api: Api, call: Callable[[], Any]) -> list[str]:
    """Return the statements of a call; a rulebook, a key's use and temporary views are known from a call before."""
    call()
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = api.app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert call().status_code < 300
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return statements


@both
def test_a_purchase_is_two_statements(web_shop: Api, ada: dict[str, Any]) -> None:
    lines = [{"n": n, "sku": f"SKU{n}", "qty": 1, "gross": 10_000} for n in range(1, 11)]

    def buy():
        number = f"T3-{next(web_shop.numbers)}"
        return web_shop.post("/receipts", receipt(number, lines=lines, member={"id": ada["id"]}, points_requested=20))

    assert len(counted(web_shop, buy)) == 2


@both
def test_a_quote_is_one_statement(web_shop: Api, ada: dict[str, Any]) -> None:
    told = receipt(member={"id": ada["id"]}, points_requested="max")
    assert len(counted(web_shop, lambda: web_shop.post("/receipts/quote", told))) == 1


@both
def test_a_wrong_code_costs_a_purchase_no_statement(web_shop: Api, ada: dict[str, Any]) -> None:
    def buy():
        told = receipt(f"T3-{next(web_shop.numbers)}", member={"id": ada["id"]}, coupons=["WRONG"])
        return web_shop.post("/receipts", told)

    assert len(counted(web_shop, buy)) == 2


@both
def test_a_scan_is_one_statement(web_shop: Api, ada: dict[str, Any]) -> None:
    shown = {"code": ada["card_number"]}
    assert len(counted(web_shop, lambda: web_shop.post("/members/identify", shown))) == 1


@both
def test_a_fresh_code_is_written_down_after_the_answer(web_shop: Api, notes: LateNotes, ada: dict[str, Any]) -> None:
    codes = iter([rotating_code(web_shop, ada) for _ in range(2)])
    assert len(counted(web_shop, lambda: web_shop.post("/members/identify", {"code": next(codes)}))) == 1
    assert len(notes.waiting) == 2
