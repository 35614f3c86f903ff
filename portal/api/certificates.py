"""Gift certificates: sold by a receipt, paid with another."""

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.repeats import once
from portal.api.values import Document, Shown
from portal.programme.certificates import (
    CertificateStanding,
    ReceiptCertificates,
    check_certificate,
    issue_certificates,
    pay_by_certificate,
)
from portal.programme.command import Answered
from portal.web.transactions import session

TILLS = ("till", "shop", "admin")


class CertificateBody(Document):
    """The 25 digits of a certificate, in any spelling."""

    code: Shown


@api.operation(
    "POST",
    "/receipts/<receipt_id>/certificates",
    summary="Issue the certificates of a receipt",
    scopes=TILLS,
    answers={201: ReceiptCertificates},
    nature="commands",
)
def issue(caller: Caller, *, receipt_id: str) -> Answered[ReceiptCertificates]:
    """Issue a certificate for each piece of each line of the category `gift_certificate`."""
    caller.stay_with(receipt_id)

    def make() -> Answered[ReceiptCertificates]:
        made = issue_certificates(session(), receipt_id, command=caller.command())
        return Answered(made, 201, replayed=False)

    return once(caller, make, ReceiptCertificates, name=f"certificates {receipt_id}", body=None)


@api.operation(
    "POST",
    "/receipts/<receipt_id>/certificates/pay",
    summary="Pay a receipt by a certificate",
    scopes=TILLS,
    body=CertificateBody,
    answers={200: ReceiptCertificates},
    nature="commands",
)
def pay(caller: Caller, *, receipt_id: str, body: CertificateBody) -> Answered[ReceiptCertificates]:
    """Take what is due, as far as the certificate goes, within an hour of the receipt; wrong codes are counted."""
    caller.stay_with(receipt_id)

    def spend() -> Answered[ReceiptCertificates]:
        paid = pay_by_certificate(session(), receipt_id, body.code, command=caller.command())
        return Answered(paid, 200, replayed=False)

    return once(caller, spend, ReceiptCertificates, name=f"certificate {receipt_id}", body=body)


@api.operation(
    "POST",
    "/certificates/check",
    summary="Tell what is left of a certificate",
    scopes=TILLS,
    body=CertificateBody,
    answers={200: CertificateStanding},
    nature="notes",
)
def check(caller: Caller, *, body: CertificateBody) -> CertificateStanding:
    """Tell what can still be paid by it; wrong codes are counted."""
    return check_certificate(session(), body.code, command=caller.command())
