"""What is kept beside the entries: accounts, holds, debts and consumptions, each proved from the entries."""

from collections import Counter
from collections.abc import Iterator

from portal.ledger.checks.told import Told, Violation
from portal.ledger.postings import MEMBER

_HOLD_ENDINGS = ("capture", "void", "timeout")


def accounts_are_sums(told: Told) -> Iterator[Violation]:
    """Check that accounts are the sums of their entries (I2), none overdrawn, none available beside a debt (I3)."""
    accounts = {row["wallet"]: row for row in told.accounts}
    for wallet in told.wallets():
        kept = accounts.get(wallet, dict.fromkeys(MEMBER, 0))
        for name in MEMBER:
            told_of = sum(entry[name] for entry in told.entries if entry["wallet"] == wallet)
            if kept[name] != told_of:
                yield told.violation("accounts", f"{wallet}: {name} is {kept[name]}, entries make {told_of}")
        lowest = min(kept["available"], kept["pending"], kept["held"], -kept["debt"])
        if lowest < 0 or (kept["available"] and kept["debt"]):
            yield told.violation("overdrawn", f"{wallet}: {kept['available']} available, debt {kept['debt']}")


def holds_end_once(told: Told) -> Iterator[Violation]:
    """Check that lots are held by active holds alone; an ended hold was ended by exactly one entry (I11, I12)."""
    held: Counter[int] = Counter()
    ended = Counter(entry["details"].get("hold") for entry in told.entries if entry["kind"] in _HOLD_ENDINGS)
    for hold in told.holds:
        active = hold["state"] == "active"
        if ended[hold["id"]] != (not active):
            yield told.violation(
                "hold end", f"{hold['state']}, ended by {ended[hold['id']]} entries", number=hold["number"]
            )
        if sum(points for _, points in hold["takes"]) != hold["points"]:
            yield told.violation("hold", "its lots do not make its points", number=hold["number"])
        for lot, points in hold["takes"] if active else ():
            held[lot] += points
    for lot in told.lots:
        if lot["held"] != held[lot["number"]]:
            yield told.violation("held", f"lot {lot['number']} holds {lot['held']}, holds say {held[lot['number']]}")


def debts_are_accounts(told: Told) -> Iterator[Violation]:
    """Check that open debts make the account's debt (I10); each began with a reversal that posted it."""
    posted = {entry["number"]: -entry["debt"] for entry in told.entries if entry["kind"] == "reversal"}
    for row in told.accounts:
        owed = sum(debt["remaining"] for debt in told.debts if debt["wallet"] == row["wallet"])
        if owed != -row["debt"]:
            yield told.violation("debts", f"{row['wallet']}: debts make {owed}, the account says {-row['debt']}")
    for debt in told.debts:
        if posted.get(debt["number"]) != debt["points"] or not 0 <= debt["remaining"] <= debt["points"]:
            yield told.violation("debt origin", "the debt is not what its reversal posted", number=debt["number"])


def consumptions_are_redemptions(told: Told) -> Iterator[Violation]:
    """Check that each redemption names the lots it spent, and no more goes back to them than was spent (I9)."""
    spent = {entry["number"]: entry["redeemed"] for entry in told.entries if entry["redeemed"] > 0}
    back: Counter[int] = Counter()
    for entry in told.entries:
        if entry["kind"] == "restoration":
            back[entry["details"]["spent"]] -= entry["redeemed"]
    points, restored = Counter[int](), Counter[int]()
    for row in told.consumptions:
        points[row["number"]] += row["points"]
        restored[row["number"]] += row["restored"]
        if not 0 <= row["restored"] <= row["points"]:
            yield told.violation("restored", "more was given back than spent", number=row["number"])
    for number in sorted({*spent, *points, *back}):
        if spent.get(number, 0) != points[number]:
            yield told.violation("consumed", f"{spent.get(number, 0)} spent from {points[number]}", number=number)
        if back[number] != restored[number]:
            yield told.violation("restored", f"{back[number]} given back, lots say {restored[number]}", number=number)


def due_is_known(told: Told) -> Iterator[Violation]:
    """Check that the job finds the book at the first instant something happens in it."""
    dues = [lot["expires_at"] if lot["released"] else lot["release_at"] for lot in told.lots if lot["remaining"]] + [
        hold["expires_at"] for hold in told.holds if hold["state"] == "active"
    ]
    dues += [debt["write_off_at"] for debt in told.debts if debt["remaining"]]
    first = min((due for due in dues if due is not None), default=None)
    if told.book["due_at"] != first:
        yield told.violation("due", f"something is due at {first}, the book says {told.book['due_at']}")


BALANCE_CHECKS = (
    accounts_are_sums,
    holds_end_once,
    debts_are_accounts,
    consumptions_are_redemptions,
    due_is_known,
)
