"""What the browser is told about the app: its manifest, its icons, who may show its pages."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from portal.config import Settings, SettingsError, load_settings
from portal.factory import Portal, create_app
from portal.web.brand import brand_rgb
from portal.web.icons import INKED, SIZES, icons_of
from tests.pages import Pages

LANGUAGES = ("ru", "en")


def manifest_of(app: Portal, language: str) -> dict:
    return json.loads(app.test_client().get(f"/manifest.webmanifest?lang={language}").text)


def opened(app: Portal, address: str) -> Image.Image:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    return Image.open(BytesIO(answer.data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_manifest_is_there_in_its_size(app: Portal, language: str) -> None:
    told = manifest_of(app, language)
    shortcuts = [icon for each in told["shortcuts"] for icon in each["icons"]]
    for image in [*told["icons"], *told["screenshots"], *shortcuts]:
        picture = opened(app, image["src"])
        assert image["sizes"] == f"{picture.width}x{picture.height}"
        assert picture.format == "PNG"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_speaks_its_language_and_is_one_app(app: Portal, language: str) -> None:
    told = manifest_of(app, language)
    assert told["lang"] == language
    assert (told["id"], told["start_url"], told["scope"]) == ("/?app=club", "/?source=pwa", "/")
    assert {each["form_factor"] for each in told["screenshots"]} == {"narrow", "wide"}
    assert told["shortcuts"][0]["name"] == {"ru": "Карта", "en": "Card"}[language]


def test_icons_for_masks_and_themes_are_files_of_their_own(app: Portal) -> None:
    icons = manifest_of(app, "en")["icons"]
    assert {(icon["purpose"], icon["sizes"]) for icon in icons} >= {
        ("any", "192x192"),
        ("any", "512x512"),
        ("maskable", "512x512"),
        ("monochrome", "512x512"),
    }
    assert len({icon["src"] for icon in icons}) == len(icons)


def test_a_page_links_the_manifest_of_its_language(app: Portal) -> None:
    page = Pages(app).speaking("en").get("/")
    assert page.find("link", rel="manifest").get("href") == "/manifest.webmanifest?lang=en"
    assert page.find("link", rel="apple-touch-icon").get("href", "").startswith("/icons/apple-180.")


@pytest.mark.parametrize(
    ("name", "short", "told"),
    [
        ("Foam", "", "Foam"),
        ("Foam and Ferns Cosmetics", "", "Foam and"),
        ("Косметологическая", "", "Косметологич"),
        ("Foam and Ferns", "F&F", "F&F"),
    ],
)
def test_the_name_under_the_icon_fits(settings: Settings, name: str, short: str, told: str) -> None:
    app = create_app(settings.model_copy(update={"shop_name": name, "shop_short_name": short}))
    assert manifest_of(app, "ru")["short_name"] == told


@pytest.mark.parametrize("hue", [0, 90, 265])
def test_our_icons_wear_the_hue_of_the_shop(hue: int) -> None:
    brand, turned = brand_rgb(hue)
    picture = Image.open(BytesIO(icons_of(None, hue=hue)["maskable-512"].body)).convert("RGB")
    assert picture.getpixel((256, 20)) == brand
    assert picture.getpixel((256, 500)) == turned


def test_what_is_kept_within_the_mask_is_whole() -> None:
    """All that is white lies in the middle 80 %, which no mask cuts."""
    picture = Image.open(BytesIO(icons_of(None, hue=265)["maskable-512"].body)).convert("RGB")
    white = picture.point(lambda level: 255 if level > 250 else 0).convert("L").point(lambda level: level // 255 * 255)
    left, top, right, bottom = white.getbbox() or (0, 0, 0, 0)
    assert min(left, top) >= 51
    assert max(right, bottom) <= 461


def test_a_shop_puts_its_own_icon_in_the_place_of_ours(settings: Settings, tmp_path: Path) -> None:
    Image.new("RGB", (192, 192), "red").save(tmp_path / "any-192.png")
    app = create_app(settings.model_copy(update={"icon_folder": tmp_path}))
    icons = {icon["sizes"]: icon["src"] for icon in manifest_of(app, "en")["icons"] if icon["purpose"] == "any"}
    assert opened(app, icons["192x192"]).convert("RGB").getpixel((0, 0)) == (255, 0, 0)
    assert opened(app, icons["512x512"]).size == (512, 512)


def test_an_icon_of_another_size_is_told_at_the_start(tmp_path: Path) -> None:
    Image.new("RGB", (180, 180)).save(tmp_path / "any-192.png")
    with pytest.raises(SettingsError, match=r"any-192\.png is no PNG of 192 by 192"):
        icons_of(tmp_path, hue=0)
    (tmp_path / "any-192.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"any-192\.png"):
        icons_of(tmp_path, hue=0)


def test_a_folder_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no folder"):
        icons_of(tmp_path / "nowhere", hue=0)


def test_every_icon_that_a_shop_may_replace_stands_in_the_operations_page() -> None:
    operations = Path(__file__).parents[2].joinpath("docs/operations.md").read_text("utf-8")
    for name in SIZES:
        assert f"`{name}.png`" in operations or name.startswith("screen-"), name


def test_inks_and_plain_pictures_are_told_apart() -> None:
    folder = Path(__file__).parents[2] / "static/img/app"
    for name in INKED:
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.mode == "P"


def test_an_iphone_gets_no_hole_in_its_icon() -> None:
    """It paints what is see-through black."""
    assert "transparency" not in Image.open(BytesIO(icons_of(None, hue=265)["apple-180"].body)).info


def test_search_engines_see_what_tells_of_the_programme_alone(app: Portal) -> None:
    answer = app.test_client().get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines()[-1] == "Disallow: /"
    assert "Allow: /$" in answer.text


def test_settings_of_the_brand_are_checked() -> None:
    with pytest.raises(SettingsError):
        load_settings(_env_file=None, shop_short_name="Thirteen chars")


@pytest.mark.parametrize("path", ["/", "/join"])
@pytest.mark.parametrize(("language", "locale"), [("ru", "ru_RU"), ("en", "en_GB")])
def test_a_link_that_is_sent_to_somebody_has_words_and_a_picture(
    settings: Settings, path: str, language: str, locale: str
) -> None:
    app = create_app(settings.model_copy(update={"shop_name": "Foam", "base_url": "https://foam.example"}))
    page = Pages(app).speaking(language).get(path)
    told = {str(meta.get("property")): str(meta.get("content")) for meta in page.find_all("meta")}
    assert told["og:url"] == f"https://foam.example{path}"
    assert told["og:site_name"] == "Foam"
    assert told["og:locale"] == locale
    assert told["og:title"]
    picture = opened(app, told["og:image"].removeprefix("https://foam.example"))
    assert picture.size == (1200, 630)


def test_pages_of_a_member_are_no_link_to_send(app: Portal) -> None:
    assert not Pages(app).get("/sign-in").find_all("meta", property="og:image")


def test_every_entry_under_a_long_press_leads_somewhere(app: Portal) -> None:
    endpoints = app.url_map.bind("localhost")
    for entry in manifest_of(app, "en")["shortcuts"]:
        assert endpoints.match(entry["url"])
