"""`portal import-members`, `portal import-receipts`: files in, rejects out."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from portal.cli import imports
from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.examples import example

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
MEMBERS = """member,name,joined_at,phone,email,language,birthday,referrer,consents
A-1,Ada Wolf,2026-01-10T12:00:00+03:00,,ada@example.com,ru,1991-05-17,,marketing:email
C-3,Cleo Marin,2026-01-11T12:00:00+03:00,+79001234567,,en,,A-1,
,Ben,2026-01-12T12:00:00+03:00,,,en,,,
B-2,Ben,12 January,,,en,,,
"""
RECEIPTS = """store,number,at,member,n,sku,title,category,tags,qty,gross,points
S1,1,2026-02-01T12:00:00+03:00,A-1,1,MILK,Milk,food/dairy,yellow|new,2,20000,
S1,1,2026-02-01T12:00:00+03:00,A-1,2,CHEESE,Cheese,food/dairy,,0.350,40000,
S1,2,2026-02-01T13:00:00+03:00,,1,BREAD,Bread,food/bread,,,5000,
S1,3,2026-02-01T14:00:00,A-1,1,BREAD,Bread,food/bread,,,5000,
S1,4,2026-02-01T15:00:00+03:00,nobody,1,BREAD,Bread,food/bread,,,5000,
S1,5,2026-02-01T16:00:00+03:00,+7 900 123-45-67,1,BREAD,Bread,food/bread,,,five,
S1,6,2026-03-02T16:00:00+03:00,ada@example.com,1,BREAD,Bread,food/bread,,1,50000,max
"""


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Give a shop with a rulebook; the commands use its database."""
    monkeypatch.setattr(imports.frame, "migrated_engine", lambda: sqlite)
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, example("shop"), effective_from=OPENED, now=OPENED)
    return sqlite


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def portal(command: str, file: Path) -> Result:
    commands = {"import-members": imports.import_members_, "import-receipts": imports.import_receipts}
    return CliRunner().invoke(commands[command], [str(file)])


def rejected(file: Path) -> list[tuple[str, str]]:
    with file.with_name(f"{file.name}.rejected.csv").open(encoding="utf-8", newline="") as bad:
        return [(row.get("number", row.get("member", "")), row["reason"]) for row in csv.DictReader(bad)]


def test_members_and_receipts_come_over(shop: Engine, tmp_path: Path) -> None:
    members, receipts = written(tmp_path / "members.csv", MEMBERS), written(tmp_path / "receipts.csv", RECEIPTS)
    answer = portal("import-members", members)
    assert "2 members imported, 0 were members already, 2 rejected" in answer.output
    assert rejected(members) == [
        ("", "A member needs a reference, a phone or an e-mail address."),
        ("B-2", "joined_at '12 January' is no time with an offset."),
    ]
    answer = portal("import-receipts", receipts)
    assert answer.exit_code == 0, answer.output
    assert "3 receipts imported, 0 stood already, 3 rejected" in answer.output
    assert rejected(receipts) == [
        ("3", "at: the time has no offset"),
        ("5", "gross: 'five' is no whole number"),
        ("4", "There is no such member."),
    ]
    with shop.connect() as connection:
        told = connection.execute(text("select number, gross, points_spent, earned from receipt order by number")).all()
    assert [tuple(row) for row in told] == [("1", 60000, 0, 20), ("2", 5000, 0, 0), ("6", 50000, 20, 44)]


def test_a_receipt_keeps_its_channel_or_was_sold_in_the_store(shop: Engine, tmp_path: Path) -> None:
    rows = ["store,number,at,member,n,gross,channel"]
    rows += [f"S1,{n},2026-02-01T12:00:00+03:00,,1,5000,{channel}" for n, channel in enumerate(("online", ""))]
    portal("import-receipts", written(tmp_path / "r.csv", "\n".join(rows)))
    with shop.connect() as connection:
        told = connection.execute(text("select channel from receipt order by number")).scalars().all()
    assert told == ["online", "store"]


def test_a_second_import_makes_nothing_new(shop: Engine, tmp_path: Path) -> None:
    members, receipts = written(tmp_path / "members.csv", MEMBERS), written(tmp_path / "receipts.csv", RECEIPTS)
    for file, command in ((members, "import-members"), (receipts, "import-receipts")):
        portal(command, file)
    assert "0 members imported, 2 were members already" in portal("import-members", members).output
    assert "0 receipts imported, 3 stood already" in portal("import-receipts", receipts).output


def test_the_rejects_file_goes_when_nothing_is_rejected(shop: Engine, tmp_path: Path) -> None:
    file = written(tmp_path / "members.csv", MEMBERS)
    portal("import-members", file)
    written(file, MEMBERS.partition("\n,Ben")[0] + "\n")
    assert "rejected" not in portal("import-members", file).output
    assert not file.with_name("members.csv.rejected.csv").exists()


@pytest.mark.parametrize(
    ("command", "content", "wrong", "right"),
    [
        ("import-members", MEMBERS, "12 January", "2026-01-12T12:00:00+03:00"),
        ("import-receipts", RECEIPTS, ",five,", ",5000,"),
    ],
)
def test_a_rejects_file_is_mended_and_imported(
    shop: Engine, tmp_path: Path, command: str, content: str, wrong: str, right: str
) -> None:
    portal("import-members", written(tmp_path / "members.csv", MEMBERS))
    portal(command, written(tmp_path / "all.csv", content))
    bad = tmp_path / "all.csv.rejected.csv"
    written(bad, bad.read_text(encoding="utf-8").replace(wrong, right))
    answer = portal(command, bad)
    assert f"1 {command.removeprefix('import-')} imported" in answer.output
    assert {"import-members": 1, "import-receipts": 2}[command] == len(rejected(bad))


def test_a_file_with_a_nul_is_refused(shop: Engine, tmp_path: Path) -> None:
    answer = portal("import-members", written(tmp_path / "m.csv", MEMBERS.replace("Ada", "A\0a")))
    assert answer.exit_code == 1
    assert "it holds a NUL" in answer.output


def test_members_of_no_time_are_rejected(shop: Engine, tmp_path: Path) -> None:
    days = [("1899-01-01", ""), ("2999-01-01", ""), ("2026-01-10", "1850-05-17"), ("2026-01-10", "2999-05-17")]
    rows = [f"X-{n},Ada,{joined}T12:00:00Z,{born}" for n, (joined, born) in enumerate(days)]
    file = written(tmp_path / "m.csv", "\n".join(["member,name,joined_at,birthday", *rows]))
    assert "0 members imported" in portal("import-members", file).output
    assert [reason.split(":")[0] for _, reason in rejected(file)] == [
        "joined_at 1899-01-01T12",
        "joined_at 2999-01-01T12",
        "This is not a birthday",
        "This is not a birthday",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        (",,5000,", f",,{'9' * 5000},", f"gross: '{'9' * 5000}' is no whole number"),
        (",,5000,", f",{'9' * 5000},5000,", "lines.0.qty: a quantity is a number"),
        ("2026-02-01T13:00:00+03:00", "yesterday", "at: 'yesterday' is no time"),
        (",,5000,", ',"12,5",5000,', "lines.0.qty: a quantity is a number"),
    ],
)
def test_a_wrong_value_is_told_alone(shop: Engine, tmp_path: Path, right: str, wrong: str, reason: str) -> None:
    rows = RECEIPTS.splitlines()
    file = written(tmp_path / "r.csv", f"{rows[0]}\n{rows[3].replace(right, wrong)}\n")
    assert "0 receipts imported" in portal("import-receipts", file).output
    assert rejected(file) == [("2", reason)]


@pytest.mark.parametrize(("wrong", "number"), [(",2,", "2"), ("S1,,", "")])
def test_a_receipt_without_a_store_or_a_number_is_rejected(
    shop: Engine, tmp_path: Path, wrong: str, number: str
) -> None:
    rows = RECEIPTS.splitlines()
    file = written(tmp_path / "r.csv", f"{rows[0]}\n{rows[3].replace('S1,2,', wrong)}\n")
    assert "0 receipts imported" in portal("import-receipts", file).output
    assert rejected(file) == [(number, "store and number are needed")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("store,number,when", "missing: at, member, n, gross; unknown: when"),
        ("store,number,at,member,n", "missing: gross"),
        ("store,number,at,member,n,gross,when", "unknown: when"),
    ],
)
def test_a_wrong_header_is_said_once(shop: Engine, tmp_path: Path, header: str, said: str) -> None:
    answer = portal("import-receipts", written(tmp_path / "r.csv", f"{header}\n"))
    assert answer.exit_code == 1
    assert answer.output.endswith(f"r.csv: wrong columns, {said}\n")


def test_broken_text_is_named_by_its_line(shop: Engine, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes(RECEIPTS.encode() + b"S1,7,\xff\n")
    answer = portal("import-receipts", file)
    assert answer.exit_code == 1
    assert "cannot be read on line" in answer.output


def test_rows_with_more_values_than_columns_are_rejected(shop: Engine, tmp_path: Path) -> None:
    rows = RECEIPTS.splitlines()
    receipts = written(tmp_path / "r.csv", "\n".join([rows[0], f"{rows[3]},1,2"]) + "\n")
    portal("import-receipts", receipts)
    assert rejected(receipts) == [("2", "a row has more values than there are columns")]
    people = MEMBERS.splitlines()
    members = written(tmp_path / "m.csv", "\n".join([people[0], f"{people[1]},1"]) + "\n")
    portal("import-members", members)
    assert rejected(members) == [("A-1", "The row has more values than there are columns.")]


def test_rows_of_one_receipt_that_differ_are_rejected(shop: Engine, tmp_path: Path) -> None:
    rows = RECEIPTS.splitlines()
    file = written(tmp_path / "r.csv", "\n".join([rows[0], rows[1], rows[2].replace("12:00", "12:01")]) + "\n")
    assert "0 receipts imported" in portal("import-receipts", file).output
    assert rejected(file) == [("1", "at: the rows of one receipt differ")] * 2
