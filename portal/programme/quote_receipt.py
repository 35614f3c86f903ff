"""A receipt is judged before it is final; nothing is stored but that a code on it was none."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Command
from portal.programme.coupon_guesses import count_beside, refuse_guessing, unknown_codes
from portal.programme.judging import judge_receipt
from portal.programme.scene import read_scene
from portal.programme.telling import receipt_answer
from portal.programme.told import ToldReceipt
from portal.rulebook.explain import Sale

Beside: TypeAlias = Callable[[Callable[[Session], None]], None]
"""Does a little writing whatever becomes of the reading."""


def quote_receipt(session: Session, told: ToldReceipt, *, command: Command, beside: Beside) -> ReceiptAnswer:
    """Answer what a commit would come to now, cut to the points there are; a static code may look, not spend.

    Raises `NoRulebook`, `ForeignCurrency`, `UnknownMember`, `MemberLeft`, `CodeForged`, `UnknownHold`, `HoldEnded`,
    `TooManyGuesses`.
    """
    scene = read_scene(session, told, command)
    refuse_guessing(told, scene)
    judged = judge_receipt(session, told, scene, command)
    if unknown_codes(told, scene):
        beside(lambda writing: count_beside(writing, told, scene, command))
    return receipt_answer(
        Sale(rulebook=scene.rulebook, receipt=told.receipt, outcome=judged.outcome),
        receipt_id=None,
        book=scene.book,
        climb=scene.climb,
        codes=[None] * len(judged.outcome.coupons),
        language=command.language,
        now=command.now,
    )
