"""The timetable, and what each kind of job does."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.members import operations as members
from portal.outbox import operations as outbox
from portal.outbox.job import EVERY_KIND, Chunk, Delivery, Document, GiveUp, Kind, Mine, Together, Work
from portal.outbox.message import read_message
from portal.outbox.senders import Sender, SmsSender, SmtpSender
from portal.outbox.timetable import Timed
from portal.perks import operations as perks
from portal.programme.close_day import close_day
from portal.programme.delivering import FALL_BACK
from portal.programme.judge_tiers import judge_member, judge_tiers
from portal.programme.keep_holidays import keep_holidays
from portal.programme.notices import NOTIFY, NOTIFY_ALIKE, read_notices
from portal.programme.notify_alike import notify_alike
from portal.programme.notify_member import notify_members, write_instead
from portal.programme.redeem_reward import return_unused_rewards
from portal.programme.remind_members import remind_members
from portal.programme.remind_near_tiers import remind_near_tiers
from portal.programme.remind_tiers import remind_tiers
from portal.programme.review_referrals import look_for_signals
from portal.programme.stepping_down import judge_return
from portal.programme.tier_notices import JUDGE, JUDGE_RETURN
from portal.push import operations as push
from portal.push.fan_out import MINE, FanOut
from portal.push.line import Resolve, resolve_publicly
from portal.push.message import Pictures, write_message
from portal.push.sealing import Sealer
from portal.push.traffic import Traffic
from portal.referrals.operations import forget_traces
from portal.web.icons import icons_of
from portal.web.letters import House, write_letter

TIMETABLE = (
    Timed("close_day", when="*/5 * * * *"),
    Timed("forget_browsers", when="47 4 * * *"),
    Timed("forget_codes", when="7 * * * *"),
    Timed("forget_sessions", when="37 4 * * *"),
    Timed("forget_tombstones", when="27 4 * * *"),
    Timed("look_at_referrals", when="57 4 * * *"),
    Timed("judge_tiers", when="*/10 * * * *"),
    Timed("keep_holidays", when="23 * * * *"),
    Timed("purge_outbox", when="17 * * * *"),
    Timed("remind_members", when="*/15 * * * *"),
    Timed("remind_near_tiers", when="*/15 * * * *"),
    Timed("remind_tiers", when="*/15 * * * *"),
    Timed("return_rewards", when="*/30 * * * *"),
)
CLOSED_AT_ONCE = 25  # a till of SQLite waits for no more than these: about 50 ms
JUDGED_AT_ONCE = {"sqlite": 1000, "postgresql": 5000}  # looked at by one statement; only who may rise or fall is read
REMINDED_AT_ONCE = 500  # looked at, of whom a few are told
SESSIONS_STAY = timedelta(days=30)
TOMBSTONES_STAND = timedelta(days=3 * 365)


def kinds(settings: Settings) -> Mapping[str, Kind]:
    """Return every kind of job by its name, as these settings want them done."""
    return {
        "close_day": Work(_close_day),
        "forget_browsers": Work(_forget_browsers),
        "forget_codes": Work(_forget_codes),
        "forget_sessions": Work(_forget_sessions),
        "forget_tombstones": Work(_forget_tombstones),
        FALL_BACK: Work(_write_instead),
        JUDGE: Work(_judge_member),
        JUDGE_RETURN: Work(_judge_return),
        "judge_tiers": Work(_judge_tiers),
        "look_at_referrals": Work(_look_at_referrals),
        "keep_holidays": Work(_keep_holidays),
        NOTIFY: Together(_notify),
        NOTIFY_ALIKE: Work(notify_alike),
        "purge_outbox": Work(_purge_outbox),
        "remind_members": Work(_remind_members),
        "remind_near_tiers": Work(_remind_near_tiers),
        "remind_tiers": Work(_remind_tiers),
        "return_rewards": Work(_return_rewards),
        "send_email": _sending(settings, SmtpSender(settings.smtp_url) if settings.smtp_url else None),
        "send_sms": _sending(settings, SmsSender(settings.sms_url) if settings.sms_url else None),
    }


def kinds_of_worker(settings: Settings) -> Mine:
    """Return which jobs the worker takes: notes to phones are left to `fan_out`, where the shop sends any."""
    return Mine(never=MINE.only) if settings.push_private_key else EVERY_KIND


def fan_out(
    settings: Settings,
    engine: Engine,
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
    resolve: Resolve = resolve_publicly,
    tls: ssl.SSLContext | None = None,
) -> FanOut | None:
    """Return what sends notes to phones as these settings want it; None where the shop has no push key."""
    if not settings.push_private_key:
        return None
    icons = icons_of(settings.icon_folder, hue=settings.brand_hue)
    pictures = Pictures(icon=icons["any-192"].address, badge=icons["badge-96"].address)
    sealer = Sealer(settings.push_private_key, contact=settings.push_contact, clock=clock)
    context = tls or ssl.create_default_context()

    def open_traffic() -> Traffic:
        return Traffic(
            sealer,
            write=lambda note: write_message(note, origin=settings.origin, pictures=pictures),
            clock=clock,
            resolve=resolve,
            tls=context,
        )

    return FanOut(
        engine=engine,
        owner=owner,
        services=settings.push_hosts,
        open_traffic=open_traffic,
        clock=clock,
        stopped=stopped,
    )


def _close_day(session: Session, chunk: Chunk) -> Document | None:
    posted = close_day(session, now=chunk.now, limit=CLOSED_AT_ONCE)
    return {"posted": posted} if posted else None


def _notify(session: Session, jobs: Sequence[Document], now: datetime) -> None:
    notify_members(session, [(job["member"], read_notices(job)) for job in jobs], now=now)


def _write_instead(session: Session, chunk: Chunk) -> None:
    write_instead(session, chunk.arguments["member"], chunk.arguments["message"], now=chunk.now)


def _remind_members(session: Session, chunk: Chunk) -> Document | None:
    return remind_members(session, progress=chunk.progress, now=chunk.now, limit=REMINDED_AT_ONCE)


def _keep_holidays(session: Session, chunk: Chunk) -> Document | None:
    return keep_holidays(session, progress=chunk.progress, now=chunk.now, limit=REMINDED_AT_ONCE)


def _return_rewards(session: Session, chunk: Chunk) -> Document | None:
    return {} if return_unused_rewards(session, now=chunk.now, limit=CLOSED_AT_ONCE) else None


def _judge_member(session: Session, chunk: Chunk) -> None:
    judge_member(session, chunk.arguments["member"], now=chunk.now)


def _judge_return(session: Session, chunk: Chunk) -> None:
    judge_return(session, chunk.arguments["member"], now=chunk.now)


def _judge_tiers(session: Session, chunk: Chunk) -> Document | None:
    return judge_tiers(session, progress=chunk.progress, now=chunk.now, limit=_judged_at_once(session))


def _remind_tiers(session: Session, chunk: Chunk) -> Document | None:
    return remind_tiers(session, progress=chunk.progress, now=chunk.now, limit=_judged_at_once(session))


def _remind_near_tiers(session: Session, chunk: Chunk) -> Document | None:
    return remind_near_tiers(session, progress=chunk.progress, now=chunk.now, limit=_judged_at_once(session))


def _judged_at_once(session: Session) -> int:
    """Return how many members are looked at in a transaction: a till waits for it on SQLite alone."""
    return JUDGED_AT_ONCE[session.get_bind().dialect.name]


def _forget_browsers(session: Session, chunk: Chunk) -> Document | None:
    after = push.forget_lost_browsers(session, after=(chunk.progress or {}).get("after", ""), now=chunk.now)
    return {"after": after} if after else None


def _forget_codes(session: Session, chunk: Chunk) -> None:
    members.forget_codes(session, now=chunk.now)
    perks.forget_guesses(session, now=chunk.now)


def _forget_sessions(session: Session, chunk: Chunk) -> None:
    members.forget_sessions(session, ended_before=chunk.now - SESSIONS_STAY)


def _forget_tombstones(session: Session, chunk: Chunk) -> None:
    members.forget_tombstones(session, before=chunk.now - TOMBSTONES_STAND)


def _look_at_referrals(session: Session, chunk: Chunk) -> None:
    look_for_signals(session, now=chunk.now)
    forget_traces(session, now=chunk.now)


def _purge_outbox(session: Session, chunk: Chunk) -> Document | None:
    outbox.purge_messages(session, now=chunk.now)
    return {} if outbox.purge_jobs(session, now=chunk.now) else None


def _sending(settings: Settings, sender: Sender | None) -> Kind:
    """Send by the server of the settings; without one a demo keeps its messages and a shop buries them."""
    house = House(settings.shop_name, settings.origin, settings.secret_key)

    def send(arguments: Document, _now: datetime) -> None:
        if sender is None:
            raise GiveUp
        sender.send(write_letter(read_message(arguments), house=house))

    def keep(session: Session, chunk: Chunk) -> None:
        message = read_message(chunk.arguments)
        letter = write_letter(message, house=house)
        outbox.keep_message(session, message, subject=letter.subject, text=letter.text, now=chunk.now)

    return Work(keep) if sender is None and settings.demo else Delivery(send)
