"""The operator's settings: typed, frozen, read once, each with its help.

A value comes from the environment (``HONGTOU_<NAME>``), then from the home's
``hongtou.toml``, then from the default here; `origins` says which.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import InitSettingsSource

from archive.errors import BadSetting
from archive.notice import Home

PREFIX = "HONGTOU_"


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
    allow_private: bool = Field(
        False, description="Follow URLs to private and loopback addresses (an intranet archive)."
    )
    dial: str = Field(
        "",
        description="HOST:PORT that is dialled instead of every site: a replica web. For tests.",
    )
    ca_file: str = Field("", description="A file of further certificate authorities to trust.")
    warc_megabytes: int = Field(
        1000, ge=1, le=100_000, description="A WARC file is closed when it is larger."
    )
    warc_hours: float = Field(
        24.0, gt=0, le=8784, description="A WARC file is closed when it is older."
    )

    @property
    def user_agent(self) -> str:
        """Who we say we are to every site."""
        who = "; ".join(part for part in ("archive crawler", self.operator, self.contact) if part)
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
    try:
        return Settings(**_file_values(home))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        raise BadSetting(
            f"The setting {name} cannot be used: {first['msg']} ({_where(home, name)})."
        ) from error


def origins(home: Home) -> Iterator[Origin]:
    """Every setting with its value and where that came from, in the order of the class."""
    settings = read_settings(home)
    for name, field in Settings.model_fields.items():
        yield Origin(
            name=name,
            value=getattr(settings, name),
            origin=_where(home, name),
            help=field.description or "",
        )


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
