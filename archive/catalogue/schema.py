"""The schema's version: finding it, and bringing it up to date.

Alembic takes the steps. It is loaded only when there is one to take: with Mako and its kin it
would cost every command a third of its start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from archive.catalogue.database import Database
from archive.errors import NewerHome, NoCatalogue, OlderCatalogue

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(database: Database, *, create: bool) -> None:
    """Bring the schema up to date; of a database opened for reading only, see that it is.

    Raises:
        NewerHome: A newer Hongtou has taken steps that this one does not know.
        NoCatalogue: There are no tables, and none may be made.
        OlderCatalogue: They are too old for one who only reads.
    """
    with database.reading() as connection:
        version = _version(connection)
    known = known_versions()
    newest = max(known)
    if version == newest:
        return
    if version is not None and version not in known:
        raise NewerHome(f"The catalogue {database.shown} has schema {version}.")
    if version is None and not create:
        raise NoCatalogue(f"There is no catalogue in {database.shown}.")
    if database.read_only:
        raise OlderCatalogue(
            f"The catalogue {database.shown} has schema {version}, this Hongtou wants {newest}."
        )
    with database.writing() as connection:
        upgrade(connection)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take the missing steps within the connection's transaction."""
    from alembic import command

    command.upgrade(config_for(connection), to)


def config_for(connection: Connection) -> Config:
    """Alembic's settings for work on this connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def known_versions() -> set[str]:
    """The steps that this Hongtou knows, by the numbers their files begin with."""
    steps = (_MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return {step.name.partition("_")[0] for step in steps}


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
