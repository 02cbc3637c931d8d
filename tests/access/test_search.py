"""Searching: exact Chinese words, filters, numbers in any form, hostile input."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.access.desk import Desk
from archive.access.finding import find
from archive.access.index import SearchIndex
from archive.access.query import Query, Ranking
from archive.access.snippet import mark, snippet
from archive.access.tokens import fold, index_tokens, phrase_tokens
from archive.errors import BadQuery, DamagedIndex, IndexInUse
from archive.notice import Home


def titles(index: SearchIndex, shelf: Any, text: str = "", **filters: Any) -> list[str]:
    hits = index.search(Query(text=text, **filters))
    assert hits.total == len(hits.rows)
    return [summary.title[:6] for summary in shelf.summaries(hits.ids)]


def test_a_run_becomes_its_bigrams_and_its_last_character() -> None:
    assert index_tokens("医疗卫生") == "医疗 疗卫 卫生 生"
    assert index_tokens("按DRG付费，2023年") == "按 drg 付费 费 2023 年"


@pytest.mark.parametrize(
    "words", ["医共", "共体改革", "五大区域资源共享中心", "疗", "DRG", "drg付费", "ＤＲＧ）付"]
)
def test_chinese_words_of_any_length_are_found_exactly(
    index: SearchIndex, shelf: Any, words: str
) -> None:
    assert "重庆市巴南区" in titles(index, shelf, words)


@pytest.mark.parametrize("words", ["医改", "卫生医疗", "区政府关部门", "改革五大", "DR"])
def test_what_does_not_stand_there_is_not_found(index: SearchIndex, shelf: Any, words: str) -> None:
    assert titles(index, shelf, words) == []


def test_layout_space_within_a_word_is_no_part_of_it(index: SearchIndex, shelf: Any) -> None:
    assert titles(index, shelf, "通知自印发") == ["哈尔滨市人民"]


@pytest.mark.parametrize(
    "written",
    ["巴南府办〔2024〕5号", "巴南府办[2024]5号", "巴南府办（2024） 5 号", "巴南府办2024 5号",
     "巴南府办【２０２４】５号", "巴南府办〔2024〕5"],
)  # fmt: skip
def test_a_number_in_any_bracket_form_finds_its_notice_first(
    index: SearchIndex, shelf: Any, written: str
) -> None:
    hits = index.search(Query(text=written, order=Ranking.RELEVANCE))
    found = {s.id: s for s in shelf.summaries(hits.ids)}
    assert found[hits.ids[0]].document_number == "巴南府办〔2024〕5号"


def test_a_longer_serial_is_another_number(index: SearchIndex, shelf: Any) -> None:
    assert titles(index, shelf, "渝府办发〔2023〕7") == []
    assert titles(index, shelf, "渝府办发〔2023〕76号") == ["重庆市巴南区"]


def test_all_words_must_be_found_and_quotes_keep_spaces(index: SearchIndex, shelf: Any) -> None:
    assert titles(index, shelf, "医共体 DRG") == ["重庆市巴南区"]
    assert titles(index, shelf, "医共体 哈尔滨") == []
    assert titles(index, shelf, "“DRG 付费”") == ["重庆市巴南区"]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"region": "50"}, 2),
        ({"region": "2301"}, 1),
        ({"region": "500113"}, 2),
        ({"region": "11"}, 0),
        ({"source": "harbin"}, 1),
        ({"kind": "解读"}, 1),
        ({"body": "哈尔滨"}, 1),
        ({"topic": "health-care-reform"}, 3),
        ({"written_from": date(2018, 1, 1)}, 1),
        ({"written_to": date(2017, 12, 28)}, 1),
        ({"published_from": date(2024, 4, 1), "published_to": date(2024, 4, 1)}, 1),
    ],
)
def test_filters_narrow(index: SearchIndex, filters: dict[str, Any], count: int) -> None:
    assert index.search(Query(**filters)).total == count


def test_hits_come_in_order_of_arrival_and_page_by_seq(index: SearchIndex) -> None:
    rows = index.search(Query()).rows
    assert [row.seq for row in rows] == [3, 2, 1]
    assert [row.seq for row in index.search(Query(before=2)).rows] == [1]
    assert index.search(Query(before=0)).total == 0


def test_a_revision_replaces_the_wording_and_arrives_anew(index: SearchIndex, shelf: Any) -> None:
    first = index.search(Query(text="医共体")).ids[0]
    shelf.revise(first, "改为医联体。")
    assert index.follow(shelf) == 1
    assert index.search(Query(text="医共体")).total == 0
    row = index.search(Query(text="医联体")).rows[0]
    assert (row.seq, row.version, row.change.value) == (4, 2, "revised")


def test_a_copy_adds_its_source_and_announces_nothing(index: SearchIndex, shelf: Any) -> None:
    first = index.search(Query(text="医共体")).ids[0]
    shelf.copy(first, "taimao")
    index.follow(shelf)
    row = index.search(Query(source="taimao")).rows[0]
    assert (row.seq, row.sources) == (1, ("banan", "taimao"))
    assert index.search(Query(source="banan")).total == 2


def test_following_twice_takes_in_nothing(index: SearchIndex, shelf: Any) -> None:
    assert index.follow(shelf) == 0
    assert index.seq == 3
    assert index.count() == 3


def test_a_notice_that_is_gone_from_the_catalogue_leaves_the_index(
    index: SearchIndex, shelf: Any
) -> None:
    first = index.search(Query(text="医共体")).ids[0]
    del shelf.views[first]
    shelf.copy(first, "taimao")
    index.follow(shelf)
    assert index.search(Query(text="医共体")).total == 0


def test_an_index_opened_again_goes_on_where_it_was(index: SearchIndex, shelf: Any) -> None:
    again = SearchIndex.open(index.folder)
    assert (again.seq, again.rebuilt_because) == (3, None)
    assert again.follow(shelf) == 0


def test_an_index_of_another_catalogue_is_made_again(
    index: SearchIndex, new_shelf: Callable[[], Any]
) -> None:
    other = new_shelf()
    other.put("别的通知", "别的正文")
    assert index.follow(other) == 1
    assert index.rebuilt_because is not None
    assert index.count() == 1
    assert index.search(Query(text="医共体")).total == 0


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\x00 nonsense"])
def test_a_damaged_index_is_begun_anew_and_says_so(
    index: SearchIndex, shelf: Any, damage: bytes
) -> None:
    (index.folder / "meta.json").write_bytes(damage)
    again = SearchIndex.open(index.folder)
    assert again.rebuilt_because is not None
    assert again.follow(shelf) == 3
    assert again.search(Query(text="医共体")).total == 1


def test_damage_met_in_the_middle_empties_the_index_and_says_so(
    index: SearchIndex, shelf: Any
) -> None:
    for number in range(40):
        shelf.put(f"第{number}件", f"关于分级诊疗的第{number}件")
    index.follow(shelf)
    for file in index.folder.iterdir():
        if file.suffix in (".store", ".fast", ".idx", ".term"):
            kept = file.read_bytes()
            file.write_bytes(bytes(b ^ 0xFF for b in kept[:-80]) + kept[-80:])
    try:
        again = SearchIndex.open(index.folder)
        again.search(Query(text="分级诊疗", limit=100))
    except DamagedIndex:
        assert again.rebuilt_because is not None
    assert again.follow(shelf) == 43
    assert again.search(Query(text="分级诊疗")).total == 40


def test_a_reader_sees_each_commit_of_another_process(tmp_path: Path, shelf: Any) -> None:
    writer, reader = SearchIndex.open(tmp_path / "i"), None
    writer.follow(shelf)
    reader = SearchIndex.open(tmp_path / "i")
    shelf.put("新的通知", "新的正文")
    with writer._writer(), pytest.raises(IndexInUse):
        reader.follow(shelf)
    writer.follow(shelf)
    assert reader.search(Query(text="新的正文")).total == 1


def test_readers_search_while_a_writer_commits(index: SearchIndex, shelf: Any) -> None:
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                assert index.search(Query(text="巴南")).total >= 2
        except BaseException as error:  # noqa: BLE001 - handed to the asserting thread
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        shelf.put(f"第{number}件", "正文")
        index.follow(shelf)
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize(
    "given_parameters",
    [
        {"q": "字" * 201},
        {"q": " ".join("字" * 13)},
        {"region": "abc"},
        {"region": "5"},
        {"written_from": "2024-02-31"},
        {"order": "random"},
        {"limit": "0"},
        {"limit": "10000"},
        {"offset": "99999999"},
        {"before": "-1"},
        {"before": "１２"},
    ],
)
def test_a_query_that_cannot_be_understood_says_why(given_parameters: dict[str, str]) -> None:
    with pytest.raises(BadQuery):
        Query.of_parameters(given_parameters)


def test_parameters_round_trip() -> None:
    query = Query(text="医改 方案", region="2301", written_from=date(2024, 1, 1))
    assert Query.of_parameters(query.parameters()) == query
    assert Query.of_parameters({"region": "230100"}).region == "2301"
    assert Query().is_everything


@given(text=st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_words_break_the_search(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    index = _empty(tmp_path_factory)
    try:
        query = Query(text=text, order=Ranking.RELEVANCE)
    except BadQuery:
        return
    assert index.search(query).total == 0


_made: list[SearchIndex] = []


def _empty(factory: pytest.TempPathFactory) -> SearchIndex:
    if not _made:
        _made.append(SearchIndex.open(factory.mktemp("empty")))
    return _made[0]


@given(text=st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    text=st.text(alphabet="医疗卫生改革通知，〔〕 2号a", max_size=30),
    start=st.integers(0, 29),
    length=st.integers(1, 10),
)
def test_every_chinese_piece_of_a_text_has_its_tokens_in_it(
    text: str, start: int, length: int
) -> None:
    piece = text[start : start + length]
    phrase = phrase_tokens(piece)
    if phrase is None or not all(c in "医疗卫生改革通知" for c in piece):
        return
    tokens = index_tokens(text).split(" ")
    size = len(phrase.tokens)
    windows = [tokens[at : at + size] for at in range(len(tokens) - size + 1)]
    assert any(
        window[:-1] == list(phrase.tokens[:-1])
        and (window[-1] == phrase.tokens[-1] or window[-1].startswith(phrase.tokens[-1]))
        for window in windows
    )


def test_a_snippet_shows_the_find_marked() -> None:
    pieces = snippet("前" * 100 + "按疾病诊断有关分组（ＤＲＧ）付费改革" + "后" * 200, ["drg付费"])
    assert [piece.text for piece in pieces if piece.is_mark] == ["ＤＲＧ）付费"]
    assert pieces[0].text == "…"
    assert pieces[-1].text == "…"


def test_marks_keep_the_text_whole() -> None:
    title = "关于医改的医改通知"
    assert "".join(piece.text for piece in mark(title, ["医改", "改的"])) == title


def test_words_of_an_attached_file_find_its_notice_and_say_in_which_file(
    index: SearchIndex, shelf: Any
) -> None:
    known = shelf.put("关于公布目录的通知", "现予公布，详见附件。")
    index.follow(shelf)
    assert index.search(Query(text="阿莫西林")).total == 0
    shelf.attach(known, "附件1.pdf", "一、阿莫西林胶囊\n二、布洛芬缓释片")
    index.follow(shelf)
    assert index.search(Query(text="阿莫西林")).ids == (known,)
    home = Home(index.folder)
    desk = Desk(home=home, library=shelf, index=index, site_name="", base_url="")
    (found,) = find(desk, Query(text="阿莫西林")).notices
    assert found.in_file == "附件1.pdf"
    assert "".join(piece.text for piece in found.snippet if piece.is_mark) == "阿莫西林"
    (other,) = find(desk, Query(text="现予公布")).notices
    assert other.in_file is None


def test_an_index_that_has_taken_in_all_files_does_not_write_again(
    index: SearchIndex, shelf: Any
) -> None:
    shelf.attach(shelf.put("关于公布目录的通知", "详见附件。"), "附件1.pdf", "阿莫西林胶囊")
    assert index.follow(shelf) == 1
    assert index.follow(shelf) == 0
    assert index.search(Query(text="阿莫西林")).total == 1
