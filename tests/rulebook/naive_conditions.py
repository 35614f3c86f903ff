"""The oracle's conditions: one long question, read from the document each time."""

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Document = dict[str, Any]
ABOUT_MEMBER = re.compile(
    r"'type': '(tier|segment|previous_purchase|purchase_number|days_since_last|referred|birthday|privilege|profile)'"
)


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


def local(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def in_window(at: datetime, since: str | None, until: str | None, zone: ZoneInfo) -> bool:
    return (since is None or local(since, zone) <= at) and (until is None or at < local(until, zone))


def holds(condition: Document, case: Any) -> bool:  # noqa: PLR0911 - one answer per kind
    """Answer a condition for an evaluation in progress (`naive.Naive`)."""
    kind, member = condition["type"], case.member
    if kind == "always":
        return True
    if kind == "all":
        return all(holds(part, case) for part in condition["of"])
    if kind == "any":
        return any(holds(part, case) for part in condition["of"])
    if kind == "not":
        unknown = member is None and ABOUT_MEMBER.search(str(condition["of"]))
        return not unknown and not holds(condition["of"], case)
    if kind == "time_window":
        return in_window(case.at, condition.get("from"), condition.get("until"), case.zone)
    if kind == "weekly":
        return _weekly(condition, case.at)
    if kind in ("channel", "store"):
        return case.receipt.get(kind, "") in condition["in"]
    if kind in ("receipt_total", "line_total", "line_qty"):
        return _amount(condition, case)
    if kind == "coupon":
        return _coupon(condition, case)
    return member is not None and _about_member(condition, case, member)


def reason_of(condition: Document, case: Any) -> str:
    if condition["type"] == "all":
        return next(reason_of(part, case) for part in condition["of"] if not holds(part, case))
    return str(condition["type"])


def _weekly(window: Document, at: datetime) -> bool:
    start, end = time.fromisoformat(window.get("start", "00:00")), time.fromisoformat(window.get("end", "00:00"))
    for back in (0, 1):
        day = at.date() - timedelta(days=back)
        opens = datetime.combine(day, start)
        closes = datetime.combine(day if end > start else day + timedelta(days=1), end)
        if day.isoweekday() in window.get("days", range(1, 8)) and opens <= at.replace(tzinfo=None) < closes:
            return True
    return False


def _amount(condition: Document, case: Any) -> bool:
    amounts = case.net if condition.get("basis") == "net" else case.gross
    meant = [i for i, line in enumerate(case.lines) if matches(condition.get("lines"), line)]
    if condition["type"] == "line_qty":
        quantities = [Fraction(str(case.lines[i].get("qty", 1))) for i in meant]
        return sum(quantities) >= Fraction(str(condition["min"]))
    return _within(condition, sum(amounts[i] for i in meant))


def _within(condition: Document, value: int) -> bool:
    return (
        value >= condition.get("min", value)
        and value > condition.get("more_than", value - 1)
        and value <= condition.get("max", value)
    )


def _coupon(condition: Document, case: Any) -> bool:
    shown = case.receipt.get("coupons", [])
    if "codes" in condition:
        return bool(set(shown) & set(condition["codes"]))
    held = (case.member or {}).get("coupons", [])
    return any(
        coupon.get("code", coupon["template"]) in shown
        and coupon["template"] == condition["template"]
        and in_window(case.at, None, coupon.get("until"), case.zone)
        for coupon in held
    )


def _about_member(condition: Document, case: Any, member: Document) -> bool:  # noqa: PLR0911
    kind = condition["type"]
    last = member.get("last_purchase")
    days = (case.at.date() - local(last["at"], case.zone).date()).days if last else None
    if kind == "tier":
        return member.get("tier") in condition["in"]
    if kind == "segment":
        return bool(set(condition["in"]) & set(member.get("segments", [])))
    if kind == "previous_purchase":
        within = condition.get("within_days", days)
        return last is not None and _within(condition, last["net"]) and days <= within
    if kind == "purchase_number":
        number = member.get("purchases", 0) + 1
        return condition.get("from", 1) <= number <= condition.get("to", number)
    if kind == "days_since_last":
        return days is not None and _within(condition, days)
    if kind == "referred":
        sources = {member.get("referrer"), member.get("referred_by")}
        return bool(sources & set(condition["by"])) if "by" in condition else member.get("referrer") is not None
    if kind == "birthday":
        return _birthday(condition, case, member)
    if kind == "privilege":
        return any(
            held["id"] == condition["id"]
            and held.get("uses_left") != 0
            and in_window(case.at, None, held.get("until"), case.zone)
            for held in member.get("privileges", [])
        )
    return _profile(condition, member.get("profile", {}).get(condition["field"]))


def _birthday(condition: Document, case: Any, member: Document) -> bool:
    if not member.get("birthday"):
        return False
    born = date.fromisoformat(member["birthday"])
    for year in range(case.at.year - 1, case.at.year + 2):
        common = born.month == 2 and born.day == 29 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
        kept = date(year, 2, 28) if common else date(year, born.month, born.day)
        first = kept - timedelta(days=condition.get("before", 3))
        last = kept + timedelta(days=condition.get("after", 7))
        if first <= case.at.date() <= last:
            told = member.get("birthday_entered")
            in_time = told is None or date.fromisoformat(told) + timedelta(days=14) <= first
            return year not in member.get("birthdays_used", []) and in_time
    return False


def _profile(condition: Document, told: Any) -> bool:
    if told is None:
        return False
    value, operator = condition["value"], condition.get("op", "=")
    if operator == "in":
        return told in value
    if operator == "contains":
        return isinstance(told, list) and value in told
    if type(told) is not type(value):
        return False
    return bool(
        {"=": told == value, "!=": told != value}[operator]
        if operator in ("=", "!=")
        else {"<": told < value, "<=": told <= value, ">": told > value, ">=": told >= value}[operator]
    )
