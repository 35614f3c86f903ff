"""What happens at the demo's counter beside sales: things asked for, one of them answered, a correction that waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.demo.cast import ADA, BEN, CASHIER, MANAGER, STORE, TILL
from portal.ids import new_id
from portal.programme.adjust_points import Correction, ask_for_adjustment
from portal.programme.answer_wish import answer_wish
from portal.programme.command import Command
from portal.staff import operations as staff
from portal.staff.queries import list_staff
from portal.wishes import operations as wishes

_HOUR = timedelta(hours=1)
_ASKED = ("Масло для бороды", "Сухой шампунь", "Масло для бороды", "Деревянная расчёска", "Масло для бороды")


def tell_of_the_counter(session: Session, members: Mapping[str, str], *, now: datetime) -> None:
    """Note requests of the last day, let Ada wish and be answered, and let Tim ask for a correction for Ben."""
    people = {each.name: each.id for each in list_staff(session)}
    device = staff.invite_device(session, store=STORE, till=TILL, now=now - 30 * _HOUR).device_id
    till = wishes.Till(store=STORE, staff_id=people[CASHIER], device_id=device)
    for hours, words in enumerate(_ASKED, start=4):
        at = now - hours * _HOUR
        wishes.note_request(session, new_id(at), words, till=till, member_id=None, now=at)
    if ada := members.get(ADA.contact):
        _wish_and_answer(session, ada, by=people[MANAGER], now=now)
    if ben := members.get(BEN.contact):
        _ask_for_a_correction(session, ben, by=people[CASHIER], now=now - 2 * _HOUR)


def _wish_and_answer(session: Session, member_id: str, *, by: str, now: datetime) -> None:
    asked = new_id(now - 60 * _HOUR)
    wishes.wish_for(session, asked, "Крем для рук 50 мл", member_id=member_id, now=now - 60 * _HOUR)
    wishes.wish_for(session, new_id(now), "Масло для бороды", member_id=member_id, now=now - 3 * _HOUR)
    answer_wish(session, asked, reply="here", store=STORE, by=f"staff:{by}", now=now - _HOUR)


def _ask_for_a_correction(session: Session, member_id: str, *, by: str, now: datetime) -> None:
    correction = Correction(
        id=new_id(now), member_id=member_id, points=150, reason="complaint", comment="Разбился флакон, товар заменили"
    )
    command = Command(client="demo", key=correction.id, now=now, operator=f"staff:{by}")
    ask_for_adjustment(session, correction, command=command)
