"""Figures of push for Prometheus, by service of the settings; an alarm belongs on `refused`."""

from prometheus_client import Counter

from portal.push.verdict import Fate

NOTES = Counter(
    "portal_push_notes", "Notes sent to phones, by push service and what became of them.", ["service", "fate"]
)


def count(service: str, fate: Fate, number: int) -> None:
    NOTES.labels(service, fate).inc(number)
