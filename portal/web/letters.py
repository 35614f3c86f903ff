"""Messages put into words, in the member's language, from `templates/email/<template>.{subject,txt,html,sms}`."""

from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.config import ROOT
from portal.outbox.message import Letter, Message
from portal.web.language import catalogue
from portal.web.unsubscribing import unsubscribe_address

FOLDER = ROOT / "templates" / "email"


@dataclass(frozen=True, slots=True)
class House:
    """Who writes: the shop's name, the address of its portal, and the secret that signs ways back."""

    shop: str
    origin: str
    secret: str = field(repr=False)


def write_letter(message: Message, *, house: House) -> Letter:
    """Put a message into words. An SMS has a text only, from the template's `.sms`; e-mail has all of the others.

    A message whose facts name the member it `unsubscribes` is news, and says how to end them.
    """
    member_id = message.facts.get("unsubscribes")
    unsubscribe = unsubscribe_address(member_id, origin=house.origin, secret=house.secret) if member_id else None
    facts = {**message.facts, "shop": house.shop, "origin": house.origin, "language": message.language}
    facts["unsubscribe"] = unsubscribe

    def written(form: str) -> str:
        return _environment(message.language).get_template(f"{message.template}.{form}").render(facts).strip()

    if message.channel == "sms":
        return Letter(recipient=message.recipient, subject="", text=written("sms"), html=None)
    subject = " ".join(written("subject").split())  # a header is one line
    return Letter(message.recipient, subject, text=written("txt"), html=written("html"), unsubscribe=unsubscribe)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
    )
    spoken = catalogue(language)
    environment.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)  # pyrefly: ignore
    return environment
