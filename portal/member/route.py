"""How to get to a reward by a day: the cheapest honest way, or nothing to buy at all."""

from datetime import date, timedelta

from flask import Blueprint, Response, request
from wtforms import DateField, SelectField

from portal.programme.member_shelf import Place, Shelf, member_shelf
from portal.programme.plan_route import Route, plan_route
from portal.programme.statement import title_in
from portal.web.forms import PortalForm
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language, mark
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.shop import stand_by
from portal.web.speaker import speaking
from portal.web.transactions import session

blueprint = Blueprint("route", __name__)

AHEAD, FURTHEST = timedelta(days=30), timedelta(days=366)
NO_GOAL = mark("Choose what you are saving for.")
NO_DAY = mark("Choose a day from today to a year ahead.")


class RouteForm(PortalForm):
    """What for, and by which day."""

    goal = SelectField(validate_choice=False)
    by = DateField()


@blueprint.get("/route")
@member
def route() -> Response:
    shelf = member_shelf(session(), current_member().member_id, now=now())
    stand_by(shelf.rulebook)
    goals = [place for place in shelf.places if place.shut in (None, "not_yet")]
    today = now().astimezone(shelf.rulebook.zone).date()
    form = _form(goals, today=today)
    place = _chosen(form, goals)
    asked = "by" in request.args
    if asked and goals:
        _check(form, place, today=today)
    found = _route(place, form.by.data) if place and asked and form.by.data and not form.mistakes else None
    return page(
        "member/route.html",
        status=422 if form.mistakes else 200,
        form=form,
        goals=len(goals),
        today=today,
        furthest=today + FURTHEST,
        place=place,
        title=_title(place) if place else "",
        route=found,
        at=now(),
        verdict=verdict(found, shelf) if found else "",
    )


def verdict(route: Route, shelf: Shelf) -> str:
    """Say in one sentence whether to buy for it."""
    say = speaking()
    if not route.lack and shelf.available >= route.points:
        return say.sentence("You have enough. There is nothing to buy.")
    if not route.lack and route.there_at:
        return say.sentence("Do not buy for it: from %(day)s you have enough.", day=say.day(route.there_at))
    if route.usual_at and route.usual_at.astimezone(shelf.rulebook.zone).date() <= route.last_day:
        return say.sentence(
            "Buy as you always do: it comes by itself, about %(day)s. There is no need to buy more.",
            day=say.day(route.usual_at),
        )
    if not route.ways:
        return say.sentence("By %(day)s no single purchase brings it in time.", day=say.day(route.last_day))
    return say.sentence(
        "Do not buy for it alone: the cheapest way costs %(spend)s, and these points pay %(worth)s at the till.",
        spend=say.money(route.ways[-1].spend),
        worth=say.round_money(route.worth),
    )


def _form(goals: list[Place], *, today: date) -> RouteForm:
    form = RouteForm(request.args if "by" in request.args else None, data={"by": today + AHEAD})
    form.goal.choices = [(place.reward.id, _title(place)) for place in goals]
    form.goal.data = request.args.get("goal", goals[0].reward.id if goals else "")
    return form


def _check(form: RouteForm, place: Place | None, *, today: date) -> None:
    form.validate()
    if place is None:
        form.blame("goal", message=NO_GOAL)
    if form.by.data is None or not today <= form.by.data <= today + FURTHEST:
        form.by.errors = [NO_DAY]


def _chosen(form: RouteForm, goals: list[Place]) -> Place | None:
    return next((place for place in goals if place.reward.id == form.goal.data), None)


def _route(place: Place, last_day: date) -> Route:
    return plan_route(session(), current_member().member_id, points=place.reward.points, last_day=last_day, now=now())


def _title(place: Place) -> str:
    return title_in(dict(place.reward.title), current_language())
