"""Addresses of browsers at push services: strict in form, at services of the settings alone (security.md §2, SSRF)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_ENDPOINT = 1000
_FORM = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?(/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address taken apart: what to connect to by TLS on port 443, what to ask for there, and whose service it is.

    `service` is the entry of the settings that let the host in; there are few of them, so they can be counted by.
    """

    host: str
    target: str
    service: str

    @property
    def origin(self) -> str:
        return f"https://{self.host}"


def read_endpoint(told: str, *, services: Iterable[str]) -> Endpoint | None:
    """Take an address apart; None when it has another form or stands at no service of the settings.

    `.name` among the services stands for every host below that name, any other entry for itself alone.
    """
    found = _FORM.fullmatch(told) if len(told) <= LONGEST_ENDPOINT else None
    if found is None:
        return None
    host, target = found.groups()
    service = next((each for each in services if _covers(each, host)), None)
    return Endpoint(host=host, target=target, service=service) if service else None


def _covers(service: str, host: str) -> bool:
    return host.endswith(service) if service.startswith(".") else host == service
