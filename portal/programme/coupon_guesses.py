"""Codes on a receipt that are none: counted by who named them, and from some number on no code is looked at."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.perks import operations as perks
from portal.perks.queries import too_many
from portal.programme.command import Command
from portal.programme.public_codes import public_codes
from portal.programme.scene import Scene
from portal.programme.told import ToldReceipt


def refuse_guessing(told: ToldReceipt, scene: Scene) -> None:
    """Raise `TooManyGuesses` where codes are shown by who guessed too often; without codes nothing is refused."""
    if told.receipt.coupons and too_many(scene.guesses):
        raise perks.TooManyGuesses


def count_guesses(batch: Batch, told: ToldReceipt, scene: Scene, command: Command) -> None:
    """Count the codes that are neither public nor were ever issued, for the client and the member."""
    unknown = unknown_codes(told, scene)
    if unknown:
        perks.note_guesses(batch, _askers(scene, command), codes=unknown, now=command.now)


def count_beside(session: Session, told: ToldReceipt, scene: Scene, command: Command) -> None:
    """Count them in a transaction of their own, for a quote that writes nothing else."""
    batch = Batch()
    count_guesses(batch, told, scene, command)
    batch.flush(session)


def unknown_codes(told: ToldReceipt, scene: Scene) -> Collection[str]:
    """Return the codes on a receipt that are none."""
    codes = set(told.receipt.coupons) - scene.issued_codes
    return codes - public_codes(scene.rulebook) if codes else codes


def _askers(scene: Scene, command: Command) -> list[str]:
    return [command.client, *([f"member:{scene.member_id}"] if scene.member_id else [])]
