"""When a rule works: one module per kind of condition, joined here into the union that documents are read by."""

from typing import Annotated, get_args

from pydantic import Field

from portal.rulebook.conditions.all_of import All
from portal.rulebook.conditions.always import Always
from portal.rulebook.conditions.any_of import AnyOf
from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.conditions.birthday import Birthday
from portal.rulebook.conditions.channel import Channel
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.days_since_last import DaysSinceLast
from portal.rulebook.conditions.line_qty import LineQty
from portal.rulebook.conditions.line_total import LineTotal
from portal.rulebook.conditions.not_of import Not
from portal.rulebook.conditions.previous_purchase import PreviousPurchase
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.profile import Profile
from portal.rulebook.conditions.purchase_number import PurchaseNumber
from portal.rulebook.conditions.receipt_total import ReceiptTotal
from portal.rulebook.conditions.referred import Referred
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.conditions.store import Store
from portal.rulebook.conditions.tier import Tier
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.conditions.weekly import Weekly

AnyCondition = (
    Always
    | All
    | AnyOf
    | Not
    | TimeWindow
    | Weekly
    | Tier
    | Segment
    | ReceiptTotal
    | LineTotal
    | LineQty
    | PreviousPurchase
    | PurchaseNumber
    | DaysSinceLast
    | Referred
    | Channel
    | Store
    | Birthday
    | Coupon
    | Privilege
    | Profile
)
Condition = Annotated[AnyCondition, Field(discriminator="type")]

CONDITIONS: tuple[type[BaseCondition], ...] = get_args(AnyCondition)
"""Every kind, in the order of domain.md §3.2."""

for joining in (All, AnyOf, Not):
    joining.model_rebuild(_types_namespace={"Condition": Condition})

__all__ = ["CONDITIONS", "BaseCondition", "Condition", "Miss", "Test"]
