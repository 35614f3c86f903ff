"""`profile`: something the member told about themselves."""

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Flag, Name, Text, Whole

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains"]
_WORDS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "lte": "<=", "gt": ">", "ge": ">=", "gte": ">=", "==": "="}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}

Value = Flag | Whole | Text


class Profile(BaseCondition):
    """Hold when a consented value of the profile compares so with `value`; a value not told holds for nothing.

    `in`: the profile's value is one of a list; `contains`: the profile's list has the value.

    Example: `{type = "profile", field = "pets", op = "contains", value = "cat"}` holds for Ada, who told of a cat and a
    parrot; `{type = "profile", field = "skin", op = "=", value = "dry"}` not for Ben, who told nothing.
    """

    about_member = True
    type: Literal["profile"]
    field: Name
    op: Annotated[Operator, BeforeValidator(lambda given: _WORDS.get(given, given))] = "="
    value: Value | Annotated[tuple[Value, ...], Field(min_length=1)]

    def compiled(self) -> Test:
        return Test(self._holds, lambda _: Miss("profile", {"field": self.field}))

    def _holds(self, situation: Situation) -> bool:
        told = situation.member.profile.get(self.field) if situation.member else None
        if told is None:
            return False
        if self.op == "in":
            return isinstance(self.value, tuple) and told in self.value
        if self.op == "contains":
            return isinstance(told, tuple) and self.value in told
        return type(told) is type(self.value) and _COMPARE[self.op](told, self.value)
