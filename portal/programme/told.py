"""A receipt as a door hands it over."""

from dataclasses import dataclass

from portal.members.lookup import Lookup
from portal.rulebook.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReceipt:
    """A receipt, whose it is (None: a guest's) and the hold that pays for it.

    Its time is aware, its store and number are not empty; the doors' models see to that.
    """

    receipt: Receipt
    member: Lookup | None
    hold: str | None = None
