"""From the words of the acceptance cases to the public functions: one small function per kind, no logic of its own."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from portal.money import rounded
from portal.notifications.budget import Decision, Policy, Wish, decide
from portal.notifications.quiet import QuietHours
from portal.referrals.funnel import Counted, figures
from portal.referrals.gate import Attempt
from portal.referrals.gate import decide as decide_gate
from portal.rulebook.amounts import allocate, points_percent
from portal.rulebook.chain import upline
from portal.rulebook.conditions.weekly import Weekly
from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import MemberState, read_member_state
from portal.rulebook.moments import in_zone
from portal.rulebook.next_state import state_after
from portal.rulebook.outcome import Outcome, outcome_json
from portal.rulebook.receipt import Receipt, read_receipt
from portal.rulebook.refunds import plan_refund, refund_line
from portal.rulebook.tiers import Event, Path, replay, shown_path
from portal.rulebook.tiers.ladder import Ladder, Threshold
from portal.rulebook.validity import lot_dates
from portal.rulebook.values import read_quantity
from portal.rulebook.windows import birthday_key, weekly_contains
from tests.acceptance.ledger_kind import ledger, read_validity

Given = dict[str, Any]
ELSEWHERE = {"effective_from", "quests", "referral", "tiers"}
"""Parts of a programme that no rule asks for; the portal keeps them outside the rulebook."""


def _points_percent(given: Given) -> Given:
    exact = points_percent(given["base"], rate_bp=given["rate_bp"], point_value=given["point_value"])
    return {"exact": str(exact), "points": rounded(exact, given.get("mode", "down"))}


def _points_levels(given: Given) -> Given:
    mode, worth = given.get("mode", "down"), given["point_value"]
    rules = [
        [points_percent(base, rate_bp=rate, point_value=worth) for base in given["lines"]] for rate in given["rates_bp"]
    ]
    return {
        "line": sum(rounded(exact, mode) for lines in rules for exact in lines),
        "rule": sum(rounded(sum(lines, Fraction()), mode) for lines in rules),
        "receipt": rounded(sum((exact for lines in rules for exact in lines), Fraction()), mode),
    }


def _allocate(given: Given) -> Given:
    return {"parts": allocate(given["total"], given["weights"], given.get("caps"))}


def _evaluate(given: Given) -> Given:
    return outcome_json(_outcome(given))


def _outcome(given: Given) -> Outcome:
    return evaluate(_rulebook(given), _member(given), _receipt(given["receipt"]))


def _rulebook(given: Given) -> Rulebook:
    return load_json({name: part for name, part in given["programme"].items() if name not in ELSEWHERE})


def _member(given: Given) -> MemberState | None:
    return read_member_state(_without_nothing(given["member"])) if given.get("member") else None


def _receipt(document: Given) -> Receipt:
    return read_receipt(_without_nothing(document))


def _without_nothing(document: Any) -> Any:
    """Return a document without what it says nothing of: null is the same as left out."""
    if isinstance(document, dict):
        return {name: _without_nothing(part) for name, part in document.items() if part is not None}
    return [_without_nothing(part) for part in document] if isinstance(document, list) else document


def _lot_dates(given: Given) -> Given:
    dates = lot_dates(
        datetime.fromisoformat(given["at"]),
        zone=_zone(given),
        pending_days=given.get("pending_days") or 0,
        valid=read_validity(given.get("valid")),
    )
    return {
        "available_at": dates.available_at.isoformat(),
        "last_valid_day": dates.last_valid_day.isoformat() if dates.last_valid_day else None,
        "expires_at": dates.expires_at.isoformat() if dates.expires_at else None,
    }


def _refund_line(given: Given) -> Given:
    components = {name: given[name] for name in ("paid", "points", "earned") if name in given}
    returns = [read_quantity(quantity) for quantity in given["returns"]]
    return {"steps": refund_line(qty=read_quantity(given["qty"]), components=components, returns=returns)}


def _refund_receipt(given: Given) -> Given:
    rulebook, receipt, outcome = _rulebook(given), _receipt(given["receipt"]), _outcome(given)
    member = _member(given)
    returned: dict[int, Fraction] = {}
    taken: list[str] = []
    steps: list[Given] = []
    for step in given["steps"]:
        returning = {int(n): read_quantity(quantity) for n, quantity in step.items()}
        plan = plan_refund(rulebook, member, receipt, outcome, returned=returned, returning=returning, taken=taken)
        returned |= {n: returned.get(n, Fraction()) + quantity for n, quantity in returning.items()}
        taken += plan.fixed_taken
        steps.append({"money": plan.money, "points": plan.points, "reversed": plan.reversed})
    return {"steps": steps}


def _weekly(given: Given) -> Given:
    window = Weekly.model_validate({"type": "weekly", **given["window"]})
    moments = [in_zone(datetime.fromisoformat(at), _zone(given)) for at in given["at"]]
    return {"in": [weekly_contains(at, days=window.days, start=window.start, end=window.end) for at in moments]}


def _birthday(given: Given) -> Given:
    birthday, days = date.fromisoformat(given["birthday"]), [date.fromisoformat(day) for day in given["days"]]
    before, after = given.get("before", 3), given.get("after", 7)
    return {"year_key": [birthday_key(birthday, before=before, after=after, day=day) for day in days]}


def _story(given: Given) -> Given:
    rulebook, totals = _rulebook(given), dict(given.get("start") or {})
    told = _without_nothing(given["member"])
    spendable = {"points": totals[told["id"]]} if told["id"] in totals else {}
    member = read_member_state({**told, "balance": {**told.get("balance", {}), **spendable}})
    receipts: list[Given] = []
    for document in given["receipts"]:
        receipt = _receipt(document)
        outcome = evaluate(rulebook, member, receipt)
        member = state_after(rulebook, member, receipt, outcome)
        totals[member.id] = totals.get(member.id, 0) - outcome.points_spent
        for earner, points in outcome.earned.items():
            totals[earner] = totals.get(earner, 0) + points
        receipts.append(outcome_json(outcome))
    return {"receipts": receipts, "totals": totals}


def _send(given: Given) -> Given:
    given = given | (given.get("policy") or {})
    quiet, gap = given.get("quiet", {"start": "21:00", "end": "09:00"}), given.get("min_gap_hours", 24)
    policy = Policy(
        zone=_zone(given),
        consents=given.get("consent") or (),
        quiet=quiet and QuietHours(time.fromisoformat(quiet["start"]), time.fromisoformat(quiet["end"])),
        most_in_a_week=given.get("max_per_7_days", 2),
        gap=None if gap is None else timedelta(hours=gap),
    )
    sent = [_moment(at, given) for at in given.get("sent") or ()]
    decisions = decide([_wish(told, given) for told in given["messages"]], policy, sent=sent)
    return {"decisions": {name: _decided(decision) for name, decision in decisions.items()}}


def _wish(told: Given, given: Given) -> Wish:
    not_after = told.get("not_after")
    return Wish(
        id=told["id"],
        at=_moment(told["at"], given),
        channel=told.get("channel", "push"),
        marketing=told.get("kind", "marketing") == "marketing",
        priority=100 if told.get("priority") is None else told["priority"],
        not_after=None if not_after is None else _moment(not_after, given),
        held_out=bool(told.get("holdout") or told.get("held_out") or told["id"] in (given.get("holdout") or ())),
    )


def _referral_chain(given: Given) -> Given:
    rates, worth, mode = given["rates_bp"], given.get("point_value", 100), given.get("rounding", "down")
    above = upline(given["member"], given["referrer_of"].get, levels=len(rates))
    exact = {
        each: points_percent(given["base"], rate_bp=rate, point_value=worth)
        for each, rate in zip(above, rates, strict=False)
    }
    return {"points": {each: rounded(points, mode) for each, points in exact.items()}}


def _referral_gate(given: Given) -> Given:
    referrer, referee = given["referrer"], given["referee"]
    attempt = Attempt(
        same_person=any(referrer.get(name) == referee.get(name) is not None for name in ("id", "phone", "person")),
        known_person=bool(given.get("existing") or referee.get("existing") or referee.get("existing_member"))
        or referee.get("phone") in (given.get("known_phones") or given.get("existing_phones") or ()),
        same_device=referrer.get("device") == referee.get("device") is not None,
        accepted=given.get("accepted_this_month", referrer.get("accepted_this_month", 0)),
        in_circle=referee["id"] in upline(referrer["id"], (given.get("referrer_of") or {}).get, levels=1000),
        days_since_click=given.get("days_since_click"),
    )
    limit = given.get("monthly_limit", given.get("limit", given.get("limit_per_month")))
    return {
        "decision": decide_gate(
            attempt,
            attribution_days=given.get("attribution_days", 30),
            monthly_limit=attempt.accepted + 1 if limit is None else limit,
        )
    }


def _funnel(given: Given) -> Given:
    return {channel["id"]: _channel_figures(channel) for channel in given["channels"]}


def _channel_figures(channel: Given) -> Given:
    revenue = channel.get("revenue", channel["buyers"] * channel.get("avg_receipt", 0))
    margin = channel.get("margin")
    told = Counted(
        joined=channel["joined"],
        buyers=channel["buyers"],
        revenue=revenue,
        cost=channel.get("cost"),
        margin_bp=None if margin is None else round(margin * 10_000),
    )
    found = figures(told)
    exact = {"conversion": (found.conversion, 6), "revenue_per_join": (found.revenue_per_join, 4)}
    exact |= {"cac": (found.cac, 4), "romi": (found.romi, 6)}
    ratios = {name: None if ratio is None else round(float(ratio), places) for name, (ratio, places) in exact.items()}
    return {"revenue": revenue, **ratios}


def _tiers(given: Given) -> Given:
    told = {name: given.get(name) for name in ("tiers", "keep", "refund_guard_days")}
    ladder = Ladder.model_validate(_without_nothing(told))
    events = [_event(told, given) for told in given["events"]]
    start = _moment(given["start"], given) if given.get("start") else min(event.at for event in events)
    until = _moment(given["until"], given) if given.get("until") else None
    standing, changes = replay(ladder, events, zone=_zone(given), start=start, until=until)
    log = [{"at": str(each.at.astimezone(_zone(given)).date()), "from": each.from_, "to": each.to} for each in changes]
    return {"tier": standing.tier or ladder.lowest.id, "log": log}


def _event(told: Given, given: Given) -> Event:
    return Event(
        id=told.get("id") or f"{told['type']}@{told['at']}",
        at=_moment(told["at"], given),
        type={"quest_done": "quest"}.get(told["type"], told["type"]),
        money=told.get("amount") or 0,
        of=told.get("of"),
    )


def _progress(given: Given) -> Given:
    paths = []
    for told in given["paths"]:
        limit = {name: told[name] for name in ("min", "more_than") if told.get(name) is not None}
        goal = Threshold.model_validate({"metric": told["metric"], **limit}).goal
        paths.append(Path(metric=told["metric"], value=told["value"], goal=goal))
    shown = shown_path(paths)
    return {
        "show": shown.metric,
        "left": shown.left,
        "paths": [{"left": path.left, "percent": path.percent} for path in paths],
    }


def _decided(decision: Decision) -> str | None:
    return decision.at.isoformat() if decision.at else decision.reason


def _moment(at: str, given: Given) -> datetime:
    return in_zone(datetime.fromisoformat(at), _zone(given))


def _zone(given: Given) -> ZoneInfo:
    return ZoneInfo(given.get("timezone", "Europe/Moscow"))


KINDS: dict[str, Callable[[Given], Given]] = {
    "points_percent": _points_percent,
    "points_levels": _points_levels,
    "allocate": _allocate,
    "evaluate": _evaluate,
    "lot_dates": _lot_dates,
    "ledger": ledger,
    "refund_line": _refund_line,
    "refund_receipt": _refund_receipt,
    "weekly": _weekly,
    "birthday": _birthday,
    "story": _story,
    "send": _send,
    "referral_chain": _referral_chain,
    "referral_gate": _referral_gate,
    "funnel": _funnel,
    "tiers": _tiers,
    "progress": _progress,
}
