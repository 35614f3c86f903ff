"""`coupon`: a coupon shown at the till."""

from typing import Literal, Self

from pydantic import model_validator

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.moments import is_before
from portal.rulebook.situation import Situation
from portal.rulebook.values import Name, Names


class Coupon(BaseCondition):
    """Hold when one of the public `codes`, or a coupon of the `template` in date, is shown.

    A coupon of a template was issued to the member, or is good for whoever shows it.

    Example: `{type = "coupon", codes = ["SPRING"]}` holds for anybody, guests too, who names SPRING; `{type = "coupon",
    template = "back10"}` for Ben showing the coupon he was given, until it runs out.
    """

    type: Literal["coupon"]
    codes: Names | None = None
    template: Name | None = None

    @model_validator(mode="after")
    def _name_one(self) -> Self:
        if (self.codes is None) == (self.template is None):
            raise ValueError("a coupon condition has either `codes` or `template`")
        return self

    def compiled(self) -> Test:
        facts = {"codes": list(self.codes)} if self.codes else {"template": self.template}
        return Test(lambda situation: self.shown(situation) is not None, lambda _: Miss("coupon", facts))

    def shown(self, situation: Situation) -> str | None:
        """Return the code on the receipt that satisfies the condition."""
        codes = situation.receipt.coupons
        if not codes:
            return None
        valid = self.codes or self._codes_held(situation)
        return next((code for code in codes if code in valid), None)

    def _codes_held(self, situation: Situation) -> list[str]:
        held = situation.member.coupons + situation.bearer if situation.member else situation.bearer
        return [
            coupon.code or coupon.template
            for coupon in held
            if coupon.template == self.template and (coupon.until is None or is_before(situation.at, coupon.until))
        ]
