"""The oracle: a plain interpreter of the rulebook's JSON, written straight from domain.md §3 and in no hurry.

It reads documents as they are, without models, closures or shortcuts, and counts in fractions. It shares no code with
portal.rulebook, so that an agreement of the two says something.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.rulebook.naive_conditions import holds, in_window, local, reason_of
from tests.rulebook.naive_money import bundle, half_up, largest_remainder, n_for_m, rounded, whole_units

Document = dict[str, Any]
DISCOUNTS = ("discount_percent", "discount_fixed", "special_price", "n_for_m", "bundle")
ACCRUALS = ("accrue_percent", "accrue_fixed", "accrue_per_unit")


def matches(filter_: Document | None, line: Document) -> bool:
    if filter_ is None:
        return True
    category = line.get("category", "")
    return (
        ("sku" not in filter_ or line.get("sku", "") in filter_["sku"])
        and ("brand" not in filter_ or line.get("brand", "") in filter_["brand"])
        and ("tag" not in filter_ or bool(set(filter_["tag"]) & set(line.get("tags", []))))
        and (
            "category" not in filter_
            or any(category == wanted or category.startswith(wanted + "/") for wanted in filter_["category"])
        )
        and ("not" not in filter_ or not matches(filter_["not"], line))
    )


class Naive:
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
        if self.member and cap["scope"] != "receipt":
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

    # 4

    def give_gifts(self, working: list[Document]) -> None:
        left = dict((self.member or {}).get("balance", {}))
        for rule in working:
            for effect in rule["effects"]:
                if effect["type"] != "gift_item":
                    continue
                if self.member is None:
                    self.skipped.add((rule["id"], "no_member"))
                    continue
                for i in self.open_lines(rule, effect, "discount"):
                    free = self.given.get(i, 0)
                    units = min(whole_units(self.lines[i]) - free, left.get(effect["wallet"], 0))
                    if units > 0 and self.room(i) > 0:
                        quantity = Fraction(str(self.lines[i].get("qty", 1))) - free
                        off = min(half_up(self.net[i] * units / quantity), self.room(i))
                        left[effect["wallet"]] -= units
                        self.given[i] = free + units
                        self.net[i] -= off
                        gift = {"rule": rule["id"], "wallet": effect["wallet"], "line": self.lines[i]["n"]}
                        self.out["gifts"].append({**gift, "units": units, "discount": off})
                        self.worked.add(rule["id"])

    def take_discounts(self, working: list[Document]) -> None:
        for rule in working:
            if not any(effect["type"] in DISCOUNTS for effect in rule["effects"]):
                continue
            group = rule.get("group")
            if self.mode(rule) != "best":
                self.apply(rule)
            elif group not in self.winners:
                rivals = [
                    each for each in working
                    if each.get("group") == group and any(effect["type"] in DISCOUNTS for effect in each["effects"])
                ]  # fmt: skip
                amounts = [sum(self.would_take(each)[0].values()) for each in rivals]
                winner = rivals[amounts.index(max(amounts))]
                self.winners[group] = winner["id"]
                self.apply(winner)
                self.skipped |= {(each["id"], f"group:{group}") for each in rivals if each is not winner}

    def would_take(self, rule: Document) -> tuple[dict[int, int], int]:
        """Try a rule on the bill as it is; return what it takes per line and what it wanted before its caps."""
        before = list(self.net)
        taken, desired, cap = {}, 0, self.tightest(rule, "minor")
        for effect in rule["effects"]:
            if effect["type"] in DISCOUNTS:
                off = self.wanted(rule, effect)
                desired += sum(off.values())
                if cap and sum(taken.values()) + sum(off.values()) > cap[0]:
                    most = cap[0] - sum(taken.values())
                    off = dict(zip(off, largest_remainder(most, list(off.values())), strict=True))
                for i, amount in off.items():
                    taken[i] = taken.get(i, 0) + amount
                    self.net[i] -= amount
        self.net = before
        return taken, desired

    def apply(self, rule: Document) -> None:
        taken, desired = self.would_take(rule)
        amount = sum(taken.values())
        for i, off in taken.items():
            self.net[i] -= off
        if amount:
            lines = {self.lines[i]["n"]: off for i, off in taken.items() if off}
            self.out["discounts"].append({"rule": rule["id"], "amount": amount, "lines": lines, "desired": desired})
            self.worked.add(rule["id"])
        elif desired:
            self.skipped.add((rule["id"], f"cap:{self.tightest(rule, 'minor')[1]}"))

    def wanted(self, rule: Document, effect: Document) -> dict[int, int]:
        lines = self.open_lines(rule, effect, "discount")
        kind = effect["type"]
        if kind == "discount_percent":
            cascade = self.programme.get("discount_mode", "cascade") == "cascade"
            prices = self.net if cascade else self.gross
            off = {i: min(half_up(Fraction(prices[i] * effect["rate_bp"], 10_000)), self.room(i)) for i in lines}
            most = effect.get("max_minor")
            if most is not None and sum(off.values()) > most:
                off = dict(zip(off, largest_remainder(most, list(off.values())), strict=True))
        elif kind == "discount_fixed":
            parts = largest_remainder(effect["amount"], [self.net[i] for i in lines], [self.room(i) for i in lines])
            off = dict(zip(lines, parts, strict=True))
        elif kind == "special_price":
            quantities = {i: Fraction(str(self.lines[i].get("qty", 1))) for i in lines}
            off = {i: self.net[i] - half_up(effect["unit_price"] * quantities[i]) for i in lines}
            off = {i: max(0, min(amount, self.room(i))) for i, amount in off.items()}
        else:
            units = [
                (Fraction(self.net[i]) / Fraction(str(self.lines[i].get("qty", 1))), i)
                for i in lines for _ in range(whole_units(self.lines[i]))
            ]  # fmt: skip
            units.sort(key=lambda unit: (-unit[0], unit[1]))
            if kind == "n_for_m":
                shares = n_for_m(units, take=effect["take"], pay=effect["pay"])
            else:
                shares = bundle(units, effect, lambda part, i: matches(part["lines"], self.lines[i]))
            where = sorted(shares)
            total = half_up(sum(shares.values(), Fraction()))
            parts = largest_remainder(total, [shares[i] for i in where], [self.room(i) for i in where])
            off = dict(zip(where, parts, strict=True))
        return {i: amount for i, amount in off.items() if amount > 0}

    # 5

    def pay(self, working: list[Document]) -> Document:
        terms = {"max_share_bp": 10_000, "share_base": "eligible", "step": 1, "min_points": 1, "min_cash": 0}
        terms |= self.programme.get("redemption", {})
        lines = self.open_lines({"id": ""}, None, "redemption")
        share, caps = terms["max_share_bp"], {i: self.net[i] // self.worth for i in lines}
        for rule in working:
            for effect in rule["effects"]:
                if effect["type"] == "redemption_limit" and "lines" not in effect:
                    share = min(share, effect["max_share_bp"])
                elif effect["type"] == "redemption_limit":
                    for i in lines:
                        if matches(effect["lines"], self.lines[i]):
                            exact = Fraction(self.net[i] * effect["max_share_bp"], 10_000 * self.worth)
                            caps[i] = min(caps[i], int(exact))
        base = sum(self.net) if terms["share_base"] == "receipt" else sum(self.net[i] for i in lines)
        most = min(
            int(Fraction(base * share, 10_000 * self.worth)),
            sum(caps.values()),
            max(0, sum(self.net) - terms["min_cash"]) // self.worth,
        )

        def allowed(points: int) -> int:
            points = points // terms["step"] * terms["step"]
            return points if points >= terms["min_points"] else 0

        available = (self.member or {}).get("balance", {}).get("points", 0)
        requested = self.receipt.get("points_requested", 0)
        spent = allowed(min(most if requested == "max" else requested, available, most))
        parts = largest_remainder(spent, [self.net[i] for i in lines], list(caps.values()))
        for i, part in zip(lines, parts, strict=True):
            self.points[i] = part
        return {"available": available, "max_points": allowed(most), "step": terms["step"]}

    # 6

    def accrue(self, working: list[Document]) -> dict[str, list[Document]]:
        drafts = {}
        for rule in working:
            if any(effect["type"] in ACCRUALS for effect in rule["effects"]):
                drafts[rule["id"]] = self.drafts(rule)
        for rule in working:
            if rule["id"] not in drafts:
                continue
            made, misses = drafts[rule["id"]]
            group = rule.get("group")
            if self.mode(rule) == "best":
                rivals = [each["id"] for each in working if each["id"] in drafts and each.get("group") == group]
                points = [sum(draft["points"] for draft in drafts[each][0]) for each in rivals]
                if self.winners.setdefault(group, rivals[points.index(max(points))]) != rule["id"]:
                    self.skipped.add((rule["id"], f"group:{group}"))
                    drafts[rule["id"]] = ([], [])
                    continue
            self.grant(rule, made)
            self.skipped |= {(rule["id"], reason) for reason in misses}
        return {rule: made for rule, (made, _) in drafts.items()}

    def drafts(self, rule: Document) -> tuple[list[Document], list[str]]:
        made: list[Document] = []
        misses = []
        redeemed = self.programme.get("redemption", {}).get("no_accrual_when_redeeming") and any(self.points)
        for effect in rule["effects"]:
            if effect["type"] not in ACCRUALS:
                continue
            to = effect.get("to", "member")
            person = self.member and self.member.get("id" if to == "member" else to)
            if not person:
                misses.append(f"no_{to}")
            elif redeemed and to == "member":
                misses.append("no_accrual_when_redeeming")
            else:
                lines, fixed = self.exact(rule, effect)
                wallet = self.wallet(effect.get("wallet", "points"))
                terms = (
                    effect.get("wallet", "points"),
                    effect.get("pending_days", wallet["pending_days"]),
                    effect.get("valid") or wallet["valid"],
                )
                same = next((each for each in made if (each["role"], each["terms"]) == (to, terms)), None)
                if not lines and not fixed:
                    continue
                if same is None:
                    made.append({"to": person, "role": to, "terms": terms, "lines": lines, "fixed": fixed})
                else:
                    for i, part in lines.items():
                        same["lines"][i] = same["lines"].get(i, 0) + part
                    same["fixed"] += fixed
        self.settle(rule, made)
        return made, misses

    def exact(self, rule: Document, effect: Document) -> tuple[dict[int, Fraction], Fraction]:
        lines = self.open_lines({"id": ""}, effect, "accrual")
        if effect["type"] == "accrue_percent":
            bases = {"paid": self.paid(), "net": self.net, "list": self.gross}[effect.get("base", "paid")]
            worth = self.wallet(effect.get("wallet", "points")).get("point_value") or self.worth
            return {i: Fraction(bases[i] * effect["rate_bp"], 10_000 * worth) for i in lines if bases[i]}, Fraction(0)
        if effect["type"] == "accrue_fixed":
            return {}, Fraction(effect["points"] if lines else 0)
        quantities = {i: Fraction(str(self.lines[i].get("qty", 1))) for i in lines}
        whole = sum(quantities.values())
        points = effect["points"] * (whole // Fraction(str(effect["per"]))) if whole else 0
        return {i: Fraction(points) * quantity / whole for i, quantity in quantities.items() if points}, Fraction(0)

    def settle(self, rule: Document, made: list[Document]) -> None:
        cap = self.tightest(rule, "points")
        given = sum(grant["points"] for grant in self.out["grants"] if grant["rule"] == rule["id"])
        for draft in made:
            draft["exact"] = sum(draft["lines"].values(), Fraction()) + draft["fixed"]
            draft["points"] = draft["desired"] = rounded(draft["exact"], self.programme.get("rounding", "down"))
            draft["capped_by"] = None
            if cap and given + draft["desired"] > cap[0]:
                draft["points"], draft["capped_by"] = max(0, cap[0] - given), cap[1]
            given += draft["points"]

    def grant(self, rule: Document, made: list[Document]) -> None:
        for draft in made:
            if not draft["points"]:
                if draft["desired"]:
                    self.skipped.add((rule["id"], f"cap:{draft['capped_by']}"))
                continue
            where = sorted(draft["lines"])
            parts = largest_remainder(draft["points"], [*(draft["lines"][i] for i in where), draft["fixed"]])
            self.worked.add(rule["id"])
            self.out["grants"].append(
                {
                    "rule": rule["id"],
                    "to": draft["to"],
                    "wallet": draft["terms"][0],
                    "points": draft["points"],
                    "lines": {self.lines[i]["n"]: part for i, part in zip(where, parts, strict=False) if part},
                    "fixed": parts[-1],
                    "exact": str(draft["exact"]),
                    "desired": draft["desired"],
                    "capped_by": draft["capped_by"],
                    **self.dates(draft["terms"][1], draft["terms"][2]),
                }
            )

    def dates(self, pending: int, valid: Document | None) -> Document:
        released = self.at.date() + timedelta(days=pending)
        last = None
        if valid and valid["type"] == "days":
            last = released + timedelta(days=valid["n"])
        elif valid:
            months = released.year * 12 + released.month - 1 + valid["n"]
            last = None
            for day in range(released.day, 0, -1):
                try:
                    last = date(months // 12, months % 12 + 1, day)
                except ValueError:
                    continue
                break
        size = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}.get((valid or {}).get("round_up", ""))
        while last and size and not ((last + timedelta(days=1)).day == 1 and last.month % size == 0):
            last += timedelta(days=1)
        return {
            "release_at": self.midnight(released) if pending else None,
            "last_valid_day": last.isoformat() if last else None,
            "expires_at": self.midnight(last + timedelta(days=1)) if last else None,
        }

    def midnight(self, day: date) -> str:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).isoformat()

    # 7

    def multiply(self, working: list[Document], exact: dict[str, list[Document]]) -> None:
        adding = self.programme.get("multiplier_mode", "best") == "add"
        able = []
        for rule in working:
            found = [effect for effect in rule["effects"] if effect["type"] == "multiply"]
            found = [(effect["factor_bp"], extra) for effect in found if (extra := self.extra(effect, exact))]
            if found:
                factor = max(factor for factor, _ in found)
                largest = next(extra for each, extra in found if each == factor)
                made = [draft for _, extra in found for draft in extra] if adding else largest
                self.settle(rule, made)
                able.append((factor, rule, made, sum(draft["points"] for draft in made)))
        if adding:
            for _, rule, _, _ in sorted(able, key=lambda each: -each[3]):
                if self.mode(rule) == "best" and self.winners.setdefault(rule["group"], rule["id"]) != rule["id"]:
                    self.skipped.add((rule["id"], f"group:{rule['group']}"))
            able = [each for each in able if self.stay([each[1]])]
        elif able:
            factor = max(each[0] for each in able)
            winner = next(each for each in able if each[0] == factor)
            self.skipped |= {(each[1]["id"], "smaller_multiplier") for each in able if each is not winner}
            able = [winner]
        for _, rule, made, _ in able:
            self.grant(rule, made)

    def extra(self, effect: Document, exact: dict[str, list[Document]]) -> list[Document]:
        made: list[Document] = []
        more = Fraction(effect["factor_bp"], 10_000) - 1
        for name in dict.fromkeys(effect["rules"]):
            for draft in exact.get(name, []):
                if draft["role"] == "member":
                    same = next((each for each in made if each["terms"] == draft["terms"]), None)
                    if same is None:
                        same = {**draft, "lines": {}, "fixed": Fraction(0)}
                        made.append(same)
                    for i, part in draft["lines"].items():
                        same["lines"][i] = same["lines"].get(i, 0) + part * more
                    same["fixed"] += draft["fixed"] * more
        return made

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
