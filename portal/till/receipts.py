"""A receipt as a till may see it: of its own store alone."""

from portal.programme.look_up_receipt import ReceiptNotFound, ReceiptRecord, look_up_receipt
from portal.till.device import current_device
from portal.web.transactions import session


def receipt_here(receipt_id: str) -> ReceiptRecord:
    """Return a receipt of this till's store. Raises `ReceiptNotFound`."""
    found = look_up_receipt(session(), receipt_id)
    if found.store != current_device().store:
        raise ReceiptNotFound
    return found
