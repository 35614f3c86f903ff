"""Those above a member: who brought them, who brought that one, and so on."""

from collections.abc import Callable


def upline(member: str, referrer_of: Callable[[str], str | None], *, levels: int) -> tuple[str, ...]:
    """Return at most so many referrers, the nearest first; it ends where somebody would stand in it twice.

    Example: when a brought b and b brought a, those above a are b alone [5.06].
    """
    chain: list[str] = []
    above = referrer_of(member)
    while above is not None and above != member and above not in chain and len(chain) < levels:
        chain.append(above)
        above = referrer_of(above)
    return tuple(chain)
