"""Lists of four publishing systems are crawled to their end, also where only a POST brings them."""

from __future__ import annotations

from pathlib import Path

import pytest
from county import hongtou, published
from portals import (
    FORM,
    PORTALS,
    SEARCH,
    lay_out_portals,
    notice_page,
    posted_list,
    route,
    watch_portal,
)
from walking import Walked, notices_of, walk

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home, Purpose
from archive.storage import Holdings, index_lines, iter_captures, iter_records

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("portals")]

NUMBERS = (6, 5, 4, 3, 2)
POSTED, NAME, _, FIRST = PORTALS["baishi"]
ADDRESS = f"{FIRST}&__wb_method=POST&{FORM.format(1)}"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """All four crawled, and once more after one has put up a notice."""
    folder = tmp_path_factory.mktemp("portals")
    make_home(Home(folder / "home"))
    lay_out_portals(folder, NUMBERS)
    ((_, _, page, kind),) = published({"x": notice_page(NAME, 7)})
    ((_, _, front, _),) = published({"x": posted_list(NAME, (7, 6), 3)})
    news = [[POSTED, "/art/7.html", page, kind], [POSTED, ADDRESS, front, kind]]
    names = list(PORTALS)
    return walk(folder, {"sources": names}, {"sources": names, "publish": news})


@pytest.fixture
def catalogue(crawled: Walked) -> Catalogue:
    return Catalogue.open(crawled.home.catalogue_url, read_only=True)


@pytest.mark.parametrize("source", PORTALS)
def test_a_list_is_read_to_its_end_and_what_is_new_is_found_later(
    crawled: Walked, source: str
) -> None:
    first, second = crawled.look(0, source), crawled.look(1, source)
    assert (first["outcome"], second["outcome"]) == ("ok", "ok")
    assert first["new"] == len(NUMBERS)
    assert second["new"] == (1 if source == "baishi" else 0)


def test_every_notice_is_had(catalogue: Catalogue) -> None:
    assert len(notices_of(catalogue)) == len(PORTALS) * len(NUMBERS) + 1


def test_a_form_is_kept_as_it_was_sent_and_never_asked_conditionally(crawled: Walked) -> None:
    sent = [one.request for one in crawled.sent if one.request.startswith(b"POST ")]
    kept = [
        record.block
        for volume in Holdings(crawled.home).volumes()
        for record in iter_records(volume)
        if record.type == "request" and record.block.startswith(b"POST ")
    ]
    assert kept == sent
    bodies = [one.partition(b"\r\n\r\n")[2].decode() for one in sent]
    assert bodies == [FORM.format(number) for number in (1, 2, 3, 1)]
    assert not any(b"\r\nIf-" in one for one in sent)
    assert all(b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in one for one in sent)


def test_every_digest_is_right_and_the_index_finds_each_form(crawled: Walked) -> None:
    verified = hongtou(crawled.home.path, "verify")
    assert verified.returncode == 0, verified.stdout
    keys = {line.partition(" ")[0] for line in index_lines(crawled.home) if '"POST"' in line}
    assert len(keys) == 3


def test_leads_say_which_form_named_them(crawled: Walked) -> None:
    via = {
        capture.facts.via
        for capture in iter_captures(crawled.home)
        if capture.facts.purpose is Purpose.NOTICE and capture.facts.source == "baishi"
    }
    assert {
        f"http://{POSTED}{ADDRESS.replace('currpage=1', f'currpage={n}')}" for n in (1, 2, 3)
    } == via


def test_rebuilding_and_rereading_come_to_the_same(crawled: Walked) -> None:
    rebuilt = hongtou(crawled.home.path, "rebuild", "--check")
    assert rebuilt.returncode == 0, rebuilt.stdout
    reread = hongtou(crawled.home.path, "reread")
    assert reread.returncode == 0, reread.stdout


def test_another_archive_takes_in_the_same(crawled: Walked, tmp_path: Path) -> None:
    home = Home(tmp_path / "other")
    make_home(home)
    for file in (crawled.home.path / "sources").rglob("source.toml"):
        copy = home.path / file.relative_to(crawled.home.path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    files = [str(path) for path in sorted(crawled.home.warc.rglob("*.warc.gz"))]
    assert hongtou(home.path, "ingest", *files).returncode == 0
    with (
        Catalogue.open(home.catalogue_url, read_only=True) as theirs,
        Catalogue.open(crawled.home.catalogue_url, read_only=True) as ours,
    ):
        assert [one.summary.title for one in notices_of(theirs)] == [
            one.summary.title for one in notices_of(ours)
        ]


def _redirect(status: int) -> str:
    return (
        f'[[route]]\npath = "{SEARCH}"\ntext = "moved"\nstatus = {status}\nvalidators = false\n'
        'headers = [["Location", "/moved.jsp?currpage=1"]]\n'
    )


LISTED = posted_list(NAME, (3, 2), 1)
#: Ways in which a site may answer a form, and what the look at it comes to.
ANSWERS = {
    "s303": (_redirect(303) + route("/moved.jsp", LISTED), "ok"),
    "s307": (_redirect(307) + route("/moved.jsp", LISTED), "ok"),
    "s308": (_redirect(308) + route("/moved.jsp", LISTED), "ok"),
    "challenge": (route(SEARCH, LISTED) + 'misbehave = "challenge"\n', "blocked"),
    "broken": (route(SEARCH, LISTED) + 'misbehave = "500"\n', "failed"),
    "words": (route(SEARCH, "<p>系统繁忙，请稍后再试。</p>"), "failed"),
    "endless": (route(SEARCH, posted_list(NAME, (3, 2), 90_000)), "ok"),
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """A site for each way, all asked with the same form."""
    folder = tmp_path_factory.mktemp("answered")
    make_home(Home(folder / "home"))
    for source, (routes, _) in ANSWERS.items():
        host = f"{source}.qinghexian.gov.cn"
        watch_portal(folder / "home", source, host, NAME, "hanweb", FIRST)
        notices = "".join(route(f"/art/{n}.html", notice_page(NAME, n)) for n in (3, 2))
        (folder / "web" / host).mkdir(parents=True)
        (folder / "web" / host / "routes.toml").write_text(routes + notices, encoding="utf-8")
    return walk(folder, {"sources": list(ANSWERS)})


@pytest.mark.parametrize("source", ANSWERS)
def test_whatever_answers_a_form_the_look_says_what_came(answered: Walked, source: str) -> None:
    assert answered.look(0, source)["outcome"] == ANSWERS[source][1]
    with Catalogue.open(answered.home.catalogue_url, read_only=True) as catalogue:
        told = {one.alarm.source for one in catalogue.alarms()}
    assert (source in told) == (ANSWERS[source][1] != "ok")


@pytest.mark.parametrize(
    ("source", "again"), [("s303", b"GET"), ("s307", b"POST"), ("s308", b"POST")]
)
def test_a_redirect_is_followed_with_the_form_or_without_as_its_status_says(
    answered: Walked, source: str, again: bytes
) -> None:
    asked = [one.request for one in answered.sent if one.host.startswith(source)]
    asked = [one for one in asked if b".jsp" in one[:60]]
    assert [one.partition(b" ")[0] for one in asked[:2]] == [b"POST", again]
    assert (b"infotypeId" in asked[1]) == (again == b"POST")
    assert answered.look(0, source)["leads"] == 2


def test_a_list_that_never_ends_is_left_at_the_columns_last_page(answered: Walked) -> None:
    asked = [one for one in answered.sent if one.host.startswith("endless")]
    assert len([one for one in asked if one.request.startswith(b"POST ")]) <= 9
