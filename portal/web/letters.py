"""Messages put into words, in the member's language, from `templates/email/<template>.{subject,txt,html,sms}`."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.config import ROOT
from portal.outbox.message import Letter, Message
from portal.web.language import catalogue

FOLDER = ROOT / "templates" / "email"


def write_letter(message: Message, *, shop: str) -> Letter:
    """Put a message into words. An SMS has a text only, from the template's `.sms`; e-mail has all of the others."""
    facts = {**message.facts, "shop": shop, "language": message.language}

    def written(form: str) -> str:
        return _environment(message.language).get_template(f"{message.template}.{form}").render(facts).strip()

    if message.channel == "sms":
        return Letter(recipient=message.recipient, subject="", text=written("sms"), html=None)
    subject = " ".join(written("subject").split())  # a header is one line
    return Letter(recipient=message.recipient, subject=subject, text=written("txt"), html=written("html"))


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
