"""A member's statement: what was told to the ledger, newest first, in the member's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.ledger.accruals import POINTS
from portal.ledger.entries import Brief
from portal.ledger.queries import newest_entries
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.words import Language
from portal.rulebook.values import title_in


class StatementLine(NamedTuple):
    """One entry. `points` carry the sign the member sees, and are units in a gift wallet.

    `title` is the rule's, "" where no rule gave or took them: then `kind` and `cause` say what happened. `gift` names
    what a gift wallet holds, "" where the entry is about points.
    """

    number: int
    at: datetime
    kind: str
    cause: str
    wallet: str
    points: int
    title: str
    receipt_id: str | None
    gift: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines, newest first; `next` goes into `before` for the page after, None on the last."""

    lines: tuple[StatementLine, ...]
    next: int | None


def read_statement(
    session: Session, member_id: str, *, before: int | None, limit: int, language: Language, now: datetime
) -> StatementPage:
    """Return a page of a statement; what is due and not posted yet stands on the first page too."""
    page = newest_entries(session, member_id, now=now, before=before, limit=limit)
    rulebook = rulebook_in_force(session, at=now)
    lines = tuple(statement_line(entry.brief(), rulebook=rulebook, language=language) for entry in page.entries)
    return StatementPage(lines, page.next)


def statement_line(entry: Brief, *, rulebook: Rulebook, language: Language) -> StatementLine:
    """Return an entry in the member's words, with the rule's title as it was, else as it is today."""
    number, at, kind, cause, wallet, points, receipt, _rule, _kept = entry
    gift = "" if wallet == POINTS else title_in(rulebook.wallet(wallet).title, language) or wallet
    return StatementLine(number, at, kind, cause, wallet, points, _title(entry, rulebook, language), receipt, gift)


def _title(entry: Brief, rulebook: Rulebook, language: Language) -> str:
    kept = title_in(entry.title, language)
    if kept or entry.rule is None:
        return kept
    rule = next((each for each in rulebook.every_rule if each.id == entry.rule), None)
    return title_in(rule.title, language) if rule else ""
