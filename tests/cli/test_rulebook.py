"""`portal rulebook …` on files, without a database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.rulebook import rulebook
from portal.rulebook.examples import example_toml

RECEIPT = {"at": "2026-03-06T18:30:00+03:00", "lines": [{"n": 1, "gross": 150000}]}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return written(tmp_path / "shop.toml", example_toml("shop"))


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    return written(tmp_path / "receipt.json", json.dumps(RECEIPT))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def portal(*arguments: str | Path) -> Result:
    return CliRunner().invoke(rulebook, [str(each) for each in arguments])


def test_a_sound_rulebook_passes_with_its_warnings(shop: Path) -> None:
    answer = portal("check", shop)
    assert answer.exit_code == 0
    assert "warning  rules  Members see 17 rules" in answer.output


def test_the_worst_basket_is_told_and_can_be_judged_again(tmp_path: Path) -> None:
    club = written(tmp_path / "club.toml", example_toml("cosmetics"))
    assert "the worst basket found gives away" in portal("check", club).output
    assert "Sheet masks: 2 for the price of 1" in portal("worst-basket", club).output
    found = json.loads(portal("worst-basket", club, "--json").output)
    files = {name: written(tmp_path / f"{name}.json", json.dumps(found[name])) for name in ("receipt", "member")}
    again = json.loads(portal("evaluate", club, "--receipt", files["receipt"], "--member", files["member"]).output)
    assert found["given"] == again["discount"] + 100 * sum(grant["points"] for grant in again["grants"])
    assert found["share_bp"] == found["given"] * 10_000 // again["total"] > 5_000


def test_every_error_is_named_with_its_path(tmp_path: Path) -> None:
    wrong = (
        example_toml("cosmetics").replace("rate_bp = 500", "rate_bp = 50000").replace('rules = ["base5"]', "rules = []")
    )
    answer = portal("check", written(tmp_path / "wrong.toml", wrong))
    assert answer.exit_code == 1
    assert (
        "error  rules.base5.effects[0].rate_bp  A rate is at most 10000, which is 100 %.  [rate-above-100]"
        in answer.output
    )
    assert "error  rules.friday_x2.effects[0].rules" in answer.output


def test_the_mark_that_an_editor_puts_before_a_text_is_overlooked(tmp_path: Path) -> None:
    shop = written(tmp_path / "shop.toml", "\ufeff" + example_toml("shop"))
    receipt = written(tmp_path / "receipt.json", "\ufeff" + json.dumps(RECEIPT))
    assert portal("evaluate", shop, "--receipt", receipt).exit_code == 0


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b'currency = "\xff"')
    answer = portal("check", broken)
    assert answer.exit_code == 1
    assert "is not UTF-8 text" in answer.output


def test_a_receipt_is_judged_as_json(shop: Path, receipt: Path, tmp_path: Path) -> None:
    member = written(tmp_path / "ada.json", json.dumps({"id": "ada"}))
    answer = portal("evaluate", shop, "--receipt", receipt, "--member", member)
    assert json.loads(answer.output)["earned"] == {"ada": 150}


def test_a_receipt_is_explained_in_words(shop: Path, receipt: Path) -> None:
    answer = portal("evaluate", shop, "--receipt", receipt, "--explain", "--language", "ru")
    assert answer.exit_code == 0
    assert answer.output.replace("\u00a0", " ").startswith("1 500,00 ₽ − 0,00 ₽ − 0 баллов = 1 500,00 ₽\n")


def test_a_wrong_receipt_is_named_with_its_path(shop: Path, tmp_path: Path) -> None:
    wrong = written(tmp_path / "wrong.json", json.dumps({**RECEIPT, "lines": [{"n": 1, "gross": -1}]}))
    answer = portal("evaluate", shop, "--receipt", wrong)
    assert answer.exit_code == 1
    assert "lines.0.gross" in answer.output


def test_a_receipt_of_another_currency_is_refused(shop: Path, tmp_path: Path) -> None:
    foreign = written(tmp_path / "foreign.json", json.dumps({**RECEIPT, "currency": "EUR"}))
    answer = portal("evaluate", shop, "--receipt", foreign)
    assert answer.exit_code == 1
    assert "foreign-currency" in answer.output


def test_an_instant_without_offset_is_refused(shop: Path) -> None:
    answer = portal("publish", shop, "--from", "2026-03-01T00:00")
    assert answer.exit_code == 2
    assert "offset" in answer.output
