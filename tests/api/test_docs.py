"""The second half of docs/api.md is written from the code; `--golden` writes it anew."""

import json
import re

import pytest

from portal.api.api import PREFIX, api
from portal.api.openapi import describe
from portal.api.outline import Field, Section, Shape, sections, shapes
from portal.config import ROOT
from tests.api.conftest import Api, joining

PAGE = ROOT / "docs/api.md"
MARK = "--golden -->\n"


def written() -> str:
    document = describe(api.operations, prefix=PREFIX)
    operations = "\n".join(section(each) for each in sections(document))
    return f"\n{operations}\n## Shapes\n\n" + "\n".join(shape(each) for each in shapes(document))


def section(told: Section) -> str:
    lines = [f"### {told.summary}", "", f"`{told.method} {told.path}` — {told.about}", ""]
    lines += [f"* `{field.name}`: {kind(field)}" for field in told.parameters]
    lines += [f"* body: `{told.body}`"] if told.body else []
    lines += [f"* {status}: `{answer}`" for status, answer in told.answers]
    return "\n".join([*lines, ""])


def shape(told: Shape) -> str:
    lines = [f"### {told.name}", "", *([told.about, ""] if told.about else [])]
    lines += ["| name | kind |", "|---|---|", *(f"| `{field.name}` | {kind(field)} |" for field in told.fields)]
    return "\n".join([*lines, ""])


def kind(field: Field) -> str:
    return field.kind + (" (required)" if field.required else "")


def test_the_first_receipt_of_the_page_is_recorded(office: Api, till: Api):
    office.post("/members", joining(email="ada@example.com"))
    written = re.search(r"-d '(\{.*?\})'\n", PAGE.read_text("utf-8"), re.DOTALL)
    assert written
    body = re.sub(r"'\$\(date .*?\)'", till.now.isoformat(), written[1])
    answer = till.post("/receipts", json.loads(body))
    assert (answer.status_code, answer.json["due"]) == (201, 10000)


def test_the_page_of_the_api_tells_what_the_code_does(pytestconfig: pytest.Config):
    head, mark, told = PAGE.read_text("utf-8").partition(MARK)
    if pytestconfig.getoption("golden"):
        PAGE.write_text(head + mark + written(), encoding="utf-8")
        told = written()
    assert told == written()
