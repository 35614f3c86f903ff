"""The statement by months, and each entry as a receipt slip, rule by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from babel.dates import format_date
from flask import Blueprint, Response, abort, request

from portal.member.rows import Row, rows_of, whole_rows
from portal.member.slips import slip_of
from portal.programme.explain_entry import UnknownEntry, explain_entry
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.statement import read_statement
from portal.programme.unread import find_unread
from portal.web.guards import member, member_with
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import stand_by
from portal.web.transactions import session

blueprint = Blueprint("history", __name__)

AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    rows: Sequence[Row]


@blueprint.get("/history")
@member_with(find_unread)
def history(unread: int) -> Response:
    before = request.args.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 10 else None
    language = current_language()
    lines = read_statement(
        session(), current_member().member_id, before=number, limit=AT_ONCE, language=language, now=now()
    )
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    rows = whole_rows(lines.lines, more=lines.next is not None)
    months = _months(rows, today=now().astimezone(rulebook.zone))
    if lines.next is not None and len(months) > 1:
        months.pop()  # the page after begins with it, whole
    earlier = f"/history?before={months[-1].rows[-1].number}" if months and lines.next is not None else None
    return page("member/history.html", unread=unread, months=months, earlier=earlier, goes_on=number is not None)


def _months(rows: Sequence[Row], *, today: datetime) -> list[Month]:
    """Group rows by the months of the shop's calendar."""
    by_month = groupby(rows, key=lambda row: row.at.astimezone(today.tzinfo).date().replace(day=1))
    return [Month(_name(month, this_year=today.year), list(group)) for month, group in by_month]


def _name(month: date, *, this_year: int) -> str:
    """Name a month as a heading: `Ноябрь`, with its year when it is not this one."""
    written = format_date(month, format="LLLL" if month.year == this_year else "LLLL y", locale=current_language())
    return written[:1].upper() + written[1:]


@blueprint.get("/history/<int(max=2147483647):number>")
@member
def entry(number: int) -> Response:
    try:
        explained = explain_entry(session(), current_member().member_id, number, language=current_language(), now=now())
    except UnknownEntry:
        abort(404)
    stand_by(explained.shop)
    return page("member/entry.html", row=rows_of([explained.line])[0], slip=slip_of(explained))
