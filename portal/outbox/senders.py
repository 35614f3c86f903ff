"""Who carries a letter: a mail server or an SMS gateway of the operator's settings.

`SMTP_URL` is `smtp://name:password@host:587/?from=shop@example.org` (STARTTLS wherever the server offers it) or
`smtps://…` (TLS from the start). `SMS_URL` either holds `{to}` and `{text}` and is called by GET with them filled in,
or is sent `{"to": …, "text": …}` as JSON by POST.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

import requests

from portal.outbox.job import GiveUp, TryLater
from portal.outbox.message import Letter
from portal.outbox.outbound import CONNECT_SECONDS, READ_SECONDS, session_for

_GATEWAY_REST = timedelta(minutes=1)


class Sender(Protocol):
    """Carries a letter out of the house."""

    def send(self, letter: Letter) -> None:
        """Send once. Raises `GiveUp` when the recipient is refused for good, anything else to be tried again."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Sends e-mail through the operator's mail server."""

    url: str

    def send(self, letter: Letter) -> None:
        parts = urlsplit(self.url)
        try:
            with _connected(parts) as server:
                server.send_message(_email(letter, sender=_sender(parts)))
        except smtplib.SMTPRecipientsRefused as refusal:
            if all(code >= 500 for code, _ in refusal.recipients.values()):
                raise GiveUp from refusal
            raise


@dataclass(frozen=True, slots=True)
class SmsSender:
    """Sends SMS through an HTTP gateway."""

    url: str

    def send(self, letter: Letter) -> None:
        answer = self._call(letter)
        if answer.status_code == 429:
            raise TryLater(_asked_rest(answer))
        if 300 <= answer.status_code < 500:
            raise GiveUp
        answer.raise_for_status()

    def _call(self, letter: Letter) -> requests.Response:
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with session_for(urlsplit(self.url).hostname or "") as session:
            if "{to}" in self.url:
                url = self.url.replace("{to}", quote(letter.recipient, safe=""))
                url = url.replace("{text}", quote(letter.text, safe=""))
                return session.get(url, timeout=timeout, allow_redirects=False)
            body = {"to": letter.recipient, "text": letter.text}
            return session.post(self.url, json=body, timeout=timeout, allow_redirects=False)


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=CONNECT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=CONNECT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _sender(parts: SplitResult) -> str:
    return parse_qs(parts.query).get("from", [f"noreply@{parts.hostname}"])[0]


def _email(letter: Letter, *, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.recipient, letter.subject
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _asked_rest(answer: requests.Response) -> timedelta:
    asked = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(asked), 3600)) if asked.isdecimal() else _GATEWAY_REST
