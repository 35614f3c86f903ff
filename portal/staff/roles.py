"""Who of the staff may do what, as values; guards and stories ask, they do not decide."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, cast

from portal.errors import Refused

Role = Literal["cashier", "senior", "manager", "owner"]
Scope = Literal["till", "shop", "crm", "admin"]

ROLES: tuple[Role, ...] = ("cashier", "senior", "manager", "owner")
SCOPES: tuple[Scope, ...] = ("till", "shop", "crm", "admin")

IDLE = timedelta(minutes=10)
PIN_IS_FRESH = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)


class NotAllowed(Refused):
    code = "not-allowed"
    status = 403
    text = "Your role does not allow this. Ask a manager."


class OwnCard(Refused):
    code = "own-card"
    status = 403
    text = "Nobody may do this with their own card. Ask somebody else of the staff."


class ScopeMissing(Refused):
    code = "scope-missing"
    status = 403
    text = "This key may not do that. It needs the scope %(scopes)s."


class StoreNotAllowed(Refused):
    code = "store-not-allowed"
    status = 403
    text = "This key belongs to another store."


class KeyRevoked(Refused):
    code = "unauthorized"
    status = 401
    text = "Give a valid key as `Authorization: Bearer <key>`."


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled till."""

    id: str
    store: str
    till: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One of the staff, signed in on a till. `own_member_id` is the member he is himself."""

    id: str
    staff_id: str
    name: str = field(repr=False)
    role: Role
    own_member_id: str | None
    device: Device
    pin_entered_at: datetime
    seen_at: datetime

    def to_be_seen(self, now: datetime) -> bool:
        """Tell whether the door should call `operations.see_shift`, in a writing transaction."""
        return self.seen_at <= now - SEEN_EVERY

    def has_fresh_pin(self, now: datetime) -> bool:
        """Tell whether the PIN was typed within 30 minutes: adjustments ask for it (security.md §4)."""
        return self.pin_entered_at >= now - PIN_IS_FRESH


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A machine that calls the API; `store` limits it to the receipts of one store."""

    id: str
    name: str
    scopes: frozenset[Scope]
    store: str | None
    last_used_at: datetime | None

    def to_be_noted(self, now: datetime) -> bool:
        """Tell whether the door should call `operations.use_key`: at most once a minute."""
        return self.last_used_at is None or self.last_used_at <= now - SEEN_EVERY


def require_role(shift: Shift, role: Role) -> None:
    """Raise `NotAllowed` below a role."""
    if not reaches(shift.role, role):
        raise NotAllowed(role=role)


def reaches(role: Role, needed: Role) -> bool:
    """Tell whether a role may do what another may: each may do all that those before it may."""
    return ROLES.index(role) >= ROLES.index(needed)


def refuse_own_card(shift: Shift, member_id: str) -> None:
    """Raise `OwnCard` for the member that this one of the staff is; no role may."""
    if shift.own_member_id == member_id:
        raise OwnCard


def require_scope(key: ApiKey, scopes: tuple[Scope, ...]) -> None:
    """Raise `ScopeMissing` when a key has none of these scopes."""
    if not key.scopes.intersection(scopes):
        raise ScopeMissing(scopes=" / ".join(scopes))


def require_standing(key_id: str | None, *, standing: str | None) -> None:
    """Raise `KeyRevoked` when a key that was asked for by its id is not the one that was found standing."""
    if key_id != standing:
        raise KeyRevoked


def require_store(key: ApiKey, store: str) -> None:
    """Raise `StoreNotAllowed` when a key is bound to another store."""
    if key.store is not None and key.store != store:
        raise StoreNotAllowed


def read_scopes(names: list[str] | tuple[str, ...]) -> frozenset[Scope]:
    """Return scopes from outside; raises ValueError with the first wrong one."""
    for name in names:
        if name not in SCOPES:
            raise ValueError(f"{name} is no scope; choose from {', '.join(SCOPES)}")
    return frozenset(cast("Scope", name) for name in names)
