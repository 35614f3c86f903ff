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


def import_file(tmp_path: Path, text: str):
    (tmp_path / "goods.csv").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["import-goods", str(tmp_path / "goods.csv")])


def test_the_operator_imports_them(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    open_shop(sqlite)
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    told = "sku,barcode,title,category,brand,tags,price\nSOAP,2000000000015,Soap,care/bath,,eco,99\n"
    assert import_file(tmp_path, told).output == "1 goods\n"
    assert run(sqlite, lambda session: find_goods(session, "SOAP"), writes=False) == SOAP
    wrong = import_file(tmp_path, told.replace(",99", ",free"))
    assert "line 2: goods have a sku, a title and a price above nothing" in wrong.output
    assert "the first line lacks price" in import_file(tmp_path, "sku,title\nSOAP,Soap\n").output
