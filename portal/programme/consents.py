"""What members are asked to agree to, in the exact words they are shown: new words, new version (security.md §5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from portal.members.operations.consents import Answer, add_consent_text, record_consents

Language = Literal["ru", "en"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Consent:
    """One thing to agree to. `key` names purpose and channel together, as the API does: `marketing:email`.

    `version` is the purpose's, so each channel counts its own. `needed`: without it there is no membership. `titles`
    name it in lists, `texts` are what is agreed to.
    """

    key: str
    version: str
    needed: bool = False
    titles: Mapping[Language, str]
    texts: Mapping[Language, str]

    @property
    def purpose(self) -> str:
        return self.key.partition(":")[0]

    @property
    def channel(self) -> str | None:
        return self.key.partition(":")[2] or None


PROGRAMME = Consent(
    key="programme",
    version="2",
    needed=True,
    titles={"ru": "Карта и баллы", "en": "Card and points"},
    texts={
        "ru": "Даю магазину согласие на обработку моего имени, телефона или e-mail, дня рождения, если я его укажу, и "
        "покупок по карте\u00a0– чтобы вести карту и считать баллы, пока я участвую в программе.",
        "en": "I agree that the shop processes my name, my phone or e-mail, my birthday if I tell it, and purchases "
        "made with the card – to keep the card and count the points while I am a member.",
    },
)
BY_EMAIL = Consent(
    key="marketing:email",
    version="email-2",
    titles={"ru": "Новости по e-mail", "en": "News by e-mail"},
    texts={
        "ru": "Даю согласие на новости и предложения магазина по e-mail.",
        "en": "I agree to get news and offers of the shop by e-mail.",
    },
)
BY_PUSH = Consent(
    key="marketing:push",
    version="push-2",
    titles={"ru": "Новости в уведомлениях", "en": "News by notifications"},
    texts={
        "ru": "Даю согласие на новости и предложения магазина в уведомлениях на телефоне.",
        "en": "I agree to get news and offers of the shop by notifications on my phone.",
    },
)
BY_SMS = Consent(
    key="marketing:sms",
    version="sms-2",
    titles={"ru": "Новости по SMS", "en": "News by SMS"},
    texts={
        "ru": "Даю согласие на новости и предложения магазина по SMS.",
        "en": "I agree to get news and offers of the shop by SMS.",
    },
)
CONSENTS = {consent.key: consent for consent in (PROGRAMME, BY_EMAIL, BY_SMS, BY_PUSH)}


def consents_for(channel: Literal["email", "phone"]) -> tuple[Consent, ...]:
    """Return what a newcomer with a contact of this kind is asked."""
    return (PROGRAMME, BY_EMAIL if channel == "email" else BY_SMS)


def record_answers(
    session: Session,
    member_id: str,
    answers: Iterable[tuple[Consent, bool]],
    *,
    language: Language,
    source: str,
    proof: str | None,
    now: datetime,
) -> None:
    """Keep the words that were shown, once, and what was answered; `source` and `proof` as in `record_consents`."""
    told = []
    for consent, granted in answers:
        words = {"purpose": consent.purpose, "version": consent.version, "language": language}
        add_consent_text(session, **words, text=consent.texts[language], now=now)
        told.append(Answer(**words, granted=granted, channel=consent.channel))
    record_consents(session, member_id, told, source=source, proof=proof, now=now)
