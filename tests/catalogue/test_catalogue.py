"""What the shop tells of its goods: kept by name, found by barcode."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.catalogue.goods import Goods, Page
from portal.catalogue.operations import BarcodeTaken, UnknownGoods, put_goods, take_goods_out
from portal.catalogue.queries import find_goods, goods_of, goods_page
from portal.cli import main
from portal.db import run
from tests.member.shop import open_shop

SOAP = Goods(sku="SOAP", title="Soap", price=9900, barcode="2000000000015", category="care/bath", tags=("eco",))
FOAM = Goods(sku="FOAM", title="Foam", price=69000)


def test_goods_are_found_by_barcode_and_by_name(session: Session):
    assert put_goods(session, [SOAP, FOAM]) == 2
    assert find_goods(session, "2000000000015") == SOAP
    assert find_goods(session, "FOAM") == FOAM
    assert find_goods(session, "2000000000022") is None
    assert goods_of(session, {"SOAP", "NOTHING"}) == {"SOAP": SOAP}


def test_goods_told_again_change_and_others_stay(session: Session):
    put_goods(session, [SOAP, FOAM])
    dearer = Goods(sku="FOAM", title="Foam, big", price=79000, barcode=SOAP.barcode)
    put_goods(session, [dearer])
    assert find_goods(session, SOAP.barcode) == dearer
    assert find_goods(session, "SOAP").barcode == ""


def test_one_barcode_beside_two_goods_is_refused(session: Session):
    with pytest.raises(BarcodeTaken):
        put_goods(session, [SOAP, Goods(sku="FOAM", title="Foam", price=1, barcode=SOAP.barcode)])


def test_goods_are_listed_by_name_and_taken_out_once(session: Session):
    put_goods(session, [SOAP, FOAM])
    first = goods_page(session, barcode=None, after=None, limit=1)
    assert (first.goods, first.next) == ((FOAM,), "FOAM")
    assert goods_page(session, barcode=None, after="FOAM", limit=1) == Page((SOAP,), next=None)
    assert goods_page(session, barcode=SOAP.barcode, after=None, limit=5).goods == (SOAP,)
    take_goods_out(session, "SOAP")
    assert find_goods(session, SOAP.barcode) is None
    with pytest.raises(UnknownGoods):
        take_goods_out(session, "SOAP")


HEADER = "sku,barcode,title,category,brand,tags,price\n"
TOLD = "SOAP,2000000000015,Soap,care/bath,,eco,99\n"


@pytest.fixture
def import_goods(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give what imports a file for a shop that is open and tells what was said."""
    open_shop(sqlite)
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))

    def imported(content: str | bytes) -> str:
        file = tmp_path / "goods.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(main, ["import-goods", str(file)]).output

    return imported


def test_the_operator_imports_them(sqlite: Engine, import_goods):
    assert import_goods(HEADER + TOLD) == "1 goods\n"
    assert run(sqlite, lambda session: find_goods(session, "SOAP"), writes=False) == SOAP


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sku,title\nSOAP,Soap\n", "wrong columns, missing: price"),
        ("sku;title;price\nSOAP;Soap;99\n", "wrong columns, missing: sku, title, price; unknown: sku;title;price"),
        (HEADER + TOLD.replace(",99", ",free"), "line 2: goods have a sku, a title and a price above nothing"),
        (HEADER + "\n\n" + TOLD.replace("Soap", ""), "line 4: goods have a sku, a title"),
        ("sku,title,price\nSOAP,Soap,12,5\n", "line 2: it has more values than there are columns"),
        (HEADER + TOLD.replace("Soap", '"So\nap"'), "line 3: a text holds a line break"),
        (HEADER + TOLD.replace("Soap", "So\0ap"), "cannot be read on line 2: it holds a NUL"),
        ((HEADER + TOLD.replace("Soap", "Мыло")).encode("cp1251"), "cannot be read on line 1: 'utf-8' codec"),
        (HEADER + TOLD.replace("Soap", "p" * 200_000), "cannot be read on line 2: field larger than"),
        (HEADER + TOLD.replace("99", "9" * 5000), "line 2: goods have"),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(sqlite: Engine, import_goods, content: str | bytes, said: str):
    answer = import_goods(content)
    assert said in answer
    assert answer.count("\n") == 1
    assert run(sqlite, lambda session: find_goods(session, "SOAP"), writes=False) is None


def test_a_barcode_beside_two_goods_far_apart_is_refused(import_goods):
    many = "".join(f"S{n},,Soap,,,,99\n" for n in range(300))
    assert "2000000000015 stands beside two goods: SOAP and FOAM" in import_goods(
        HEADER + TOLD + many + TOLD.replace("SOAP", "FOAM")
    )


def test_goods_need_rules_that_name_the_currency(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    (tmp_path / "goods.csv").write_text(HEADER + TOLD, encoding="utf-8")
    answer = CliRunner().invoke(main, ["import-goods", str(tmp_path / "goods.csv")])
    assert answer.output == "Error: No rulebook was in force at that time.\n"
