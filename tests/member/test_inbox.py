"""The inbox and the choices about messages, as a browser without JavaScript sees them."""

from datetime import timedelta
from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.member.inbox import HELD, ICONS
from portal.member.messages import ChoicesForm
from portal.members.lookup import by_email
from portal.members.queries import find_person, has_consented
from portal.notifications.budget import Reason
from portal.notifications.kinds import KINDS
from portal.notifications.queries import preference_of
from portal.notifications.topics import CHOSEN as CHOSEN_TOPICS
from portal.rulebook.receipt import Line
from portal.web.unsubscribing import unsubscribe_address
from tests.conftest import SECRET
from tests.member.shop import NOW, buy, join, shown_code
from tests.notifications.post import choose, tell, work_off
from tests.pages import Page, Pages

DAY = timedelta(days=1)
SOON = NOW + timedelta(seconds=1)
CHOSEN = {
    "purchases": "y",
    "points": "y",
    "answers": "y",
    "push": "y",
    "letters": "important",
    "most_in_a_week": "2",
    "quiet": "y",
    "quiet_from": "21:00",
    "quiet_until": "09:00",
    "time_zone": "",
}


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of Ada, who joined just now and read nothing yet."""
    join(shop.speaking("en"))
    work_off(sqlite, now=NOW)
    return shop


def ada_id(engine: Engine) -> str:
    with transaction(engine, writes=False) as session:
        person = find_person(session, by_email("ada@example.com"))
        assert person is not None
        return person.id


def unread(pages: Pages, path: str = "/home") -> str:
    return pages.get(path).find("a", class_="bell").findtext("span[@class='bell-count figures']") or ""


def opened(pages: Pages, position: int = 0) -> Page:
    return pages.get(pages.get("/inbox").find_all("a", class_="message")[position].get("href") or "")


def test_a_newcomer_finds_a_welcome_and_the_bell_counts_it(ada: Pages):
    page = ada.get("/inbox")
    assert page.heading == "Messages"
    assert "300 points for joining" in page.words
    assert unread(ada) == "1"


@pytest.mark.parametrize("path", ["/history", "/offers", "/rewards", "/calculator", "/profile"])
def test_the_bell_counts_on_every_page_in_the_statement_of_the_sign_in(ada: Pages, path: str):
    assert unread(ada, path) == "1"
    (counting,) = [each for each in ada.get(path).statements if "message.read_at" in each]
    assert "login_session" in counting


def test_a_purchase_comes_with_what_it_brought(ada: Pages, sqlite: Engine):
    buy(sqlite, "ada@example.com", Line(n=1, gross=240000), at=SOON)
    work_off(sqlite, now=SOON)
    page = opened(ada)
    assert page.heading == "+120 points"
    assert "Your card was shown at the till." in page.words
    assert ada.get(page.find_all("a", class_="button")[0].get("href") or "").status == 200


def test_points_paid_are_told_with_what_is_left(ada: Pages, sqlite: Engine):
    tell(sqlite, ada_id(sqlite), "redemption", now=SOON)
    work_off(sqlite, now=SOON)
    page = opened(ada)
    assert page.heading == "200 points paid"
    assert "Earned by the purchase: 15 points. Left: 85 points. If it was not you, tell the shop at once." in page.words


def test_looking_marks_nothing_and_the_button_marks_everything_shown(ada: Pages, sqlite: Engine):
    tell(sqlite, ada_id(sqlite), "purchase", now=NOW)
    work_off(sqlite, now=NOW)
    page = ada.get("/inbox")
    opened(ada)
    assert unread(ada) == "2"
    up_to = page.find("input", name="up_to").get("value")
    tell(sqlite, ada_id(sqlite), "purchase", now=NOW + timedelta(seconds=1), cause="later")
    work_off(sqlite, now=NOW + timedelta(seconds=1))
    ada.follow(ada.post("/inbox/read", {"up_to": up_to}))
    assert unread(ada) == "1"  # what came after the page was shown stays unread


def test_one_message_is_marked_alone(ada: Pages, sqlite: Engine):
    tell(sqlite, ada_id(sqlite), "purchase", now=SOON)
    work_off(sqlite, now=SOON)
    page = opened(ada)
    answer = ada.follow(ada.post("/inbox/read", {"message": page.find("input", name="message").get("value")}))
    assert answer.find_all("form", action="/inbox/read") == []
    assert unread(ada) == "1"


@pytest.mark.parametrize("told", [{}, {"up_to": "soon"}, {"up_to": "9" * 30}])
def test_a_mark_that_says_nothing_is_refused(ada: Pages, told: dict[str, str]):
    assert ada.post("/inbox/read", told).status == 400


def test_what_is_held_back_stands_there_with_its_reason(ada: Pages, sqlite: Engine):
    choose(sqlite, ada_id(sqlite), silenced=frozenset({"points"}), now=NOW)
    tell(sqlite, ada_id(sqlite), "points_expiring", now=NOW)
    tell(sqlite, ada_id(sqlite), "privilege_opened", now=NOW)
    work_off(sqlite, now=NOW)
    words = ada.get("/inbox").words
    assert "Held back: you switched this topic off" in words
    assert "Held back: you did not agree to news" in words
    assert unread(ada) == "1"  # the welcome alone


def test_the_inbox_goes_on_page_by_page(ada: Pages, sqlite: Engine):
    for number in range(45):
        tell(sqlite, ada_id(sqlite), "purchase", now=NOW + timedelta(seconds=number // 2), cause=str(number))
    work_off(sqlite, now=NOW + DAY)
    first = ada.get("/inbox")
    address = next(a.get("href") or "" for a in first.find_all("a") if "before=" in (a.get("href") or ""))
    for second in (ada.get(address), ada.part(address, target="div#more")):
        shown = [a.get("href") for page in (first, second) for a in page.find_all("a", class_="message")]
        assert (len(shown), len(set(shown))) == (46, 46)


def test_an_empty_inbox_says_what_will_be_there(ada: Pages, sqlite: Engine):
    with transaction(sqlite, writes=True) as session:
        session.execute(text("delete from delivery"))
        session.execute(text("delete from message"))
    assert "Nothing has come yet." in ada.get("/inbox").words


def test_another_members_message_is_not_there(ada: Pages, sqlite: Engine, app: Flask):
    theirs = opened(ada).answer.request.path
    ben = Pages(app)
    join(ben, name="Ben", contact="ben@example.com")
    assert ben.get(theirs).status == 404
    ben.post("/inbox/read", {"message": theirs.rpartition("/")[2]})
    assert unread(ada) == "1"


def test_the_bell_costs_home_no_statement_and_the_inbox_needs_four(ada: Pages):
    ada.get("/inbox")
    assert len(ada.get("/home").statements) <= 2
    assert len(ada.get("/inbox").statements) <= 4


def test_both_pages_speak_russian(ada: Pages, sqlite: Engine):
    ada.post("/language", {"language": "ru", "next": "/inbox"})
    assert "300 баллов за вступление" in ada.get("/inbox").words
    assert ada.get("/profile/messages").heading == "О чём и куда сообщать"


def test_choices_are_kept_and_shown_again(ada: Pages, sqlite: Engine):
    told = CHOSEN | {"letters": "all", "most_in_a_week": "5", "quiet_from": "22:30", "time_zone": "Asia/Kamchatka"}
    del told["purchases"]
    page = ada.follow(ada.post("/profile/messages", told))
    assert "Saved." in page.words
    assert page.find("input", name="quiet_from").get("value") == "22:30"
    assert page.find("input", name="purchases").get("checked") is None
    assert page.find("option", value="Asia/Kamchatka").get("selected") is not None
    with transaction(sqlite, writes=False) as session:
        kept = preference_of(session, ada_id(sqlite))
    assert (kept.silenced, kept.letters, kept.most_in_a_week) == ({"purchases", "offers"}, "all", 5)


def test_each_time_that_is_missing_is_named(ada: Pages):
    page = ada.post("/profile/messages", CHOSEN | {"quiet_from": "", "quiet_until": ""})
    told = [link.text for link in page.find_all("a") if link.get("href", "").startswith("#quiet")]
    assert told == ["Say when the quiet hours begin, as 21:00.", "Say when the quiet hours end, as 09:00."]


def test_quiet_hours_can_be_done_without(ada: Pages, sqlite: Engine):
    told = CHOSEN | {"quiet_from": "", "quiet_until": ""}
    del told["quiet"]
    assert ada.post("/profile/messages", told).status == 303
    with transaction(sqlite, writes=False) as session:
        assert preference_of(session, ada_id(sqlite)).quiet is None


def test_the_shops_own_clock_can_be_taken_back(ada: Pages, sqlite: Engine):
    ada.post("/profile/messages", CHOSEN | {"time_zone": "Asia/Kamchatka"})
    ada.post("/profile/messages", CHOSEN)
    with transaction(sqlite, writes=False) as session:
        person = find_person(session, by_email("ada@example.com"))
    assert person is not None
    assert person.time_zone is None


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"letters": "some"}, "letters"),
        ({"most_in_a_week": "8"}, "most_in_a_week"),
        ({"most_in_a_week": "-1"}, "most_in_a_week"),
        ({"most_in_a_week": "many"}, "most_in_a_week"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"quiet_until": ""}, "quiet_until"),
        ({"quiet_until": "21:00"}, "quiet_until"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
    ],
)
def test_a_choice_nobody_can_make_is_told_beside_its_field(
    ada: Pages, sqlite: Engine, told: dict[str, str], field: str
):
    page = ada.post("/profile/messages", CHOSEN | told | {"offers": "y"})
    assert page.status == 422
    assert page.find("a", href=f"#{field}") is not None
    with transaction(sqlite, writes=False) as session:
        assert session.scalar(text("select count(*) from preference")) == 0


def test_news_say_by_what_they_may_come(ada: Pages):
    assert "You did not agree to any yet" in ada.get("/profile/messages").words
    ada.post("/profile/consents", {"consent": "marketing:push", "decision": "granted"})
    assert "Only by what you agreed to: notifications." in ada.get("/profile/messages").words


def test_news_by_e_mail_end_by_one_post_without_a_sign_in(ada: Pages, sqlite: Engine, app: Flask):
    ada.post("/profile/consents", {"consent": "marketing:email", "decision": "granted"})
    member_id = ada_id(sqlite)
    address = unsubscribe_address(member_id, origin="", secret=SECRET)
    reader = Pages(app).speaking("en")
    assert "Send no more news" in reader.get(address).words
    assert _agrees(sqlite, member_id)  # looking changes nothing
    posted = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})  # as a mail program does
    assert posted.status_code == 200
    assert not _agrees(sqlite, member_id)
    assert "Done:" in reader.get(address).words
    assert "Done:" in reader.post(address).words


@pytest.mark.parametrize("token", ["nonsense", "ImFkYSI.c2lnbmVkIGJ5IG5vYm9keQ"])
def test_a_token_nobody_signed_ends_nothing(shop: Pages, token: str):
    assert shop.get(f"/unsubscribe/{token}").status == 404
    assert shop.post(f"/unsubscribe/{token}").status == 404


def test_a_second_sign_in_is_told(ada: Pages, sqlite: Engine, app: Flask):
    other = Pages(app)
    app.extensions["clock"] = lambda: SOON
    join_again(other.speaking("en"))
    work_off(sqlite, now=SOON)
    assert opened(ada).heading == "A new sign-in to your card"


def join_again(pages: Pages) -> None:
    code = shown_code(pages.follow(pages.post("/sign-in", {"contact": "ada@example.com"})))
    pages.follow(pages.post("/code", {"code": code}))


def _agrees(engine: Engine, member_id: str) -> bool:
    with transaction(engine, writes=False) as session:
        return has_consented(session, member_id, purpose="marketing", channel="email")


def test_every_kind_reason_and_topic_has_its_place_on_the_pages():
    assert set(ICONS) == set(KINDS)
    assert set(HELD) == {*get_args(Reason), "silenced"}
    assert all(hasattr(ChoicesForm, topic.name) for topic in CHOSEN_TOPICS)
