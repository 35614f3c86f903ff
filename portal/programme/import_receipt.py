"""A receipt of the past is imported: recorded as if it had been told at its own time."""

from sqlalchemy.orm import Session

from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered, Command
from portal.programme.record_receipt import record_receipt
from portal.programme.told import ToldReceipt
from portal.rulebook.explain.words import Language

CLIENT = "import"


def import_receipt(session: Session, told: ToldReceipt, *, language: Language) -> Answered[ReceiptAnswer]:
    """Record a receipt, once for its store and number; import each member's receipts in time order.

    Points were spent before witnesses, so no code is asked for; what is due by the receipt's time is posted first.
    Raises what `record_receipt` raises.
    """
    receipt = told.receipt
    command = Command(
        client=CLIENT,
        key=f"{receipt.store}/{receipt.number}",
        now=receipt.at,
        language=language,
        operator=CLIENT,
        may_backdate=True,
        vouches=True,
    )
    return record_receipt(session, told, command=command)
