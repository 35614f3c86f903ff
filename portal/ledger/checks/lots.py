"""Lots, proved from the entries that made and moved them."""

from collections import Counter
from collections.abc import Iterator

from portal.ledger.checks.told import Fact, Told, Violation

_LOT_MAKERS = ("accrual", "adjustment", "restoration")


def lots_are_accounts(told: Told) -> Iterator[Violation]:
    """Check that what is left of released lots is available, of others pending, of holds held (I4, I18)."""
    for row in told.accounts:
        lots = [lot for lot in told.lots if lot["wallet"] == row["wallet"]]
        found = {
            "available": sum(lot["remaining"] for lot in lots if lot["released"]),
            "pending": sum(lot["remaining"] for lot in lots if not lot["released"]),
            "held": sum(lot["held"] for lot in lots),
        }
        for name, points in found.items():
            if points != row[name]:
                yield told.violation(
                    "lots", f"{row['wallet']}: lots make {points} {name}, the account says {row[name]}"
                )


def lots_follow_entries(told: Told) -> Iterator[Violation]:
    """Check that a lot was made by its entry, has left what entries left it, and never more than it began with (I4)."""
    moved: Counter[int] = Counter()
    for entry in told.entries:
        for lot, delta in entry["lots"]:
            moved[lot] += delta
    makers = {entry["number"]: entry for entry in told.entries if entry["kind"] in _LOT_MAKERS}
    for lot in told.lots:
        number, maker = lot["number"], makers.get(lot["number"])
        if maker is None or [number, lot["original"]] not in maker["lots"]:
            yield told.violation("lot origin", f"lot {number} was not made by its entry", number=number)
        if lot["remaining"] != moved[number]:
            yield told.violation(
                "lot history", f"{lot['remaining']} left, entries leave {moved[number]}", number=number
            )
        if not _within_original(lot):
            yield told.violation("lot limit", f"lot {number} has more than its {lot['original']}", number=number)
    for number in set(moved).difference(lot["number"] for lot in told.lots):
        yield told.violation("lot history", f"entries move lot {number}, which does not exist", number=number)


def _within_original(lot: Fact) -> bool:
    parts = (lot["remaining"], lot["held"], lot["expired"])
    return min(parts) >= 0 and sum(parts) <= lot["original"] and 0 <= lot["reversed"] <= lot["original"]


def expired_is_breakage(told: Told) -> Iterator[Violation]:
    """Check that what ran out of lots is the breakage of their wallet."""
    for wallet in told.wallets():
        expired = sum(lot["expired"] for lot in told.lots if lot["wallet"] == wallet)
        breakage = sum(entry["breakage"] for entry in told.entries if entry["wallet"] == wallet)
        if expired != breakage:
            yield told.violation("breakage", f"{wallet}: {expired} ran out of lots, entries say {breakage}")


LOT_CHECKS = (lots_are_accounts, lots_follow_entries, expired_is_breakage)
