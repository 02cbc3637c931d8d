"""Write the next step: ``python -m archive.catalogue.migrations WHAT IT CHANGES``.

The step is compared with an empty database brought up to the last one; read it before you
commit it, and keep it as it is once it was released.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from archive.catalogue import schema
from archive.catalogue.database import Database


def write_step(message: str) -> None:
    """Write the step that leads from the last one to the tables as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'steps.sqlite'}"
        database = Database(url, create=True, read_only=False)
        with database.writing() as connection:
            if schema.known_versions():
                schema.upgrade(connection)
        with database.writing() as connection:
            config = schema.config_for(connection)
            number = len(schema.known_versions()) + 1
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
        database.close()


if __name__ == "__main__":
    write_step(" ".join(sys.argv[1:]) or "a step without a name")
