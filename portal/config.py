"""Settings: from the environment, `.env` and secret files; the only place that reads them.

Every setting stands in `.env.example` with its meaning; a house test keeps the two equal.
"""

import os
import secrets
import shutil
import textwrap
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from portal import vapid

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
PREFIX = "PORTAL_"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
SECRETS = ("database_url", "secret_key", "smtp_url", "sms_url", "push_private_key")
MOST_AT_ONCE = 4  # requests that a web process works on, three of them only beside slow ones

PUSH_HOSTS = ("fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
PushHost = Annotated[str, Field(pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$")]
PhonePrefix = Annotated[str, Field(pattern=r"^\+\d{0,6}$")]
Language = Literal["ru", "en"]
Networks = tuple[IPv4Network | IPv6Network, ...]


class SettingsError(Exception):
    """Say which settings are wrong or missing, one line each; values are not repeated, they may be secret."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """What a shop's operator may set. Names in the environment are upper case with the prefix `PORTAL_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ROOT / ".env", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = Field(default="", pattern=r"^(https?://[^/\s]+)?$")
    trusted_proxies: int = Field(default=0, ge=0, le=9)
    workers: int = Field(default=2, ge=1, le=64)
    database_url: str = Field(
        default=f"sqlite:///{VAR / 'portal.db'}", repr=False, pattern=r"^(sqlite|postgresql(\+psycopg)?)://"
    )
    secret_key: str = Field(default="", repr=False)
    smtp_url: str = Field(default="", repr=False, pattern=r"^(smtps?://\S+)?$")
    sms_url: str = Field(default="", repr=False, pattern=r"^(https?://\S+)?$")
    push_private_key: str = Field(default="", repr=False)
    push_contact: str = ""
    push_hosts: Annotated[tuple[PushHost, ...], NoDecode] = Field(default=PUSH_HOSTS, min_length=1)
    metrics_allow: Annotated[Networks, NoDecode] = (IPv4Network("127.0.0.1/32"), IPv6Network("::1/128"))
    api_rate: int = Field(default=100, ge=0, le=100_000)
    phone_prefixes: Annotated[tuple[PhonePrefix, ...], NoDecode] = Field(default=("+7",), min_length=1)
    phone_region: str = Field(default="RU", pattern=r"^[A-Z]{2}$")
    languages: Annotated[tuple[Language, ...], NoDecode] = Field(default=("ru", "en"), min_length=1)
    shop_name: str = Field(default="Regulars", min_length=1, max_length=40)
    shop_short_name: str = Field(default="", max_length=12)
    brand_hue: int = Field(default=265, ge=0, le=360)
    icon_folder: Path | None = None
    demo: bool = False

    database_url_file: Path | None = None
    secret_key_file: Path | None = None
    smtp_url_file: Path | None = None
    sms_url_file: Path | None = None
    push_private_key_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: dict[str, object]) -> dict[str, object]:
        for name in SECRETS:
            file = given.get(f"{name}_file")
            if file and given.get(name):
                raise ValueError(f"{PREFIX}{name.upper()} and its _FILE form exclude each other")
            if file:
                given[name] = _read_text(Path(str(file)))
        return given

    @field_validator("metrics_allow", "languages", "phone_prefixes", "push_hosts", mode="before")
    @classmethod
    def _split_at_commas(cls, given: object) -> object:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("host")
    @classmethod
    def _need_an_address(cls, given: str) -> str:
        try:
            ip_address(given)
        except ValueError:
            raise ValueError("give an IP address: 127.0.0.1, or 0.0.0.0 for every one of this machine") from None
        return given

    @field_validator("push_private_key")
    @classmethod
    def _need_a_push_key(cls, given: str) -> str:
        if given:
            vapid.read_private_key(given)
        return given

    @field_validator("push_contact")
    @classmethod
    def _need_a_real_contact(cls, given: str) -> str:
        return vapid.check_contact(given) if given else given

    @model_validator(mode="after")
    def _need_a_contact_to_push(self) -> "Settings":
        if self.push_private_key and not self.push_contact:
            raise ValueError(f"{PREFIX}PUSH_CONTACT is missing; push services ask whom to write to")
        return self

    @model_validator(mode="after")
    def _need_a_strong_secret(self) -> "Settings":
        if self.https and not self.secret_key:
            raise ValueError(f"{PREFIX}SECRET_KEY is missing; a shop on https needs its own, see .env.example")
        if self.secret_key and len(self.secret_key) < 32:
            raise ValueError(f"{PREFIX}SECRET_KEY is too short; give at least 32 characters")
        return self

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """The address members see, without a slash at the end."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def short_name(self) -> str:
        """What stands under the app's icon: the shop's short name, else the words of its name that fit."""
        fitting = textwrap.shorten(self.shop_name, 12, placeholder="")
        return self.shop_short_name or fitting or self.shop_name[:12]


def load_settings(**given: Any) -> Settings:
    """Read the settings; what is `given` wins over the environment.

    A local portal without a secret gets one that is kept, a demo without a push key gets that too.

    Raises `SettingsError` with one line for each wrong or missing setting.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_lines(error)) from None
    kept: dict[str, str] = {}
    if not settings.secret_key:
        kept["secret_key"] = _kept(VAR / "secret-key", make=lambda: secrets.token_urlsafe(48))
    if settings.demo and not settings.push_private_key:
        kept["push_private_key"] = _kept(VAR / "push-key", make=vapid.make_private_key)
        kept["push_contact"] = settings.push_contact or vapid.DEMO_CONTACT
    return settings.model_copy(update=kept) if kept else settings


def share_metrics(folder: Path) -> None:
    """Let the processes started from here on keep their figures in an emptied folder, to be counted together."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[METRICS_FOLDER] = str(folder)


def environment_and(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with something added, for a child."""
    return os.environ | more


def metrics_folder() -> str | None:
    """Return the folder in which processes share their figures, if they do."""
    return os.environ.get(METRICS_FOLDER)


def _lines(error: ValidationError) -> list[str]:
    problems: dict[str, str] = {}
    for problem in error.errors(include_input=False):
        name = f"{PREFIX}{str(problem['loc'][0]).upper()}: " if problem["loc"] else ""
        problems.setdefault(name, problem["msg"].removeprefix("Value error, "))
    return [name + message for name, message in problems.items()]


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None


def _kept(path: Path, *, make: Callable[[], str]) -> str:
    """Return a secret of this checkout, made once; the loser of a race reads what the winner wrote."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="utf-8")
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
