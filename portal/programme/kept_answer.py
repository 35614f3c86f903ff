"""What is kept of the answer to a receipt, and how the whole of it is told again.

A receipt keeps the sale and its outcome for ever. Its answer is the same facts in words, so only what was found beside
the sale is kept with it (docs/decisions/0014): a quarter of what a purchase wrote were these words.
"""

from sqlalchemy.orm import Session

from portal.programme.answer_json import answer_json, read_answer
from portal.programme.answers import AnswerFacts, ReceiptAnswer
from portal.programme.rulebooks import rulebook_by_digest
from portal.programme.telling import told_answer
from portal.receipts.queries import Document
from portal.receipts.queries.judged import JudgedReceipt, find_judged
from portal.rulebook.explain import Language, Sale
from portal.rulebook.outcome import read_outcome
from portal.rulebook.receipt import read_receipt


def facts_of(answer: ReceiptAnswer, *, language: Language) -> Document:
    """Return what is kept of an answer."""
    facts = AnswerFacts(
        receipt_id=answer.receipt_id,
        member_id=answer.member_id,
        language=language,
        codes=tuple(each.code for each in answer.coupons),
        balance=answer.balance,
        tier=answer.tier,
        entries=answer.entries,
    )
    return answer_json(facts)


def whole_answer(session: Session, kept: Document) -> ReceiptAnswer:
    """Tell an answer again; those of earlier versions of the portal were kept whole."""
    if "grants" in kept:
        return read_answer(ReceiptAnswer, kept)
    judged = find_judged(session, kept["receipt_id"])
    if judged is None:
        raise RuntimeError("an answer without its receipt")
    return told_answer(sale_of(session, judged), read_answer(AnswerFacts, kept))


def sale_of(session: Session, judged: JudgedReceipt) -> Sale:
    """Return a receipt as it was judged, ready to be explained."""
    rulebook = rulebook_by_digest(session, judged.rulebook_digest)
    return Sale(rulebook=rulebook, receipt=read_receipt(judged.document), outcome=read_outcome(judged.outcome))
