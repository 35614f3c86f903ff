"""The shop of this request: its clock and its money come from the rulebook by which it is told."""

from portal.rulebook.document import Rulebook
from portal.web.speaker import Place, stand_in


def stand_by(rulebook: Rulebook) -> Place:
    """Tell days and money of this request as the shop of this rulebook does."""
    return stand_in(rulebook.zone, currency=rulebook.currency)
