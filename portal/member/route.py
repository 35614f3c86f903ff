"""How to get to a reward or the next tier by a day: the cheapest honest way, or nothing to buy at all."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, request
from wtforms import DateField, SelectField

from portal.programme.member_shelf import Place, Shelf, member_shelf
from portal.programme.plan_climb import ClimbRoute, plan_climb
from portal.programme.plan_route import Route, plan_route
from portal.rulebook.values import title_in
from portal.web.forms import PortalForm
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language, mark
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("route", __name__)

AHEAD, FURTHEST = timedelta(days=30), timedelta(days=366)
TIER = "tier"
"""The next tier among the goals; rewards go by their ids."""
NO_GOAL = mark("Choose what you are saving for.")
NO_DAY = mark("Choose a day from today to a year ahead.")


class RouteForm(PortalForm):
    """What for, and by which day."""

    goal = SelectField(validate_choice=False)
    by = DateField()


@dataclass(frozen=True, slots=True)
class Goals:
    """What can be aimed at: rewards that may be taken, and the next tier."""

    shelf: Shelf
    rewards: dict[str, Place]
    climb: ClimbRoute | None

    def choices(self) -> list[tuple[str, str]]:
        """Return ids and titles, the nearest reward first, the tier last."""
        found = [(name, title_in(dict(place.reward.title), current_language())) for name, place in self.rewards.items()]
        climb = [(TIER, speaking().sentence("The tier %(title)s", title=self.climb.title))] if self.climb else []
        return found + climb


@blueprint.get("/route")
@member
def route() -> Response:
    goals = _goals()
    today = now().astimezone(goals.shelf.rulebook.zone).date()
    choices = goals.choices()
    form = _form(choices, today=today)
    asked = bool(choices) and "by" in request.args
    if asked:
        _check(form, choices, today=today)
    goal, last_day = (form.goal.data, form.by.data) if asked and not form.mistakes else ("", None)
    reward = _reward_route(goals.rewards[goal], last_day) if last_day and goal in goals.rewards else None
    climb = goals.climb if last_day and goal == TIER else None
    told = verdict(reward, goals.rewards[goal]) if reward else climb_verdict(climb, last_day or today) if climb else ""
    return page(
        "member/route.html",
        status=422 if form.mistakes else 200,
        form=form,
        goals=len(choices),
        today=today,
        furthest=today + FURTHEST,
        title=dict(choices).get(goal, ""),
        route=reward,
        climb=climb,
        at=now(),
        verdict=told,
    )


def verdict(route: Route, place: Place) -> str:
    """Say in one sentence whether to buy for it."""
    say = speaking()
    if not route.lack and not place.lack:
        return say.sentence("You have enough. There is nothing to buy.")
    if not route.lack and route.there_at:
        return say.sentence("Do not buy for it: from %(day)s you have enough.", day=say.day(route.there_at))
    if route.usual_at and say.date_of(route.usual_at) <= route.last_day:
        return say.sentence(
            "Buy as you always do: it comes by itself, about %(day)s. There is no need to buy more.",
            day=say.day(route.usual_at),
        )
    if not place.lack and place.shut is None:
        return say.sentence("You have enough today: take it before the points run out. There is nothing to buy.")
    if not route.ways:
        return say.sentence("By %(day)s no single purchase brings it in time.", day=say.day(route.last_day))
    return say.sentence(
        "Do not buy for it alone: the cheapest way costs %(spend)s, and these points pay %(worth)s at the till.",
        spend=say.money(route.ways[-1].spend),
        worth=say.round_money(route.worth),
    )


def climb_verdict(climb: ClimbRoute, last_day: date) -> str:
    """Say in one sentence whether to buy for a tier."""
    say = speaking()
    if climb.usual_at and say.date_of(climb.usual_at) <= last_day:
        return say.sentence(
            "Buy as you always do: it comes by itself, about %(day)s. There is no need to buy more.",
            day=say.day(climb.usual_at),
        )
    return say.sentence(
        "Do not buy for it alone: look first whether what it gives is worth %(left)s more.", left=climb.left
    )


def _goals() -> Goals:
    member_id = current_member().member_id
    shelf = member_shelf(session(), member_id, now=now())
    stand_by(shelf.rulebook)
    rewards = {place.reward.id: place for place in shelf.places if place.shut in (None, "not_yet")}
    return Goals(shelf, rewards, plan_climb(session(), member_id, language=current_language(), now=now()))


def _form(choices: list[tuple[str, str]], *, today: date) -> RouteForm:
    form = RouteForm(request.args if "by" in request.args else None, data={"by": today + AHEAD})
    form.goal.choices = choices
    form.goal.data = request.args.get("goal", choices[0][0] if choices else "")
    return form


def _check(form: RouteForm, choices: list[tuple[str, str]], *, today: date) -> None:
    form.validate()
    if form.goal.data not in dict(choices):
        form.blame("goal", message=NO_GOAL)
    if form.by.data is None or not today <= form.by.data <= today + FURTHEST:
        form.by.errors = [NO_DAY]


def _reward_route(place: Place, last_day: date) -> Route:
    return plan_route(session(), current_member().member_id, points=place.reward.points, last_day=last_day, now=now())
