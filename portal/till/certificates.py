"""A receipt that was recorded is paid by a gift certificate, as far as it goes."""

from flask import Response, request

from portal.perks.operations import TooManyGuesses
from portal.programme.certificates import (
    CertificateOver,
    CertificateUnknown,
    ReceiptClosed,
    ReceiptPaid,
    pay_by_certificate,
)
from portal.till.deeds import note_deed
from portal.till.device import staff, till_command
from portal.till.receipts import receipt_here
from portal.till.record import recorded_page
from portal.till.till_page import till_blueprint
from portal.web.addresses import see_other
from portal.web.transactions import session

blueprint = till_blueprint("certificates")


@blueprint.post("/till/receipts/<receipt_id>/certificates")
@staff
def pay(receipt_id: str) -> Response:
    """Take what is due for a receipt of this store from the certificate; wrong codes are counted."""
    receipt_here(receipt_id)
    try:
        pay_by_certificate(session(), receipt_id, request.form.get("certificate", ""), command=till_command())
    except (CertificateOver, CertificateUnknown, ReceiptClosed, ReceiptPaid, TooManyGuesses) as refusal:
        return recorded_page(receipt_id, refusal=refusal)
    note_deed("certificate.paid", subject="receipt", subject_id=receipt_id)
    return see_other(f"/till/receipts/{receipt_id}")
