"""An agent's clients, and the split an agent may give one of them for the next sale (domain.md §3.5)."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from portal.programme.agent_clients import Client, clients_and_splits, split_next_sale
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.effects.base import AccrualEffect
from portal.rulebook.explain import explain_effect
from portal.rulebook.values import title_in
from portal.web.addresses import see_other
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language, gettext
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("clients", __name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """A split by its segment and the words for it."""

    segment: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A client; `waiting` is the split that the next sale takes, "" for the usual terms."""

    member_id: str
    first_name: str = field(repr=False)
    waiting: str


@blueprint.get("/clients")
@member
def clients() -> Response:
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    told = clients_and_splits(session(), current_member().member_id, now=now())
    offers = [Offer(each.segment, title_in(each.title, current_language())) for each in told.splits]
    return page(
        "member/clients.html",
        points=told.points,
        terms=_terms(rulebook),
        offers=offers,
        rows=[_row(client, offers) for client in told.clients],
    )


@blueprint.post("/clients/split")
@member
def split() -> Response:
    """Give a client a split for the next sale, or take it back."""
    agent, client, segment = current_member().member_id, request.form.get("client", ""), request.form.get("split", "")
    split_next_sale(session(), agent, client, segment=segment or None, now=now())
    return see_other("/clients")


def _row(client: Client, offers: list[Offer]) -> Row:
    waiting = next((offer.title for offer in offers if offer.segment == client.split), "")
    return Row(client.member_id, client.first_name or gettext("Member"), waiting)


def _terms(rulebook: Rulebook) -> list[str]:
    """Say what every sale to a client gives, as the rules have it."""
    say, language, year = speaking(), current_language(), now().year
    return [
        say.sentence(
            "From every purchase of a client you get %(what)s.",
            what=explain_effect(effect, rulebook=rulebook, language=language, year=year),
        )
        for rule in rulebook.rules_at(now())
        if not any(each.type == "segment" for each in rule.when.walk())
        for effect in rule.effects
        if isinstance(effect, AccrualEffect) and effect.to == "agent"
    ]
