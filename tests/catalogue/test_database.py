"""Opening, and what happens when it cannot be opened."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from archive.catalogue import Catalogue, migrations
from archive.catalogue.database import Database
from archive.catalogue.schema import config_for, known_versions
from archive.catalogue.tables import Base
from archive.errors import CatalogueUnavailable, HomeNotWritable, NewerHome


def test_the_migrations_make_the_tables_that_are_declared(url: str) -> None:
    Catalogue.open(url, create=True).close()
    database = Database(url, create=False, read_only=True)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_opening_again_keeps_what_is_there(url: str, said: Any) -> None:
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.record(said.arrival())
    with Catalogue.open(url, create=True) as catalogue:
        assert catalogue.count_notices() == 1
    with Catalogue.open(url, read_only=True) as catalogue:
        assert catalogue.last_seq() == 1
        with pytest.raises(HomeNotWritable, match="reading only"):
            catalogue.record(said.arrival(day=1))


def test_a_newer_schema_is_left_alone(url: str) -> None:
    Catalogue.open(url, create=True).close()
    database = Database(url, create=False, read_only=False)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(NewerHome, match="9999"):
        Catalogue.open(url)


def test_a_reader_sees_the_state_of_one_moment(url: str, said: Any) -> None:
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.record(said.arrival())
        other = Database(url, create=False, read_only=True)
        with other.reading() as connection:
            count = text("SELECT count(*) FROM change")
            before = connection.execute(count).scalar()
            catalogue.record(said.arrival(day=1, text=said.TEXT.replace("65%", "70%")))
            assert connection.execute(count).scalar() == before == 1
        other.close()


def test_writers_number_the_log_in_the_order_of_commit(url: str, said: Any) -> None:
    Catalogue.open(url, create=True).close()

    def write(writer: int) -> None:
        with Catalogue.open(url) as catalogue:
            for one in range(5):
                serial = writer * 100 + one + 1
                letters = "".join(chr(0x5000 + serial * 40 + n) for n in range(200))
                catalogue.record(
                    said.arrival(
                        f"https://www.cqbn.gov.cn/{serial}",
                        title=f"第{serial}号事项的通知",
                        document_number=f"巴南府办〔2024〕{serial}号",
                        text=letters,
                    )
                )

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    with Catalogue.open(url, read_only=True) as reader:
        while any(thread.is_alive() for thread in threads):
            numbers = [change.seq for change in reader.changes(limit=1000)]
            assert numbers == list(range(1, len(numbers) + 1))
            seen.append(len(numbers))
            threads[0].join(0.05)
        for thread in threads:
            thread.join()
        assert reader.last_seq() == 15
    assert seen == sorted(seen)


def test_a_missing_catalogue_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnavailable, match="hongtou init"):
        Catalogue.open(f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["garbage", "torn"])
def test_a_damaged_file_says_how_to_make_it_again(tmp_path: Path, said: Any, kind: str) -> None:
    path = tmp_path / "catalogue.sqlite"
    if kind == "garbage":
        path.write_bytes(b"this is no database at all" * 400)
    else:
        with Catalogue.open(f"sqlite:///{path}", create=True) as catalogue:
            catalogue.record(said.arrival())
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with (
        pytest.raises(CatalogueUnavailable, match="hongtou rebuild"),
        Catalogue.open(f"sqlite:///{path}") as catalogue,
    ):
        catalogue.record(said.arrival(day=1))


def _allow_pages(catalogue: Catalogue, more: int) -> None:
    """Have SQLite believe that the disk holds only so many pages more."""
    engine = catalogue._database.engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    engine.dispose()

    def limit(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + more}")

    event.listen(engine, "connect", limit)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, said: Any) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.record(said.arrival())
        _allow_pages(catalogue, 2)
        huge = "".join(chr(0x4E00 + n % 20_000) for n in range(200_000))
        url = "https://www.cqbn.gov.cn/huge"
        with pytest.raises(HomeNotWritable, match="disk is full"):
            catalogue.record(said.arrival(url, text=huge, document_number=None, title=""))
        assert catalogue.last_seq() == 1
        assert len(catalogue.changes()) == 1


@pytest.mark.parametrize("url", ["no url", "mysql://x/y", "sqlite://"])
def test_what_is_no_usable_url_is_said_plainly(url: str) -> None:
    with pytest.raises(CatalogueUnavailable):
        Catalogue.open(url, create=True)


def test_a_server_that_does_not_answer_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnavailable, match="does not answer"):
        Catalogue.open(f"postgresql://postgres:secret@/x?host={tmp_path}")


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnavailable) as caught:
        Catalogue.open(f"postgresql://postgres:secret@/x?host={tmp_path}")
    assert "secret" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_to_is_said_plainly(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises((HomeNotWritable, CatalogueUnavailable)):
        Catalogue.open(f"sqlite:///{tmp_path / 'new' / 'catalogue.sqlite'}", create=True)


def test_a_file_that_is_read_only_for_sqlite_is_said_plainly(tmp_path: Path, said: Any) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(f"sqlite:///{path}", create=True) as catalogue:
        catalogue.record(said.arrival())
        engine = catalogue._database.engine
        engine.dispose()
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA query_only = ON"))
        with pytest.raises(HomeNotWritable, match="readonly"):
            catalogue.record(said.arrival(day=1))


def test_sqlite_waits_for_other_writers_and_checks_its_references(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with (
        Catalogue.open(f"sqlite:///{path}", create=True) as catalogue,
        catalogue._database.writing() as connection,
    ):
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_first_step_can_be_taken_back(url: str) -> None:
    Catalogue.open(url, create=True).close()
    database = Database(url, create=False, read_only=False)
    with database.writing() as connection:
        command.downgrade(config_for(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.close()


def test_a_step_of_the_schema_bears_its_number_in_its_file_name() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert known_versions() == {step.revision for step in script.walk_revisions()}
    assert max(known_versions()) == script.get_current_head()


def test_opening_a_catalogue_that_is_up_to_date_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue.open(url, create=True).close()
    program = (
        "import sys; from archive.catalogue import Catalogue; "
        f"Catalogue.open({url!r}).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_what_contradicts_the_catalogue_is_said_to(url: str, said: Any) -> None:
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.record(said.arrival())
    database = Database(url, create=False, read_only=False)
    again = text("INSERT INTO source SELECT * FROM source")
    with (
        pytest.raises(CatalogueUnavailable, match="contradicts what the catalogue"),
        database.writing() as connection,
    ):
        connection.execute(again)
    database.close()
