"""A code of 25 digits was scanned: a reward is handed out, once; of a certificate it is told what is left."""

from dataclasses import dataclass

from flask import Response

from portal.perks.operations import note_guess, refuse_many_guesses
from portal.perks.queries.certificates import find_certificate
from portal.perks.shelf import Taken
from portal.programme.check_coupon import CouponNotGood
from portal.programme.redeem_reward import find_shown_reward, hand_out_reward
from portal.rulebook.values import title_in
from portal.staff.roles import refuse_own_card
from portal.till.deeds import note_deed
from portal.till.device import current_shift, staff, till_command
from portal.till.identify import member_here
from portal.till.quote import rulebook_at_till
from portal.till.till_page import till_blueprint, till_page
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.transactions import session

blueprint = till_blueprint("rewards")


@dataclass(frozen=True, slots=True)
class ShownReward:
    """A reward as the cashier sees it: what to give to whom, and whether it still works."""

    id: str
    title: str
    first_name: str
    works: bool


def code_page(code: str) -> Response:
    """Show the reward or the certificate of a code. Raises `CouponNotGood`, which is counted, or `TooManyGuesses`."""
    client = till_command().client
    refuse_many_guesses(session(), client, now=now())
    if found := find_shown_reward(session(), code):
        return _page(found)
    if certificate := find_certificate(session(), code):
        last_day = certificate.last_day(rulebook_at_till().zone)
        works = certificate.spendable(now()) > 0
        return till_page("till/certificate.html", certificate=certificate, last_day=last_day, works=works)
    note_guess(session(), client, code=code, now=now())
    raise CouponNotGood


@blueprint.post("/till/rewards/<taken_id>")
@staff
def hand_out(taken_id: str) -> Response:
    """Note that it was handed out; the own one only a colleague hands out."""
    rulebook_at_till()
    taken = hand_out_reward(session(), taken_id, command=till_command())
    refuse_own_card(current_shift(), taken.member_id)
    if taken.ended_at == now():  # told again, it was noted before
        note_deed("reward.handed_out", subject="member", subject_id=taken.member_id, reward=taken_id)
    return _page(taken, done=True)


def _page(taken: Taken, *, done: bool = False) -> Response:
    rulebook_at_till()
    shown = ShownReward(
        id=taken.id,
        title=title_in(dict(taken.reward.title), current_language()),
        first_name=member_here(taken.member_id).first_name,
        works=taken.works(now()),
    )
    return till_page("till/reward.html", reward=shown, done=done)
