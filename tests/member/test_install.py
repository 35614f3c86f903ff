"""Whose steps stand open on the page that tells how to install the app."""

import pytest

from portal.member.install import browser_of, inside_of_another_app
from tests.member.shop import join
from tests.pages import Pages

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
AGENTS = [
    (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "iphone"),
    (f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36", "android"),
    (f"{ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", "samsung"),
    (f"{ANDROID} Chrome/128.0.0.0 YaBrowser/24.10 Mobile Safari/537.36", "yandex"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "firefox"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15", "mac"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36", "computer"),
    ("", "computer"),
]


@pytest.mark.parametrize(("agent", "browser"), AGENTS)
def test_a_browser_is_known_by_what_it_says(agent: str, browser: str) -> None:
    assert browser_of(agent) == browser
    assert not inside_of_another_app(agent)


@pytest.mark.parametrize(
    "agent",
    [
        f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36 Telegram-Android/11.2 (Google Pixel 8)",
        f"{IPHONE} Mobile/22B83 Instagram 356.0.0.28 (iPhone15,2)",
        f"{ANDROID} Version/4.0 Chrome/130 Mobile Safari/537.36 VKAndroidApp/8.100",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Version/4.0 Chrome/130",
    ],
)
def test_the_window_of_a_messenger_is_known(agent: str) -> None:
    assert inside_of_another_app(agent)


def test_the_steps_of_the_own_browser_stand_open_without_a_script(pages: Pages) -> None:
    page = pages.speaking("en").get("/install", headers={"User-Agent": AGENTS[0][0]})
    (open_,) = [each for each in page.find_all("details") if each.get("open") is not None]
    assert "Share" in "".join(open_.itertext())
    assert "another app" not in page.words
    within = pages.get("/install", headers={"User-Agent": "Instagram"})
    assert "Open this page in your browser" in within.words


@pytest.mark.parametrize(("agent", "browser"), AGENTS)
def test_the_button_leads_to_the_steps_and_waits_for_no_browser(pages: Pages, agent: str, browser: str) -> None:
    page = pages.get("/install", headers={"User-Agent": agent})
    links = [(link.get("href"), link.get("hidden")) for link in page.find_all("a", class_="button")]
    invites = browser in ("android", "samsung", "yandex", "computer")
    assert links == ([(f"#way-{browser}", None)] if invites else [])
    (open_,) = [each for each in page.find_all("details") if each.get("open") is not None]
    assert [each.get("id") for each in open_.iter() if each.get("id")] == [f"way-{browser}"]


def test_no_button_promises_what_the_window_of_a_messenger_cannot(pages: Pages) -> None:
    assert not pages.get("/install", headers={"User-Agent": "Android Instagram"}).find_all("a", class_="button")


def test_home_tells_of_the_app_when_it_is_a_good_moment(shop: Pages) -> None:
    home = join(shop.speaking("en"))
    assert home.find("section", class_="moment").get("data-reason-to-install") is not None
    assert not home.find_all("section", class_="install")
    shop.client.set_cookie("install", "1")
    tile = shop.get("/home").find("section", class_="install")
    assert [link.get("href") for link in tile.iter("a")] == ["/install"]
