"""The operator's settings: typed, frozen, read once, each with its help.

A value comes from the environment (``HONGTOU_<NAME>``), then from the home's
``hongtou.toml``, then from the default here; `origins` says which.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import InitSettingsSource

from archive.errors import BadSetting
from archive.notice import Home
from archive.plain_words import did_you_mean, plain_words

PREFIX = "HONGTOU_"
#: Variables that are read elsewhere: by --home, and by the front door when something breaks.
NO_SETTINGS = {"HONGTOU_HOME", "HONGTOU_DEBUG"}


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    operator: str = Field("", description="Who runs this archive; stands in every WARC.")
    contact: str = Field(
        "", description="A URL or e-mail address a site's staff can write to; in the user agent."
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy URL of the catalogue, such as postgresql+psycopg://…; "
        "empty: SQLite in the home.",
    )
    site_name: str = Field("红头 Hongtou", description="The name the pages and feeds bear.")
    base_url: str = Field(
        "", description="The public address of the pages, for links in feeds; empty: as asked."
    )
    replay_url: str = Field(
        "",
        description="Where `hongtou replay` is reached from a browser, such as "
        "http://127.0.0.1:8080/hongtou; the pages of notices link to their captures there.",
    )
    host_delay_seconds: float = Field(
        1.0, ge=0, le=3600, description="Least pause between two requests to one host."
    )
    parallel_sources: int = Field(
        8, ge=1, le=64, description="How many sources are looked at at the same time."
    )
    timeout_seconds: float = Field(
        60.0, gt=0, le=3600, description="A fetch that takes longer is cut and kept as cut."
    )
    max_body_megabytes: int = Field(
        64, ge=1, le=2000, description="A body that is larger is cut and kept as cut."
    )
    reader_seconds: float = Field(
        30.0, gt=0, le=600, description="A page whose reading takes longer is set aside."
    )
    readers: int = Field(
        0,
        ge=0,
        le=64,
        description="Processes that read pages; 0: one for each core but one, at most eight.",
    )
    look_up_wanted: bool = Field(
        False,
        description="Let `hongtou wanted --look-up` ask the State Council's library for numbers "
        "that notices cite and the archive lacks.",
    )
    allow_private: bool = Field(
        False, description="Follow URLs to private and loopback addresses (an intranet archive)."
    )
    dial: str = Field(
        "",
        description="HOST:PORT that is dialled instead of every site: a replica web. For tests.",
    )
    ca_file: str = Field("", description="A file of further certificate authorities to trust.")
    warc_depot: str = Field(
        "",
        description="Where closed WARC files are put away: s3://BUCKET/PREFIX, or a folder of "
        "another disk; empty: they stay in the home. docs/captures.md says what goes when.",
    )
    warc_depot_endpoint: str = Field(
        "",
        description="Where an S3-compatible store answers, such as https://s3.lib.example; empty: "
        "Amazon. Credentials are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    )
    warc_megabytes: int = Field(
        1000, ge=1, le=100_000, description="A WARC file is closed when it is larger."
    )
    warc_hours: float = Field(
        24.0, gt=0, le=8784, description="A WARC file is closed when it is older."
    )
    verify_days: int = Field(
        30,
        ge=0,
        le=3660,
        description="`hongtou watch` checks every WARC file again after so many days, a share a "
        "day; 0: never.",
    )

    @field_validator("dial")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s:/]+:\d{1,5}", value):
            raise ValueError("it should be HOST:PORT, such as 127.0.0.1:8800")
        return value

    @field_validator("ca_file")
    @classmethod
    def _is_file(cls, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValueError(f"there is no file {value}")
        return str(Path(value).resolve()) if value else ""

    @field_validator("warc_depot")
    @classmethod
    def _is_depot(cls, value: str) -> str:
        bucket = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s?#]*)?"
        if value and not Path(value).is_absolute() and not re.fullmatch(bucket, value):
            raise ValueError("it should be s3://BUCKET/PREFIX or a folder's absolute path")
        return value.rstrip("/")

    @field_validator("base_url", "replay_url", "warc_depot_endpoint")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("it should begin with http:// or https://")
        return value

    @field_validator("operator", "contact", "site_name")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        # It goes into request headers and WARC fields, where a line break begins another one.
        if not value.isprintable():
            raise ValueError("it should be one line without control characters")
        return value.strip()

    @property
    def user_agent(self) -> str:
        """Who we say we are to every site; a name that is not ASCII stands in the WARCs alone.

        Header fields outside ASCII have no agreed reading (RFC 9110, 5.5), and firewalls drop them.
        """
        parts = ("archive crawler", self.operator, self.contact)
        who = "; ".join(part for part in parts if part and part.isascii())
        return f"Hongtou/{software_version()} ({who})"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which arrives as init values."""
        return (env_settings, InitSettingsSource(settings_cls, _values(init_settings)))


def _values(source: PydanticBaseSettingsSource) -> dict[str, Any]:
    return dict(source())


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One setting as it stands, and where its value came from."""

    name: str
    value: Any
    origin: str
    help: str


def software_version() -> str:
    """The version of Hongtou that is running."""
    try:
        return version("hongtou")
    except PackageNotFoundError:
        return "0"


def read_settings(home: Home) -> Settings:
    """Read the settings of an archive home.

    Raises:
        BadSetting: A value cannot be used; the message names it and where it stands.
    """
    values = _file_values(home)
    for name in values:
        if name not in Settings.model_fields:
            near = did_you_mean(name, Settings.model_fields)
            raise BadSetting(f"There is no setting '{name}' ({home.settings_file}).{near}")
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        raise BadSetting(
            f"The setting {name} cannot be used: {plain_words(first['msg'])} "
            f"({_where(home, name)})."
        ) from error


def strange_variables() -> Iterator[str]:
    """Environment variables that look like settings and are none, each with what may be meant."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NO_SETTINGS
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known:
            yield f"{variable} is no setting.{did_you_mean(variable, known)}"


def origins(home: Home) -> Iterator[Origin]:
    """Every setting with its value and where that came from, in the order of the class."""
    settings = read_settings(home)
    for name, field in Settings.model_fields.items():
        yield Origin(
            name=name,
            value=_without_password(getattr(settings, name)),
            origin=_where(home, name),
            help=field.description or "",
        )


def _without_password(value: Any) -> Any:
    """A database's URL is shown on screens and pasted into letters: without its password."""
    if not isinstance(value, str):
        return value
    return re.sub(r"(://[^:@/\s]{0,200}):[^/\s]{1,200}@", r"\1:***@", value)


def _where(home: Home, name: str) -> str:
    variable = PREFIX + name.upper()
    if variable in os.environ:
        return f"environment {variable}"
    if name in _file_values(home):
        return str(home.settings_file)
    return "default"


def _file_values(home: Home) -> dict[str, Any]:
    path: Path = home.settings_file
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is no TOML file: {error}.") from error
