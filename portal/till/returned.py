"""What a refund handed out, by its own address."""

from flask import Response, abort

from portal.programme.certificates import returned_to_certificates
from portal.till.device import staff
from portal.till.quote import rulebook_at_till
from portal.till.refund import returnable
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.transactions import session

blueprint = till_blueprint("returned")


@blueprint.get("/till/receipts/<receipt_id>/refunds/<refund_id>")
@staff
def returned(receipt_id: str, refund_id: str) -> Response:
    receipt = returnable(receipt_id)
    refund = next((each for each in receipt.refunds if each.refund_id == refund_id), None) or abort(404)
    rulebook_at_till()
    return till_page(
        "till/returned.html",
        scans=True,
        receipt=receipt,
        refund=refund,
        taken=sum(refund.reversed.values()),
        to_certificates=returned_to_certificates(session(), receipt_id, refund_id),
        form=ScanForm(),
    )
