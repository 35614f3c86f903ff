"""Who may open a route. Each view says so by its decorator, and the golden list of routes shows it (tests/house)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Guard = Literal["public", "member", "staff", "manager", "api key", "allowed address"]


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


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may open it."""
    return marked(view, guard="public")


def guard_of(view: Callable[..., Any]) -> str | None:
    return view.__dict__.get("guard")
