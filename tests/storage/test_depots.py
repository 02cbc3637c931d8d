"""Depots: whole files under their names, in a folder or an object store, with the same answers."""

import hashlib

import pytest
from exchanges import FACTS, PAGE, exchange, response
from object_store import BUCKET, object_store

from archive.errors import DamagedWarc, DepotUnreachable, DigestMismatch, NameTaken, UsageError
from archive.notice import Home
from archive.storage import (
    Fixity,
    Holdings,
    index_lines,
    iter_captures,
    loose_volume,
    put_away,
    read_capture,
    read_record,
)
from archive.storage import object_depot as object_depots
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.folder_depot import FolderDepot
from archive.storage.mirror import Mirror
from archive.storage.object_depot import ObjectDepot
from archive.storage.replay_index import ReplayIndex

NAME = "2026/11/hongtou-20261121100000000-00001-x.warc.gz"
OCTETS = bytes(range(256)) * 5000


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with object_store() as store:
            yield store


@pytest.fixture
def store(server, monkeypatch, request):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(object_depots, "PAUSE_SECONDS", 0.0)
    server.fails = ""
    server.asked.clear()
    return server


@pytest.fixture
def address(tmp_path):
    return f"s3://{BUCKET}/{tmp_path.name}"  # a prefix of its own for each test


@pytest.fixture(params=["folder", "object"])
def depot(request, tmp_path, address):
    if request.param == "folder":
        (tmp_path / "depot").mkdir()
        return FolderDepot(tmp_path / "depot", must_stand=True)
    return ObjectDepot(address, request.getfixturevalue("store").endpoint)


def put(depot, tmp_path, name=NAME, octets=OCTETS):
    path = tmp_path / "loose.warc.gz"
    path.write_bytes(octets)
    depot.take(loose_volume(path), name, hashlib.sha256(octets).hexdigest())


def test_a_file_is_listed_and_read_from_any_offset(depot, tmp_path):
    assert depot.listing() == {}
    put(depot, tmp_path)
    assert depot.listing() == {NAME: len(OCTETS)}
    assert depot.octets(NAME) == len(OCTETS)
    for offset in (0, 1000, len(OCTETS) - 1, len(OCTETS), len(OCTETS) + 9):
        with depot.open(NAME, offset) as file:
            assert file.read(10) == OCTETS[offset : offset + 10]
            file.seek(7)
            assert file.read() == OCTETS[7:]


def test_names_come_in_the_order_of_keeping(depot, tmp_path):
    names = [NAME, NAME.replace("00001", "00002"), NAME.replace("2026/11", "2025/01")]
    for name in names:
        put(depot, tmp_path, name)
    assert list(depot.listing()) == [names[2], names[0], names[1]]


def test_nothing_is_put_over_another_file(depot, tmp_path):
    put(depot, tmp_path)
    put(depot, tmp_path)  # the same again changes nothing
    with pytest.raises(NameTaken):
        put(depot, tmp_path, octets=b"other")
    with depot.open(NAME) as file:
        assert file.read() == OCTETS


def test_a_file_that_is_not_what_was_closed_is_not_taken(depot, tmp_path):
    path = tmp_path / "loose.warc.gz"
    path.write_bytes(OCTETS)
    with pytest.raises(DigestMismatch):
        depot.take(loose_volume(path), NAME, "0" * 64)
    assert depot.listing() == {}


def test_a_file_taken_down_is_kept_under_another_name(depot, tmp_path):
    for octets in (b"first", b"second"):
        put(depot, tmp_path, octets=octets)
        aside = depot.take_down(NAME)
        assert depot.listing() == {}
        with depot.open(aside) as file:
            assert file.read() == octets
    assert aside == f"{NAME}.damaged-2"
    with pytest.raises(FileNotFoundError):
        depot.take_down(NAME)


@pytest.mark.parametrize("name", ["../out.warc.gz", "/etc/passwd", "a/../../b.warc", NAME])
def test_a_missing_file_and_one_that_leads_out_are_said_to_be_missing(depot, name):
    for read in (depot.open, depot.octets):
        with pytest.raises(FileNotFoundError):
            read(name)


def test_a_long_file_goes_up_in_parts_and_comes_back_whole(store, address, tmp_path, monkeypatch):
    monkeypatch.setattr(object_depots, "PART", 5 << 20)
    depot = ObjectDepot(address, store.endpoint)
    octets = OCTETS * 10
    put(depot, tmp_path, octets=octets)
    with depot.open(NAME) as file:
        assert file.read() == octets
    path = tmp_path / "other.warc.gz"
    path.write_bytes(octets)
    other = NAME.replace("00001", "00002")
    with pytest.raises(DigestMismatch):
        depot.take(loose_volume(path), other, "0" * 64)
    assert list(depot.listing()) == [NAME]


def test_a_folder_that_is_not_mounted_is_not_made(tmp_path):
    depot = FolderDepot(tmp_path / "mounted", must_stand=True)
    for ask in (depot.listing, lambda: depot.octets(NAME), lambda: put(depot, tmp_path)):
        with pytest.raises(DepotUnreachable):
            ask()
    assert not (tmp_path / "mounted").exists()


def test_a_bucket_that_is_not_there_is_no_missing_file(store):
    depot = ObjectDepot("s3://nothing-here/x", store.endpoint)
    for ask in (depot.listing, lambda: depot.octets(NAME), lambda: depot.open(NAME)):
        with pytest.raises(DepotUnreachable):
            ask()


@pytest.mark.parametrize("address", ["http://x/y", "s3://", "s3://user:password@bucket/x", "x"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UsageError):
        ObjectDepot(address)


# An archive with a depot


@pytest.fixture
def away(store, home, address):
    """The same home, with a depot in the store."""
    return Home(home.path, warc_depot=address, warc_depot_endpoint=store.endpoint)


@pytest.fixture
def kept(home, new_writer):
    """What was kept, in two files, the second with a revisit of the first."""
    captures = []
    for n, body in enumerate((PAGE, PAGE, PAGE + b"!")):
        with new_writer() as writer:
            captures.append(writer.write(exchange(f"/{n}", response(body), second=n), FACTS))
    return captures


def names(home):
    return [volume.name for volume in Holdings(home).waiting()]


def test_all_answers_are_the_same_from_the_depot(home, away, kept, tmp_path):
    before = list(iter_captures(home)), list(index_lines(home))
    index = ReplayIndex(home).bring_up_to_date().read_text()
    records = [read_record(home, capture.place) for capture in kept]
    done = put_away(away, names(away))
    assert len(done.done) == 3
    assert not done.trouble
    assert not list(home.warc.rglob("*.warc.gz"))
    assert (list(iter_captures(away)), list(index_lines(away))) == before
    assert [read_capture(away, capture.place) for capture in kept] == kept
    assert [read_record(away, capture.place) for capture in kept] == records
    for part in (home.path / "cdxj").rglob("*.cdxj"):
        part.unlink()
    assert ReplayIndex(away).bring_up_to_date().read_text() == index
    faults = []
    fixity = Fixity(away, faults.append)
    fixity.check_files(Holdings(away).volumes())
    fixity.check_links()
    assert not faults
    assert fixity.files == 3


def test_a_single_capture_is_read_without_its_whole_file(away, kept, store):
    put_away(away, names(away))
    store.asked.clear()
    assert read_capture(away, kept[0].place) == kept[0]
    assert sum(asked.startswith("GET") for asked in store.asked) == 1


def test_the_journal_says_where_a_file_went(away, kept):
    put_away(away, names(away))
    said = [one for one in FixityJournal(away).events() if one.type is EventType.REPLICATION]
    assert len(said) == 3
    assert said[0].detail.startswith(f"to {away.warc_depot}/2026/")


def test_new_names_come_behind_those_in_the_depot(away, kept, new_writer):
    last = Holdings(away).volumes()[-1].name
    put_away(away, names(away))
    at = Holdings(away).next_moment(kept[0].captured_at)
    assert f"hongtou-{at:%Y%m%d%H%M%S}" in last
    assert Holdings(away).newest()[0] == last


@pytest.mark.parametrize("fails", ["500", "cut", "lies"])
def test_a_store_that_fails_leaves_everything_in_the_home(away, kept, store, fails):
    here = {volume.name: volume.sha256() for volume in Holdings(away).waiting()}
    store.fails = fails
    done = put_away(away, names(away))
    assert done.done == ()
    assert "stays in the home" in done.trouble
    assert {volume.name: volume.sha256() for volume in Holdings(away).waiting()} == here
    store.fails = ""
    assert len(put_away(away, names(away)).done) == 3
    assert {volume.name: volume.sha256() for volume in Holdings(away).volumes()} == here


def test_a_store_that_does_not_answer_is_not_asked_again_at_once(away, kept, store, monkeypatch):
    monkeypatch.setattr(object_depots, "READ_SECONDS", 0.2)
    monkeypatch.setattr(object_depots, "PAUSE_SECONDS", 60.0)
    depot = ObjectDepot(away.warc_depot, store.endpoint)
    store.fails, store.seconds = "silent", 1.0
    with pytest.raises(DepotUnreachable, match="does not answer"):
        depot.listing()
    count = len(store.asked)
    with pytest.raises(DepotUnreachable, match="a moment ago"):
        depot.octets(NAME)
    assert len(store.asked) == count


@pytest.mark.parametrize("fails", ["500", "cut"])
def test_reading_from_a_store_that_fails_is_no_missing_original(away, kept, store, fails):
    put_away(away, names(away))
    store.fails = fails
    for read in (
        lambda: list(iter_captures(away)),
        lambda: read_capture(away, kept[1].place, find_place=lambda _: kept[0].place),
    ):
        with pytest.raises(DepotUnreachable):
            read()


def test_a_file_missing_from_home_and_depot_is_damage(away, kept):
    put_away(away, names(away))
    Holdings(away).depot.take_down(kept[0].place.file)
    with pytest.raises(DamagedWarc, match="is missing"):
        read_capture(away, kept[0].place)


@pytest.mark.parametrize("step", ["take", "note", "unlink"])
def test_a_crash_between_two_steps_loses_and_doubles_nothing(away, kept, monkeypatch, step):
    before = {volume.name: volume.sha256() for volume in Holdings(away).volumes()}
    target, name = {
        "take": (ObjectDepot, "take"),
        "note": (FixityJournal, "note"),
        "unlink": (type(away.path), "unlink"),
    }[step]

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(target, name, crash)
        with pytest.raises(KeyboardInterrupt):
            put_away(away, names(away))
    assert {volume.name: volume.sha256() for volume in Holdings(away).volumes()} == before
    assert put_away(away, names(away)).trouble == ""
    assert {volume.name: volume.sha256() for volume in Holdings(away).volumes()} == before
    assert not names(away)


def test_a_copy_mends_a_file_in_the_depot(away, kept, tmp_path, store):
    put_away(away, names(away))
    mirror = Mirror(away, tmp_path / "second")

    def run(**named):
        damages = []
        files = mirror.files().items()
        done = mirror.bring_up_to_date(files, damages.append, **named)
        return [one.did for one in done], len(damages)

    assert run(mends=False, checks=False) == (["copied"] * 3, 0)
    assert run(mends=False, checks=True) == (["stands"] * 3, 0)
    depot, bad = Holdings(away).depot, kept[1].place.file
    depot.take_down(bad)
    put(depot, tmp_path, bad, b"something else")
    assert run(mends=False, checks=True)[1] == 1
    assert sorted(run(mends=True, checks=True)[0]) == ["mended", "stands", "stands"]
    assert names(away) == [bad]
    assert put_away(away, [bad]).done == (bad,)
    assert run(mends=False, checks=True) == (["stands"] * 3, 0)
