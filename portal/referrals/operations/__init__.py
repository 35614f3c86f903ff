"""Writes of codes, links, clicks and joinings; none of them commits."""

from portal.referrals.operations.codes import CodeChosenBefore, CodeTaken, choose_code, own_code
from portal.referrals.operations.joinings import (
    NewJoining,
    count_click,
    forget,
    forget_traces,
    note_device,
    note_joining,
    note_told_joining,
)
from portal.referrals.operations.links import LinkTaken, count_join, make_link, set_cost
from portal.referrals.operations.reviews import AlreadyDecided, UnknownReview, decide_review, open_review

__all__ = [
    "AlreadyDecided",
    "CodeChosenBefore",
    "CodeTaken",
    "LinkTaken",
    "NewJoining",
    "UnknownReview",
    "choose_code",
    "count_click",
    "count_join",
    "decide_review",
    "forget",
    "forget_traces",
    "make_link",
    "note_device",
    "note_joining",
    "note_told_joining",
    "open_review",
    "own_code",
    "set_cost",
]
