"""The oracle's steps 6 and 7: accrual and multipliers."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.rulebook.naive_money import largest_remainder, rounded

Document = dict[str, Any]
ACCRUALS = ("accrue_percent", "accrue_fixed", "accrue_per_unit")


class Points:
    """A part of `naive.Naive`."""

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
