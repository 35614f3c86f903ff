"""Whose browser this is: Flask-Login keeps a random token in the signed cookie, `login_session` says what it is worth.

Nothing but this module speaks to Flask-Login; its remember cookie and its protection by address stay off
(dependencies.md).
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import flask_login
from flask import Flask, Response, g, request
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, bytes_to_int
from itsdangerous.signer import HMACAlgorithm
from pydantic_core import from_json
from sqlalchemy.orm import Session

from portal.db import run
from portal.members.operations.sessions import OpenedSession, revoke_session, see_session
from portal.members.queries.sessions import SignedIn, find_session
from portal.members.terms import SESSION_TERMS
from portal.push.operations import unsubscribe
from portal.web.cookies import host_only
from portal.web.here import noted
from portal.web.instant import now
from portal.web.plain import differs_by
from portal.web.transactions import SAFE, engine, session


@dataclass(frozen=True, slots=True)
class Visitor:
    """What Flask-Login carries: the token of the cookie, who was found for it, and what was read beside."""

    token: str = field(repr=False)
    signed_in: SignedIn | None = None
    beside: Any = None
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        return self.token


_PACKED = "."
_TAG = b'" '
"""How the name of a tag of Flask's JSON begins, which stands for a value that JSON does not have."""


class Signature(HMACAlgorithm):
    """The signature that Flask's cookies always had, made in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class Signer(TimestampSigner):
    """Signs as ever with keys that were derived once: deriving them cost as much as the signature."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._derived: dict[object, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]


class Cookies(URLSafeTimedSerializer):
    """Signed cookies of one signer, made once."""

    _signer: TimestampSigner | None = None

    def loads(self, s: str | bytes, max_age: int | None = None, *more: Any, **named: Any) -> Any:
        """Read in one go what is plainly ours, in time and without Flask's tags; else as ever."""
        text = s if isinstance(s, str) else s.decode()
        signed, _, signature = text.rpartition(".")
        told, _, made = signed.rpartition(".")
        signer = self.make_signer()
        if hmac.compare_digest(signer.get_signature(signed), signature.encode()) and not told.startswith(_PACKED):
            document, at = base64_decode(told), bytes_to_int(base64_decode(made))
            if _TAG not in document and max_age is not None and 0 <= signer.get_timestamp() - at <= max_age:
                return from_json(document)
        return super().loads(s, max_age, *more, **named)

    def make_signer(self, salt: str | bytes | None = None) -> TimestampSigner:
        """Return the one signer; Flask asks for no other salt."""
        if self._signer is None:
            self._signer = Signer(self.secret_keys, salt=salt or self.salt, **self.signer_kwargs)
        return self._signer


class SignedCookies(SecureCookieSessionInterface):
    """Flask's signed cookies with one serialiser for the application."""

    _cookies: Cookies | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._cookies is None:
            signing: dict[str, Any] = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            signing["algorithm"] = Signature(self.digest_method)
            secret = app.secret_key or ""
            self._cookies = Cookies(secret, salt=self.salt, serializer=self.serializer, signer_kwargs=signing)
        return self._cookies

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send what changed; of a cookie that was only read, nothing but that the answer depends on it."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            differs_by(response, "Cookie")


class Tokens(flask_login.LoginManager):
    """Flask-Login that asks the token of the signed cookie and nothing else: the rest of it is off."""

    def _load_user(self) -> None:
        token: str | None = cookie.get("_user_id")
        self._update_request_context_with_user(None if token is None else _load(token))


def keep_sessions(app: Flask, *, https: bool) -> None:
    """Set the cookie up and tell Flask-Login how a token becomes a visitor."""
    app.session_interface = SignedCookies()
    app.config.update(
        SESSION_COOKIE_NAME=host_only("session", https=https),
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_TERMS.lasts + timedelta(days=1),
    )
    app.before_request(_start_over)
    app.__dict__["login_manager"] = Tokens()  # not by `init_app`: its hooks serve what stays off


def _start_over() -> None:
    """Give a view that is run again (transactions.py) the cookie and the visitor that it first began with."""
    if request.method in SAFE:
        return
    if "cookie_before" not in g:
        g.cookie_before = dict(cookie)
        return
    cookie.clear()
    cookie.update(g.cookie_before)
    g.pop("_login_user", None)


Finder = Callable[..., tuple[SignedIn, Any] | None]
"""Finds who signed in with a token, and what the page shows beside: `find(session, token, now=…)`."""


def _alone(session: Session, token: str, *, now: datetime) -> tuple[SignedIn, None] | None:
    found = find_session(session, token, now=now)
    return (found, None) if found else None


def _load(token: str) -> Visitor | None:
    finder: Finder = noted().get("finder", _alone)
    found = finder(session(), token, now=now())
    return Visitor(token, *found) if found else None


def find_beside(finder: Finder) -> Any:
    """Find the visitor of this request by a reading of one's own; return what it found beside, None for a stranger."""
    g.finder = finder
    visitor = _visitor()
    return visitor.beside if visitor else None


def member_or_none() -> SignedIn | None:
    """Return who is signed in; asks the database once in a request."""
    visitor = _visitor()
    return visitor.signed_in if visitor else None


def _visitor() -> Visitor | None:
    current: Any = flask_login.current_user
    known = noted().get("_login_user")  # as Flask-Login keeps it, which costs it six looks through proxies to find
    found = known or current._get_current_object()  # noqa: SLF001 - werkzeug's own way past a proxy
    return found if isinstance(found, Visitor) else None


def current_member() -> SignedIn:
    """Return who is signed in, behind a guard that made sure of it."""
    found = member_or_none()
    if found is None:
        raise RuntimeError("the view lacks the member's guard")
    return found


def mark_of(signed_in: SignedIn | None) -> str:
    """Return what tells this session from another on a page and proves nothing; empty for a visitor."""
    return signed_in.session_id[-8:] if signed_in else ""


def sign_in(opened: OpenedSession) -> None:
    """Put a new token into the cookie; whatever an earlier visitor left there is gone."""
    cookie.clear()
    cookie.permanent = True
    flask_login.login_user(Visitor(opened.token))


def sign_out() -> None:
    """End this browser's sign-in, send it no more notes and forget its cookie."""
    if signed_in := member_or_none():
        revoke_session(session(), signed_in.member_id, signed_in.session_id, now=now())
        unsubscribe(session(), signed_in.session_id)
    flask_login.logout_user()
    cookie.clear()


def note_visit(signed_in: SignedIn) -> None:
    """Tell the database once in a while that the member was here, in a transaction of its own.

    Only for views that read: on SQLite a writing view would wait for itself.
    """

    def see(session: Session) -> None:
        see_session(session, signed_in.session_id, now=now())

    if signed_in.to_be_seen:
        run(engine(), see, writes=True)
