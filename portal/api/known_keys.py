"""Keys that this process has met before, so that a hot call does not look its own up by a statement.

A key never changes but by being revoked: whoever trusts what is known asks whether it still stands (`KeyRevoked`).
"""

from dataclasses import dataclass, field

from portal.staff.roles import ApiKey
from portal.staff.tokens import token_hash

MOST = 1000


@dataclass(slots=True)
class KnownKeys:
    """The keys by the hash of their secret, which is not kept; of too many the one met longest ago is forgotten."""

    _by_hash: dict[str, ApiKey] = field(default_factory=dict)

    def find(self, secret: str) -> ApiKey | None:
        return self._by_hash.get(token_hash(secret))

    def keep(self, secret: str, key: ApiKey) -> None:
        """Remember a key as it was just read, or with a newer use."""
        self._by_hash[token_hash(secret)] = key
        while len(self._by_hash) > MOST:
            self._by_hash.pop(next(iter(self._by_hash)), None)

    def forget(self, secret: str) -> None:
        self._by_hash.pop(token_hash(secret), None)
