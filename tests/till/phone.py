"""A member's phone beside the till of the tests: signed in, its card drawing the code."""

from dataclasses import dataclass
from typing import Any

from portal.members import operations as members
from portal.members import queries
from portal.members.lookup import by_id
from portal.members.rotating_code import draw_code, window_at
from tests.pages import Page, Pages
from tests.till.shop import Till


@dataclass
class Phone:
    """Ada's phone: her sign-in, and the code that her card shows on it."""

    till: Till
    pages: Pages
    session_id: str

    def code(self) -> str:
        def draw(session: Any) -> str:
            device = queries.find_card_device(session, self.session_id)
            number = queries.find_person(session, by_id(self.till.ada)).card_number
            return draw_code(number, key=device.key, window=window_at(self.till.now))

        return self.till.write(draw)

    def waiting(self) -> str:
        """Return the page that the open app finds by itself."""
        answer = self.pages.client.get("/approve/open")
        return answer.text if answer.status_code == 200 else ""

    def answer(self, page: str, answer: str, *, code: str | None = None) -> Page:
        told = {"answer": answer, "code": self.code() if code is None else code}
        return self.pages.post(page, told)


def sign_in(till: Till, member_id: str, **ago: int) -> Phone:
    """Sign a member in, an hour ago where nothing else is said: the typed code is no proof any more then."""
    pages = Pages(till.pages.app).speaking("en")
    opened = till.write(lambda session: members.open_session(session, member_id, user_agent="", now=till.now))
    with pages.client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = opened.token, True
    till.wait(**(ago or {"hours": 1}))
    till.sign_in()
    return Phone(till, pages, opened.id)
