"""Who calls: keys as bearer tokens, their scopes, their pace, and the key of each command."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Request, current_app, g

from portal import clock
from portal.api.known_keys import KnownKeys
from portal.api.pace import Pace
from portal.api.problems import FieldError, Problem
from portal.db import transaction
from portal.programme.command import Command
from portal.programme.look_up_receipt import look_up_receipt
from portal.rulebook.explain.words import Language
from portal.staff import operations, queries
from portal.staff.roles import ApiKey, Scope, require_scope, require_store
from portal.web import transactions
from portal.web.instant import now
from portal.web.language import current_language, gettext

_BEARER = re.compile(r"(?i:bearer) +([!-~]{1,200})")
NAME = "HTTP_IDEMPOTENCY_KEY"
_IDEMPOTENCY_KEY = re.compile(r"[ -~]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The key that calls, when, and in which language it wants its texts; `command_key` names what it commands.

    A key that is `known` was not asked for in this call: whoever answers it finds out whether it still stands.
    """

    api_key: ApiKey
    known: bool
    now: datetime
    language: Language
    command_key: str = ""

    @property
    def client(self) -> str:
        """Return who answers for what this caller does."""
        return f"key:{self.api_key.id}"

    def command(self) -> Command:
        """Return what stories want to know about a command of this caller."""
        return Command(
            client=self.client,
            key=self.command_key,
            now=self.now,
            language=self.language,
            operator=self.client,
            may_backdate="admin" in self.api_key.scopes,
            vouches="shop" in self.api_key.scopes,
            api_key=self.api_key.id if self.known else None,
        )

    def stay_in(self, store: str) -> None:
        """Refuse a receipt of another store than the one this key belongs to. Raises `StoreNotAllowed`."""
        require_store(self.api_key, store)

    def stay_with(self, receipt_id: str) -> None:
        """Do the same for a receipt that stands. Raises `StoreNotAllowed`, and `ReceiptNotFound` for none."""
        if self.api_key.store is not None:
            self.stay_in(look_up_receipt(transactions.session(), receipt_id).store)


def let_in(request: Request, scopes: tuple[Scope, ...], *, known: bool) -> Caller:
    """Return who calls; a key that is `known` from an earlier call is taken on trust.

    Raises `Problem` 401 without a valid key and 429 when it calls too often, `ScopeMissing` when it may not.
    """
    secret, extensions = _given_secret(request), current_app.extensions
    keys: KnownKeys = extensions["api_keys"]
    remembered = keys.find(secret) if known else None
    trusted = remembered is not None and not remembered.scopes.isdisjoint(scopes)
    api_key = remembered if remembered and trusted else _look_up(request, secret)
    pace: Pace = extensions["api_pace"]
    if seconds := pace.wait(api_key.id, at=clock.monotonic()):
        raise Problem(429, code="too-many-requests", headers={"Retry-After": str(seconds)})
    require_scope(api_key, scopes)
    return Caller(api_key=api_key, known=trusted, now=now(), language=_language())


def check_standing(request: Request, caller: Caller) -> None:
    """Ask for a key that was taken on trust, before it is told a refusal. Raises `Problem` 401 when it was revoked."""
    if caller.known:
        _look_up(request, _given_secret(request))


def turned_away(request: Request) -> Problem:
    """Return the answer to a call without a valid key; a key that was known is so no more."""
    if given := _BEARER.fullmatch(request.environ.get("HTTP_AUTHORIZATION", "")):
        _known_keys().forget(given.group(1))
    return Problem(401, code="unauthorized", headers={"WWW-Authenticate": "Bearer"})


def with_command_key(request: Request, caller: Caller) -> Caller:
    """Return the caller with the key of this command. Raises `Problem` 422 when it is missing or no key."""
    key = request.environ.get(NAME, "")
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        message = gettext("Give 1 to 200 printable ASCII characters, unique for each command.")
        raise Problem(422, code="idempotency-key-needed", errors=[FieldError("Idempotency-Key", message)])
    return replace(caller, command_key=key)


def note_use(request: Request, caller: Caller) -> None:
    """Write down now and then that the key was used, in the transaction of a call that writes."""
    if caller.api_key.to_be_noted(caller.now):
        key_id, now = caller.api_key.id, caller.now
        transactions.write_beside(lambda session: operations.use_key(session, key_id, now=now))
        _keep_used(request, caller)


def note_reading(request: Request, caller: Caller) -> None:
    """Do the same after the answer of a call that only reads."""
    notes = transactions.afterwards()
    if notes is not None and caller.api_key.to_be_noted(caller.now):
        operations.use_key_afterwards(notes, caller.api_key.id, now=caller.now)
        _keep_used(request, caller)


def _given_secret(request: Request) -> str:
    given = _BEARER.fullmatch(request.environ.get("HTTP_AUTHORIZATION", ""))
    if given is None:
        raise turned_away(request)
    return given.group(1)


def _look_up(request: Request, secret: str) -> ApiKey:
    """Return the key with this secret, and know it from now on. Raises `Problem` 401 when it is wrong or revoked."""
    if "session" in g:
        found = queries.find_key(transactions.session(), secret)
    else:
        with transaction(transactions.engine(), writes=False) as session:
            found = queries.find_key(session, secret)
    if found is None:
        raise turned_away(request)
    _known_keys().keep(secret, found)
    return found


def _keep_used(request: Request, caller: Caller) -> None:
    _known_keys().keep(_given_secret(request), replace(caller.api_key, last_used_at=caller.now))


def _known_keys() -> KnownKeys:
    return current_app.extensions["api_keys"]


def _language() -> Language:
    return "en" if current_language() == "en" else "ru"
