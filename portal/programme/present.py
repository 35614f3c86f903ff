"""A member as everything stands now, without a receipt: what a shelf or a list of offers is judged by."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.ledger.book import Book
from portal.members.lookup import by_id
from portal.members.operations.identify import MemberLeft, UnknownMember
from portal.members.person import Person
from portal.programme.command import Command
from portal.programme.locking import lock_parties
from portal.programme.scene import Scene, read_scene
from portal.programme.snapshot import member_state
from portal.programme.told import ToldReceipt
from portal.rulebook.receipt import Receipt


def read_present(
    session: Session, member_id: str, *, now: datetime, spends: bool = False
) -> tuple[Scene, Person, Book]:
    """Return what is known of an active member, who may be about to spend points; a second try locks the book.

    Raises `UnknownMember` or `MemberLeft`.
    """
    lookup = by_id(member_id)
    lock_parties(session, lookup)
    receipt = Receipt(at=now, lines=(), points_requested="max" if spends else 0)
    told = ToldReceipt(receipt=receipt, member=lookup)
    scene = read_scene(session, told, Command(client="member", key="", now=now))
    if scene.person is None or scene.book is None:
        raise UnknownMember
    if not scene.person.active:
        raise MemberLeft
    return scene, scene.person, scene.book


def tier_of(scene: Scene, *, at: datetime) -> str | None:
    """Return the member's tier at an instant; None where the rulebook has no ladder."""
    state = member_state(scene, at=at, held=None)
    return None if state is None else state.tier
