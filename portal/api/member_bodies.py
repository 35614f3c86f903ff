"""What is told about members, and what is answered."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, StringConstraints, model_validator

from portal.api.told import MemberRef
from portal.api.values import Day, Document, Instant, Label, Shown
from portal.members.contacts import Contact, read_email, read_phone
from portal.members.operations.profile import Correction
from portal.programme.correct_member import Birthday, MemberCorrection
from portal.programme.enrol_member import Welcomed
from portal.programme.show_member import MemberAnswer
from portal.web.settings import settings

Spoken = Literal["ru", "en"]
Name = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=200)]
Zone = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=64)]
Consents = Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]


class JoinBody(Document):
    """Somebody who joins: a phone or an address or both, and what they agreed to."""

    phone: Shown | None = None
    email: Shown | None = None
    name: Name
    birthday: Day | None = None
    language: Spoken | None = None
    time_zone: Zone | None = None
    consents: Consents
    invite: Annotated[str, Strict(), StringConstraints(min_length=1, max_length=100)] | None = None
    at: Instant | None = None

    def contacts(self) -> tuple[Contact, ...]:
        """Return the contacts in their one spelling. Raises `WrongPhone` and `WrongEmail`."""
        return _contacts(self.phone, self.email)


class CorrectionBody(Document):
    """What to change; a name that is not there stays as it is, a birthday of null is taken back."""

    name: Name | None = None
    language: Spoken | None = None
    time_zone: Zone | None = None
    birthday: Day | None = None
    phone: Shown | None = None
    email: Shown | None = None

    def correction(self) -> MemberCorrection:
        """Return the changes as the story takes them. Raises `WrongPhone` and `WrongEmail`."""
        return MemberCorrection(
            profile=Correction(name=self.name, language=self.language, time_zone=self.time_zone),
            contacts=_contacts(self.phone, self.email),
            birthday=Birthday(self.birthday) if "birthday" in self.model_fields_set else None,
        )


class FindBy(Document):
    """How to find a member: exactly one of these."""

    phone: Shown | None = None
    email: Shown | None = None
    code: Shown | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of phone, email and code")
        return self

    def member(self) -> MemberRef:
        """Return who is meant."""
        return MemberRef.model_validate(self.model_dump(exclude_unset=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedAnswer:
    """The member, as they are now; `created` is false for a contact that was a member's already.

    `invite` is `ok` when the code or link counts, else why it does not: `self`, `existing_member`, `same_device`,
    `limit`, `expired`; null without one.
    """

    member: MemberAnswer
    created: bool
    welcome: Welcomed | None
    invite: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDone:
    """A command done to a member; who that is, is not kept with it."""

    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedAnswer:
    """A member was forgotten; `erased` is false when there was nobody left to forget."""

    member_id: str
    erased: bool


def _contacts(phone: str | None, email: str | None) -> tuple[Contact, ...]:
    phones = (read_phone(phone, region=settings().phone_region),) if phone is not None else ()
    return phones + ((read_email(email),) if email is not None else ())
