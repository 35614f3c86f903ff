"""Who stands at the till."""

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.problems import Problem, of_refusal
from portal.api.values import Document, Shown
from portal.errors import Refused
from portal.members.lookup import by_code
from portal.programme.identify_member import IdentifiedAnswer, identify_member
from portal.web.transactions import afterwards, session


class CodeBody(Document):
    """What was scanned or typed: the 26 digits of the phone or the number on the card."""

    code: Shown


@api.operation(
    "POST",
    "/members/identify",
    summary="Tell who shows a card",
    scopes=("till", "shop", "admin"),
    body=CodeBody,
    answers={200: IdentifiedAnswer},
    nature="notes afterwards",
    asks_for_key=True,
)
def identify(caller: Caller, *, body: CodeBody) -> IdentifiedAnswer | Problem:
    """Tell who a code means, how it was proved, the balance and what is due to them."""
    found = identify_member(session(), by_code(body.code), command=caller.command(), notes=afterwards())
    return of_refusal(found) if isinstance(found, Refused) else found
