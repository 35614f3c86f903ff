"""The oracle: a plain interpreter of the rulebook's JSON, written straight from domain.md §3 and in no hurry.

It reads documents as they are, without models, closures or shortcuts, and counts in fractions. It shares no code with
portal.rulebook, so that an agreement of the two says something.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.rulebook.naive_conditions import holds, in_window, local, matches, reason_of
from tests.rulebook.naive_discounts import Discounts
from tests.rulebook.naive_points import Points

Document = dict[str, Any]


class Naive(Discounts, Points):
    """One evaluation, step by step, in the order of domain.md §3.4."""

    def __init__(self, programme: Document, member: Document | None, receipt: Document) -> None:
        self.programme, self.member, self.receipt = programme, member, receipt
        self.zone = ZoneInfo(programme["timezone"])
        self.at = local(receipt["at"], self.zone)
        self.worth = programme.get("point_value") or (100 if programme["currency"] == "RUB" else 1)
        self.lines = receipt["lines"]
        self.gross = [line["gross"] for line in self.lines]
        self.net = list(self.gross)
        self.points = [0] * len(self.lines)
        self.most_off = [Fraction(g * programme.get("discount_cap_bp", 10_000), 10_000) // 1 for g in self.gross]
        self.given: dict[int, int] = {}
        self.modes = {group["id"]: group["mode"] for group in programme.get("groups", [])}
        self.rules = sorted(programme.get("rules", []), key=lambda rule: (rule.get("priority", 100), rule["id"]))
        self.skipped: set[tuple[str, str]] = set()
        self.winners: dict[str, str] = {}
        self.worked: set[str] = set()
        self.out: dict[str, list[Any]] = {"discounts": [], "gifts": [], "grants": [], "unlocked": [], "coupons": []}

    def judge(self) -> Document:
        working = self.match(net=False)
        self.collect_blocks(working)
        self.give_gifts(working)
        self.take_discounts(working)
        working = self.stay(working)
        limits = self.pay(working)
        working = [rule for rule in self.rules if rule in working + self.match(net=True)]
        exact = self.accrue(working)
        working = self.stay(working)
        self.multiply(working, exact)
        working = self.stay(working)
        self.open_for_later(working)
        paid = self.paid()
        earned: dict[str, int] = {}
        for grant in self.out["grants"]:
            if self.wallet(grant["wallet"])["kind"] == "points":
                earned[grant["to"]] = earned.get(grant["to"], 0) + grant["points"]
        return {
            **self.out,
            "total": sum(self.gross),
            "discount": sum(self.gross) - sum(self.net),
            "points_spent": sum(self.points),
            "due": sum(paid),
            "earned": earned,
            "lines": [
                {"n": line["n"], "gross": g, "discount": g - n, "points": p, "paid": d}
                for line, g, n, p, d in zip(self.lines, self.gross, self.net, self.points, paid, strict=True)
            ],
            "consumed": self.consumed(working),
            "skipped": sorted(self.skipped),
            "limits": limits,
        }

    def paid(self) -> list[int]:
        return [net - points * self.worth for net, points in zip(self.net, self.points, strict=True)]

    def room(self, i: int) -> int:
        return int(self.most_off[i]) - (self.gross[i] - self.net[i])

    def wallet(self, name: str) -> Document:
        declared = next((each for each in self.programme.get("wallets", []) if each["id"] == name), {})
        undeclared = "points" if name == "points" or declared else "gift"
        return {"kind": undeclared, "pending_days": 0, "valid": None, **declared}

    # 1 and 2

    def match(self, *, net: bool) -> list[Document]:
        working = []
        for rule in self.rules:
            when = rule.get("when", {"type": "always"})
            if ("'basis': 'net'" in str(when)) is not net:
                continue
            spent = [cap["scope"] for cap in rule.get("caps", []) if self.left(rule, cap, "uses") == 0]
            if not in_window(self.at, rule.get("from"), rule.get("until"), self.zone):
                self.skipped.add((rule["id"], "time_window"))
            elif not holds(when, self):
                self.skipped.add((rule["id"], reason_of(when, self)))
            elif spent:
                self.skipped.add((rule["id"], f"cap:{spent[0]}"))
            elif self.mode(rule) == "first" and self.winners.setdefault(rule["group"], rule["id"]) != rule["id"]:
                self.skipped.add((rule["id"], f"group:{rule['group']}"))
            else:
                working.append(rule)
        return working

    def mode(self, rule: Document) -> str:
        return self.modes.get(rule.get("group"), "all")

    def stay(self, working: list[Document]) -> list[Document]:
        return [rule for rule in working if self.winners.get(rule.get("group"), rule["id"]) == rule["id"]]

    def left(self, rule: Document, cap: Document, unit: str) -> int | None:
        if f"max_{unit}" not in cap:
            return None
        used = 0
        other_day = (self.member or {}).get("usage_day", self.at.date().isoformat()) != self.at.date().isoformat()
        if self.member and cap["scope"] != "receipt" and not (cap["scope"] == "member_day" and other_day):
            used = self.member.get("usage", {}).get(rule["id"], {}).get(cap["scope"], 0)
        return max(0, cap[f"max_{unit}"] - (used if isinstance(used, int) else used.get(unit, 0)))

    def tightest(self, rule: Document, unit: str) -> tuple[int, str] | None:
        lefts = [(self.left(rule, cap, unit), cap["scope"]) for cap in rule.get("caps", []) if f"max_{unit}" in cap]
        return min(lefts, key=lambda left: left[0]) if lefts else None

    # 3

    def collect_blocks(self, working: list[Document]) -> None:
        self.owner: dict[str, dict[int, str]] = {"discount": {}, "accrual": {}, "redemption": {}}
        for rule in working:
            for effect in rule["effects"]:
                if effect["type"] == "block":
                    for i, line in enumerate(self.lines):
                        if matches(effect.get("lines"), line):
                            for what in effect["what"]:
                                self.owner[what].setdefault(i, rule["id"])

    def open_lines(self, rule: Document, effect: Document | None, what: str) -> list[int]:
        """Lines that an effect covers and nobody keeps it off; a rule's own block never stops its own discounts."""
        own = rule["id"] if what == "discount" else None
        return [
            i for i, line in enumerate(self.lines)
            if self.owner[what].get(i, own) == own and matches((effect or {}).get("lines"), line)
        ]  # fmt: skip

    # 8

    def open_for_later(self, working: list[Document]) -> None:
        for rule in working:
            for effect in rule["effects"]:
                if effect["type"] in ("unlock", "issue_coupon") and self.member is None:
                    self.skipped.add((rule["id"], "no_member"))
                    continue
                until = self.midnight(self.at.date() + timedelta(days=effect.get("valid_days", 0) + 1))
                if effect["type"] == "unlock" and any(matches(effect.get("lines"), line) for line in self.lines):
                    uses = effect.get("uses")
                    self.out["unlocked"].append(
                        {"rule": rule["id"], "privilege": effect["privilege"], "until": until, "uses": uses}
                    )
                    self.worked.add(rule["id"])
                elif effect["type"] == "issue_coupon":
                    self.out["coupons"].append({"rule": rule["id"], "template": effect["template"], "until": until})
                    self.worked.add(rule["id"])

    def consumed(self, working: list[Document]) -> list[str]:
        names = [rule["consumes"] for rule in working if rule["id"] in self.worked and "consumes" in rule]
        return [name for name in dict.fromkeys(names) if holds({"type": "privilege", "id": name}, self)]


def naive_evaluate(programme: Document, member: Document | None, receipt: Document) -> Document:
    return Naive(programme, member, receipt).judge()
