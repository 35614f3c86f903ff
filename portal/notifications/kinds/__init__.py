"""Kinds of messages, one file for each; a new one gets a line here, a test and an example."""

from portal.notifications.kinds import (
    contact_changed,
    friend_joined,
    gift_given,
    new_device,
    own_holiday,
    points_expiring,
    points_released,
    privilege_opened,
    purchase,
    redemption,
    spending_asked,
    tier_changed,
    tier_keep,
    tier_near,
    welcome,
    wish_answered,
)
from portal.notifications.kinds.base import Facts, Kind, Words

_FILES = (
    contact_changed,
    friend_joined,
    gift_given,
    new_device,
    own_holiday,
    points_expiring,
    points_released,
    privilege_opened,
    purchase,
    redemption,
    spending_asked,
    tier_changed,
    tier_keep,
    tier_near,
    welcome,
    wish_answered,
)  # fmt: skip
KINDS = {file.KIND.name: file.KIND for file in _FILES}

__all__ = ["KINDS", "Facts", "Kind", "Words"]
