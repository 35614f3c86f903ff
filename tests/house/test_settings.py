import re

import pytest

from portal.config import PREFIX, ROOT, Settings, SettingsError, load_settings
from portal.vapid import make_private_key

NAMES = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}
EXAMPLE = dict(re.findall(r"^(PORTAL_\w+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
TABLE = dict(
    re.findall(r"^\| `(PORTAL_\w+)` \| ([^|]+) \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE)
)
KEY = make_private_key()


def test_every_setting_stands_in_the_example_and_nothing_else():
    assert EXAMPLE.keys() == NAMES.keys()


def test_every_setting_stands_in_the_operations_page_and_nothing_else():
    assert TABLE.keys() == {name for name in NAMES if not name.endswith("_FILE")}


@pytest.mark.parametrize("name", [name for name, value in EXAMPLE.items() if value])
def test_the_documents_tell_the_default(name: str):
    default = NAMES[name].default
    told = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    assert EXAMPLE[name].lower() == told.lower()
    assert TABLE[name].strip("` ").lower() == told.lower()


def test_every_setting_has_an_effect():
    code = "".join(path.read_text("utf-8") for path in (ROOT / "portal").rglob("*.py") if path.name != "config.py")
    own = (ROOT / "portal/config.py").read_text("utf-8")
    unused = [
        name
        for name in Settings.model_fields
        if not name.endswith("_file")
        and not re.search(rf"settings(\(\))?\.{name}\b", code)
        and f"self.{name}" not in own
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"port": 99999}, "PORTAL_PORT: "),
        ({"host": "localhost"}, "PORTAL_HOST: give an IP address"),
        ({"languages": "de"}, "PORTAL_LANGUAGES: "),
        ({"metrics_allow": "nowhere"}, "PORTAL_METRICS_ALLOW: "),
        ({"base_url": "shop.example"}, "PORTAL_BASE_URL: "),
        ({"base_url": "https://shop.example"}, "PORTAL_SECRET_KEY is missing"),
        ({"secret_key": "short"}, "PORTAL_SECRET_KEY is too short"),
        ({"secret_key_file": "no/such/file"}, "no/such/file: No such file"),
        (
            {"push_private_key": "short", "push_contact": "mailto:it@shop.ru"},
            "PORTAL_PUSH_PRIVATE_KEY: this is no push",
        ),
        ({"push_private_key": KEY}, "PORTAL_PUSH_CONTACT is missing"),
        ({"push_private_key": KEY, "push_contact": "mailto:it@localhost"}, "PORTAL_PUSH_CONTACT: give a mailto:"),
        ({"push_hosts": "https://fcm.googleapis.com"}, "PORTAL_PUSH_HOSTS: "),
        ({"smtp_url": "smtp://a", "smtp_url_file": "b"}, "PORTAL_SMTP_URL and its _FILE form exclude each other"),
    ],
)
def test_a_wrong_or_missing_setting_is_told_in_one_line(given: dict[str, object], line: str):
    with pytest.raises(SettingsError) as refused:
        load_settings(_env_file=None, **given)
    assert len(refused.value.lines) == 1
    assert refused.value.lines[0].startswith(line)


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n", encoding="utf-8")
    assert load_settings(_env_file=None, secret_key_file=file).secret_key == "s" * 40


def test_secrets_are_not_shown():
    settings = load_settings(_env_file=None, secret_key="s" * 40, smtp_url="smtp://ada:pass@mail.example")
    assert "s" * 40 not in repr(settings)
    assert "pass@" not in repr(settings)
