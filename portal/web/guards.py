"""Who may open a route. Each view says so by its decorator, and the golden list of routes shows it (tests/house)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar
from urllib.parse import quote

from flask import Response, request

from portal.web.addresses import page_of_the_form, see_other
from portal.web.here import asked, noted
from portal.web.hx import leave_the_page, wanted_part
from portal.web.language import set_language
from portal.web.sessions import Finder, find_beside, mark_of, member_or_none, note_visit
from portal.web.transactions import SAFE

P = ParamSpec("P")
R = TypeVar("R")
Guard = Literal[
    "public", "member", "member just seen", "enrolled till", "staff", "manager", "api key", "allowed address"
]

SIGN_IN = "/sign-in"


def guarded_by(guard: Guard, *, check: Callable[[], Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that runs `check` before the view; an answer of the check is given instead of the view's."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            return check() or view(*args, **kwargs)

        return marked(guarded, guard=guard)

    return decorate


def marked(view: Callable[P, R], *, guard: Guard) -> Callable[P, R]:
    """Write the guard on the view, where the list of routes reads it."""
    view.__dict__["guard"] = guard
    return view


def guard_of(view: Callable[..., Any]) -> str | None:
    return view.__dict__.get("guard")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may open it."""
    return marked(view, guard="public")


def _need_member(*, just_seen: bool) -> Response | None:
    signed_in = member_or_none()
    if signed_in is None or (just_seen and not signed_in.open):
        return _to_sign_in()
    set_language(signed_in.language)
    noted().session_mark = mark_of(signed_in)
    if asked().method in SAFE:
        note_visit(signed_in)
    return None


def _to_sign_in() -> Response:
    """Send to the sign-in, and from there back to the page, or to that of the form; nothing is posted again."""
    page = request.path if request.method in SAFE else page_of_the_form()
    back = f"?next={quote(page)}" if page else ""
    if wanted_part():
        return leave_the_page(to=SIGN_IN + back)
    return see_other(SIGN_IN + back)


member = guarded_by("member", check=lambda: _need_member(just_seen=False))
"""Whoever is signed in: the card, the balance, the statement."""


member_just_seen = guarded_by("member just seen", check=lambda: _need_member(just_seen=True))
"""Signed in and here within the last hours: what a phone left lying must not show (security.md §4)."""

With: TypeAlias = Callable[[Callable[[Any], Response]], Callable[[], Response]]
"""Decorates a view that is given what was read beside the sign-in."""


def member_with(finder: Finder) -> With:
    """Let whoever is signed in open a view that is given what `finder` read in one statement with the sign-in."""
    return _given_by(finder, guard="member", just_seen=False)


def member_just_seen_with(finder: Finder) -> With:
    """Let whoever is signed in and here within the last hours open such a view."""
    return _given_by(finder, guard="member just seen", just_seen=True)


def _given_by(finder: Finder, *, guard: Guard, just_seen: bool) -> With:
    def decorate(view: Callable[[Any], Response]) -> Callable[[], Response]:
        @wraps(view)
        def guarded() -> Response:
            found = find_beside(finder)
            return _need_member(just_seen=just_seen) or view(found)

        return marked(guarded, guard=guard)

    return decorate
