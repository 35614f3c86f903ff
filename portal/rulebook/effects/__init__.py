"""What a rule does: one module per kind of effect, joined here into the union that documents are read by."""

from typing import Annotated, get_args

from pydantic import Field

from portal.rulebook.effects.accrue_fixed import AccrueFixed
from portal.rulebook.effects.accrue_per_unit import AccruePerUnit
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.effects.base import AccrualEffect, BaseEffect, DiscountEffect
from portal.rulebook.effects.block import Block
from portal.rulebook.effects.bundle import Bundle
from portal.rulebook.effects.discount_fixed import DiscountFixed
from portal.rulebook.effects.discount_percent import DiscountPercent
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.effects.issue_coupon import IssueCoupon
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.effects.n_for_m import NForM
from portal.rulebook.effects.redemption_limit import RedemptionLimit
from portal.rulebook.effects.special_price import SpecialPrice
from portal.rulebook.effects.unlock import Unlock

AnyEffect = (
    DiscountPercent
    | DiscountFixed
    | SpecialPrice
    | NForM
    | Bundle
    | GiftItem
    | AccruePercent
    | AccrueFixed
    | AccruePerUnit
    | Multiply
    | Block
    | RedemptionLimit
    | Unlock
    | IssueCoupon
)
Effect = Annotated[AnyEffect, Field(discriminator="type")]

EFFECTS: tuple[type[BaseEffect], ...] = get_args(AnyEffect)
"""Every kind, in the order of domain.md §3.3."""

__all__ = ["EFFECTS", "AccrualEffect", "BaseEffect", "DiscountEffect", "Effect"]
