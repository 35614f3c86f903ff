"""Who lives in the demo: the cast of our tests, and some sixty others so that the shop is not empty."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.demo.dice import Dice

Role = Literal["ada", "ben", "cleo", "dora", "other"]

CASHIER, CASHIER_PIN = "Tim", "4711"
SENIOR, SENIOR_PIN = "Olga", "6093"
MANAGER, MANAGER_PIN = "Mira", "8205"
STORE, TILL = "S1", "T1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A member to be. `joins` is how many days before the end of the year; `visits` is purchases in a hundred days.

    `spends` is in how many of a thousand purchases points are asked for.
    """

    role: Role
    name: str
    contact: str
    language: Literal["ru", "en"]
    joins: int
    visits: int
    spends: int
    birthday: date | None = None
    leaves: int | None = None


ADA = Character(
    role="ada", name="Ada Wolf", contact="ada@example.com", language="ru", joins=364, visits=22, spends=120,
    birthday=date(1991, 5, 17),
)  # fmt: skip
BEN = Character(
    role="ben", name="Ben Okoro", contact="ben@example.com", language="en", joins=11, visits=30, spends=0,
)  # fmt: skip
CLEO = Character(
    role="cleo", name="Cleo Marin", contact="cleo@example.com", language="ru", joins=120, visits=0, spends=0,
    birthday=date(1998, 11, 2),
)  # fmt: skip
DORA = Character(
    role="dora", name="Dora Lenz", contact="dora@example.com", language="ru", joins=300, visits=8, spends=60, leaves=70,
)  # fmt: skip
CAST = (ADA, BEN, CLEO, DORA)

_FIRST = (
    "Анна", "Мария", "Елена", "Ольга", "Дарья", "Наталья", "Софья", "Полина", "Ирина", "Алина", "Вера", "Юлия",
    "Ксения", "Иван", "Пётр", "Никита", "Артём", "Глеб",
)  # fmt: skip
_LAST = (
    "Белова", "Громова", "Зайцева", "Ковалёва", "Лебедева", "Морозова", "Орлова", "Павлова", "Рябова", "Титова",
    "Фомина", "Шилова",
)  # fmt: skip


def crowd(size: int, *, days: int, dice: Dice) -> tuple[Character, ...]:
    """Return `size` others: most join in the first half of the year, some never spend a point (domain.md §10.3)."""
    return tuple(_other(number, days=days, dice=dice) for number in range(size))


def _other(number: int, *, days: int, dice: Dice) -> Character:
    joins = days - 1 - (dice.below(days // 2) if dice.chance(700) else dice.below(days - 1))
    born = date(1965 + dice.below(40), 1 + dice.below(12), 1 + dice.below(28)) if dice.chance(600) else None
    first = dice.pick(_FIRST)
    last = dice.pick(_LAST)
    return Character(
        role="other",
        name=f"{first} {last.removesuffix('а') if first in _FIRST[-5:] else last}",
        contact=f"+7900123{number:04}",
        language="ru",
        joins=joins,
        visits=dice.weighted((4, 9, 16, 28), (30, 35, 25, 10)),
        spends=dice.weighted((0, 100, 250), (40, 40, 20)),
        birthday=born,
    )
