"""Codes that the rulebook itself names: good for whoever names them."""

from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.document import Rulebook


def public_codes(rulebook: Rulebook) -> frozenset[str]:
    """Return every code that a rule names."""
    parts = (part for rule in rulebook.rules for part in rule.when.walk())
    return frozenset(code for part in parts if isinstance(part, Coupon) for code in part.codes or ())
