"""A receipt as a door hands it over."""

from dataclasses import dataclass
from typing import Any

from portal.members.lookup import Lookup
from portal.rulebook.receipt import Receipt, receipt_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReceipt:
    """A receipt, whose it is (None: a guest's) and the hold that pays for it.

    Its time is aware, its store and number are not empty; the doors' models see to that.
    """

    receipt: Receipt
    member: Lookup | None
    hold: str | None = None

    def document(self) -> dict[str, Any]:
        """Return the command as plain JSON, for its digest: everything the till said."""
        member = self.member
        shown = None if member is None else {member.kind: member.value, "mac": member.rotating and member.rotating.mac}
        return {"receipt": receipt_json(self.receipt), "member": shown, "hold": self.hold}
