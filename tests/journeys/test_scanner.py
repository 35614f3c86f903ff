"""The till's scanner in a real browser: a film for a camera, a camera that is refused, a photo, a hand scanner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Page, Route, expect
from sqlalchemy import Engine

from portal import clock
from portal.catalogue.goods import Goods
from portal.catalogue.operations import put_goods
from portal.members.card_numbers import new_card_number
from portal.staff import operations as staff
from tests.scanning import scan
from tests.serving import served
from tests.till.film import draw_phone, make_film
from tests.till.shop import TIM_PIN, Till
from tests.waiting import wait_for
from tests.watching import silent

pytestmark = pytest.mark.browser
REFUSED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"


@pytest.fixture
def shop(sqlite: Engine) -> Till:
    return Till(sqlite, now=clock.now())


@pytest.fixture
def open_till(shop: Till) -> Iterator[Callable[[Browser], Any]]:
    """Serve the shop on loopback and let browsers in as its till with Tim on shift."""
    shop.pages.app.extensions["clock"] = clock.now
    code = shop.invite()
    device = shop.write(lambda session: staff.enrol_till(session, code, now=shop.now))
    shift = shop.write(
        lambda session: staff.start_shift(session, device.device, staff_id=shop.tim, pin=TIM_PIN, now=shop.now)
    )
    tokens = {"till": device.token, "shift": shift.token}

    @contextmanager
    def opened(browser: Browser, **how: Any) -> Iterator[Page]:
        how = {"locale": "en-GB", "viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"} | how
        with browser.new_context(base_url=address, **how) as context:
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in tokens.items()])
            with silent(context.new_page()) as page:
                yield page

    with served(shop.pages.app) as address:
        yield opened


def test_the_camera_reads_two_codes_of_a_film(
    shop: Till, open_till: Any, browser_type: BrowserType, browser_type_launch_args: dict, tmp_path: Path
) -> None:
    nobody = new_card_number()
    film = make_film(tmp_path / "film.mjpeg", [nobody, shop.code()])
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    camera += [f"--use-file-for-fake-video-capture={film}", *browser_type_launch_args["args"]]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": camera})
    with open_till(browser) as page:
        page.goto("/till")
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.get_by_role("main")).to_contain_text("There is no such member.")
        expect(page.get_by_role("heading", level=1)).to_have_text("Purchase", timeout=10_000)
        expect(page.get_by_role("main")).to_contain_text("May spend points")
    browser.close()


def test_a_refused_camera_says_how_to_go_on_and_a_photo_does(
    shop: Till, open_till: Any, browser: Browser, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.png"
    draw_phone(shop.card()).save(photo)
    with open_till(browser) as page:
        page.add_init_script(REFUSED)
        page.goto("/till")
        page.get_by_role("button", name="Scan with the camera").click()
        told = page.get_by_role("alert")
        expect(told).to_contain_text("The browser does not let this page use the camera.")
        expect(told).to_contain_text("Press the sign left of the address")
        expect(told).to_contain_text("type the number below the code")
        expect(page.get_by_role("button", name="Scan with the camera")).to_be_focused()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.get_by_role("main")).to_contain_text("Earns only")


def test_a_hand_scanner_is_heard_wherever_the_focus_is(shop: Till, open_till: Any, browser: Browser) -> None:
    with open_till(browser) as page:
        page.goto("/till")
        page.get_by_role("button", name="Lock").focus()
        scan(page, shop.card())
        expect(page.get_by_role("main")).to_contain_text("Earns only")
        page.goto("/till")
        page.get_by_role("button", name="Lock").focus()
        scan(page, shop.card(), enter=False)
        expect(page.get_by_role("main")).to_contain_text("Earns only")


def test_what_is_scanned_before_the_page_listens_is_no_sum(shop: Till, open_till: Any, browser: Browser) -> None:
    soap = Goods(sku="SOAP", title="Soap", price=9900, barcode="2000000000015")
    shop.write(lambda session: put_goods(session, [soap]))
    late: list[Route] = []

    def hold_back(route: Route) -> None:
        late.append(route)

    with open_till(browser, service_workers="block") as page:
        page.goto("/till")
        page.route("**/js/till-wedge.js", hold_back)
        scan(page, shop.card())
        expect(page.locator("#line1-price")).to_be_focused()
        expect(page.locator("[data-camera-start]")).to_be_disabled()
        scan(page, soap.barcode, enter=False)
        wait_for(page, lambda: bool(late))
        page.unroute("**/js/till-wedge.js")
        expect(page.locator("#quote")).to_contain_text("RUB 99.00")


def test_a_lost_network_loses_no_sale_and_doubles_none(shop: Till, open_till: Any, browser: Browser) -> None:
    with open_till(browser) as page:
        page.goto("/till")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.get_by_label("Code, card number or phone").fill(shop.card())
        page.keyboard.press("Enter")
        page.get_by_label("Amount of the receipt").fill("1000")
        page.keyboard.press("Enter")
        expect(page.locator("#quote")).to_contain_text("RUB 1,000.00")
        page.context.set_offline(True)
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was sent and nothing is lost")
        page.context.set_offline(False)
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recorded")
        page.context.set_offline(True)
        page.get_by_role("link", name="Return").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    assert shop.count("receipt") == 1
