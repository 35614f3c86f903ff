"""An entry explained: the whole receipt to its buyer, their own points alone to who brought the buyer."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.entries import Entry
from portal.ledger.queries import find_entry
from portal.programme.kept_answer import sale_of
from portal.programme.posting import grant_source
from portal.programme.rulebooks import rulebook_by_digest, rulebook_in_force
from portal.programme.statement import StatementLine, statement_line
from portal.receipts.queries.judged import JudgedReceipt, find_judged
from portal.rulebook.document import Rulebook
from portal.rulebook.explain import ReceiptTold, Sale, explain_grant, explain_receipt
from portal.rulebook.explain.words import Language
from portal.rulebook.outcome import Outcome


class UnknownEntry(Refused):
    code = "unknown-entry"
    status = 404
    text = "There is no such entry."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedReceipt:
    """The buyer's own receipt: what was bought, what it came to, and every rule in words."""

    store: str
    number: str
    at: datetime
    sale: Sale
    told: ReceiptTold
    fully_returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedEntry:
    """An entry with its reasons.

    `text` is the arithmetic of the grant that made it, "" for other kinds of entries. `rulebook` names the version that
    judged, `details` are the entry's own facts, `shop` tells its zone and currency.
    """

    line: StatementLine
    details: dict[str, object]
    text: str
    receipt: ExplainedReceipt | None
    rulebook: str | None
    shop: Rulebook


def explain_entry(
    session: Session, member_id: str, number: int, *, language: Language, now: datetime
) -> ExplainedEntry:
    """Explain one entry of a member's statement. Raises `UnknownEntry`."""
    entry = find_entry(session, member_id, number, now=now)
    if entry is None:
        raise UnknownEntry
    judged = find_judged(session, entry.origin.receipt) if entry.origin.receipt else None
    rulebook = rulebook_by_digest(session, judged.rulebook_digest) if judged else rulebook_in_force(session, at=now)
    sale = sale_of(session, judged) if judged else None
    return ExplainedEntry(
        line=statement_line(entry.brief(), rulebook=rulebook, language=language),
        details=dict(entry.details),
        text=_grant_text(entry, judged, sale, language=language) if judged and sale else "",
        receipt=_receipt(judged, sale, language) if judged and sale and judged.member_id == member_id else None,
        rulebook=entry.origin.rulebook,
        shop=rulebook,
    )


def _grant_text(entry: Entry, judged: JudgedReceipt, sale: Sale, *, language: Language) -> str:
    """Explain the entry's grant; somebody else's goods are not named."""
    outcome: Outcome = sale.outcome
    grant = next((each for each in outcome.grants if grant_source(judged.id, each.source) == entry.source), None)
    if grant is None:
        return ""
    if grant.beneficiary != "member":
        sale = replace(sale, receipt=replace(sale.receipt, lines=()))
    return explain_grant(grant, sale=sale, voice=sale.voice(language))


def _receipt(judged: JudgedReceipt, sale: Sale, language: Language) -> ExplainedReceipt:
    return ExplainedReceipt(
        store=judged.store,
        number=judged.number,
        at=judged.at,
        sale=sale,
        told=explain_receipt(sale, language=language),
        fully_returned=judged.fully_returned,
    )
