"""What becomes of a PIN that is refused: it stands on the form and, told apart from other noes, in the log."""

import logging

from portal.errors import Refused
from portal.ids import is_id
from portal.till.device import current_device
from portal.web.forms import PortalForm
from portal.web.language import said

_log = logging.getLogger("portal.till")


def pin_refused(form: PortalForm, refusal: Refused, *, of: str) -> int:
    """Say the refusal at the field `pin` and return its status; the log tells whose PIN it was meant to be, and where.

    Whoever is tried in a name that is none of the staff's is not told (OWASP ASVS 16.3.1, without personal data).
    """
    form.blame("pin", message=said(refusal))
    tried = of if is_id(of) else None
    _log.warning("PIN refused", extra={"code": refusal.code, "staff": tried, "till": current_device().id})
    return refusal.status
