"""Members of another programme come over (docs/import.md): nobody is welcomed twice, and nothing is told outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.contacts import Contact, WrongContact, read_email, read_phone
from portal.members.lookup import by_contact
from portal.members.occasions import check_birthday
from portal.members.operations.importing import ImportedPerson, ReferenceOfAnother, add_imported, name_by_reference
from portal.members.queries import find_person
from portal.members.queries.references import ids_by_reference, reference_of
from portal.programme.consents import CONSENTS, PROGRAMME, Language, record_answers
from portal.programme.import_rows import TOO_MANY
from portal.referrals.operations import note_told_joining

MEMBER_COLUMNS = (
    "member", "name", "phone", "email", "joined_at", "language", "birthday", "referrer", "consents",
)  # fmt: skip
_LONGEST_REFERENCE = 80
_EARLIEST_YEAR = 1900


class WrongMember(Refused):
    code = "wrong-member"
    text = "%(problem)s"


@dataclass(frozen=True, slots=True)
class RejectedMember:
    """Why a row of the chunk, by its place, was not imported."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedMembers:
    """What became of a chunk: made, members already, rejected."""

    made: int
    known: int
    rejected: tuple[RejectedMember, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A row as it was read; the referrer is another row's reference."""

    person: ImportedPerson
    referrer: str
    consents: tuple[str, ...]


def import_members(session: Session, rows: Sequence[Mapping[str, str]], *, now: datetime) -> ImportedMembers:
    """Make members of rows that are none yet; a row whose reference or contact is known is left as it is.

    A member found by a contact gets the shop's reference. The consent to the programme is the one the shop has; it is
    kept with the source `import`, further ones must be named in `consents`.
    """
    made = known = 0
    rejected: list[RejectedMember] = []
    for place, row in enumerate(rows):
        try:
            with session.begin_nested():
                is_new = _import(session, _read(row, now=now), now=now)
        except (Refused, IntegrityError) as trouble:
            reason = (
                trouble.text % trouble.facts if isinstance(trouble, Refused) else "This contact is another member's."
            )
            rejected.append(RejectedMember(place, reason))
            continue
        made, known = made + is_new, known + (not is_new)
    return ImportedMembers(made, known, tuple(rejected))


def _import(session: Session, told: _Told, *, now: datetime) -> bool:
    """Make a member or find the one there is; tell whether somebody is new."""
    person = told.person
    if person.reference and ids_by_reference(session, [person.reference]):
        return False
    if (member_id := _by_contact(session, person.contacts)) is not None:
        _name(session, member_id, person.reference)
        return False
    if told.referrer:
        person = replace(person, referrer_id=_referrer(session, told.referrer))
    member_id = add_imported(session, person)
    if person.referrer_id:
        note_told_joining(session, member_id, person.referrer_id, joined_at=person.joined_at)
    answers = [(CONSENTS[key], True) for key in dict.fromkeys((PROGRAMME.key, *told.consents))]
    language = cast("Language", person.language)
    record_answers(session, member_id, answers, language=language, source="import", proof=None, now=now)
    return True


def _by_contact(session: Session, contacts: Sequence[Contact]) -> str | None:
    found = (find_person(session, by_contact(contact)) for contact in contacts)
    return next((person.id for person in found if person is not None), None)


def _name(session: Session, member_id: str, reference: str | None) -> None:
    if reference is None:
        return
    kept = reference_of(session, member_id)
    if kept is not None:
        raise ReferenceOfAnother
    name_by_reference(session, member_id, reference)


def _referrer(session: Session, reference: str) -> str:
    found = ids_by_reference(session, [reference])
    if reference not in found:
        raise WrongMember(problem=f"The referrer {reference} is no member; import them first.")
    return found[reference]


def _read(row: Mapping[str, str], *, now: datetime) -> _Told:
    if TOO_MANY in row:
        raise WrongMember(problem="The row has more values than there are columns.")
    reference, language = row.get("member", ""), row.get("language") or "ru"
    contacts = _contacts(row)
    if not reference and not contacts:
        raise WrongMember(problem="A member needs a reference, a phone or an e-mail address.")
    if len(reference) > _LONGEST_REFERENCE:
        raise WrongMember(problem="A reference has at most 80 letters.")
    if language not in ("ru", "en"):
        raise WrongMember(problem=f"The language {language} is not spoken here; use ru or en.")
    consents = tuple(each for each in row.get("consents", "").split("|") if each)
    if unknown := [each for each in consents if each not in CONSENTS]:
        raise WrongMember(problem=f"There is no consent {unknown[0]}; use {', '.join(CONSENTS)}.")
    person = ImportedPerson(
        reference=reference or None,
        name=row.get("name", ""),
        contacts=contacts,
        language=language,
        birthday=_birthday(row.get("birthday", ""), today=now.date()),
        joined_at=_joined(row.get("joined_at", ""), now=now),
    )
    return _Told(person, row.get("referrer", ""), consents)


def _contacts(row: Mapping[str, str]) -> tuple[Contact, ...]:
    try:
        phones = [read_phone(row["phone"])] if row.get("phone") else []
        emails = [read_email(row["email"])] if row.get("email") else []
    except WrongContact as refusal:
        raise WrongMember(problem=refusal.text) from refusal
    return (*phones, *emails)


def _birthday(text: str, *, today: date) -> date | None:
    if not text:
        return None
    try:
        birthday = date.fromisoformat(text)
    except ValueError:
        raise WrongMember(problem=f"The birthday {text} is no date like 1991-05-17.") from None
    check_birthday(birthday, today=today)
    return birthday


def _joined(text: str, *, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise WrongMember(problem=f"joined_at {text!r} is no time with an offset.")
    if at.year < _EARLIEST_YEAR or at > now:
        raise WrongMember(problem=f"joined_at {text} lies in the future, or before {_EARLIEST_YEAR}.")
    return at
