"""Gift certificates (domain.md §1.5): how long they pay."""

from portal.rulebook.validity import Validity
from portal.rulebook.values import Model


class Certificates(Model):
    """How long a certificate pays from the day it is sold, that day and the last included; without `valid` for ever.

    Those sold before keep the last day they were sold with. What is given back to one that ran out can be spent for
    `refunds.restore_grace_days` more.
    """

    valid: Validity | None = None
