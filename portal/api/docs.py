"""The description of the API: for machines, and for people without anybody else's script."""

from dataclasses import dataclass
from functools import cache

from flask import Response, jsonify

from portal.api.openapi import Document, describe
from portal.api.outline import sections, shapes
from portal.api.problems import DETAILS, OWN_CODES
from portal.api.registry import Api
from portal.errors import Refused
from portal.web.guards import public
from portal.web.language import gettext
from portal.web.render import page
from portal.web.transactions import opens_its_own


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stable code of a problem, its status and what it says."""

    code: str
    status: int
    text: str


def describe_at_docs(api: Api) -> None:
    """Serve the description of all operations, as JSON and as a page; it is made when first asked for."""

    @cache
    def document() -> Document:
        return describe(api.operations, prefix=api.blueprint.url_prefix or "")

    def openapi() -> Response:
        return jsonify(document())

    def docs() -> Response:
        told = document()
        return page("api/docs.html", sections=sections(told), shapes=shapes(told), refusals=refusals())

    for path, view in (("/openapi.json", openapi), ("/docs", docs)):
        api.blueprint.add_url_rule(path, view.__name__, public(opens_its_own(view)))


def refusals() -> list[Refusal]:
    """Return what a story or the door itself may answer with, by its code, in the language of the page."""
    found = {code: (status, DETAILS[status]) for code, status in OWN_CODES.items()}
    found |= {kind.code: (kind.status, kind.text) for kind in _subclasses(Refused)}
    return [Refusal(code, status, gettext(text)) for code, (status, text) in sorted(found.items())]


def _subclasses(kind: type[Refused]) -> list[type[Refused]]:
    return [each for direct in kind.__subclasses__() for each in (direct, *_subclasses(direct))]
