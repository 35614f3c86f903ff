"""The oracle's steps 4 and 5: gifts, discounts and payment by points."""

from fractions import Fraction
from typing import Any

from tests.rulebook.naive_conditions import matches
from tests.rulebook.naive_money import bundle, half_up, largest_remainder, n_for_m, settled, whole_units

Document = dict[str, Any]
DISCOUNTS = ("discount_percent", "discount_fixed", "special_price", "n_for_m", "bundle")


class Discounts:
    """A part of `naive.Naive`."""

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
                offer = n_for_m(units, take=effect["take"], pay=effect["pay"])
            else:
                offer = bundle(units, effect, lambda part, i: matches(part["lines"], self.lines[i]))
            off = settled(offer, self.room)
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
