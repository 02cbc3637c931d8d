"""A notice that its site's list and its site no longer show is withdrawn, and may come back."""

from __future__ import annotations

import pytest
from county import HOST, catalogue_of, hongtou, lay_out, list_page, path_of, published
from walking import Walked, titled, walk, with_clock

from archive.notice import ChangeKind

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("withdrawn")]

LEFT, STAYED = "t20240401_41001.html", "t20240401_41002.html"
TITLES = {
    LEFT: "清河县人民政府办公室关于建立县级公立医院综合改革联席会议制度的通知",
    STAYED: "清河县人民政府关于完善基本医疗保险门诊统筹的通知",
}
TEXTS = {
    LEFT: "经县政府研究，决定建立县级公立医院综合改革联席会议制度，统筹协调医药卫生体制改革工作。",
    STAYED: "为深化医药卫生体制改革，完善基本医疗保险门诊统筹，现就有关事项通知如下。",
}


def _page(name: str) -> str:
    title = TITLES[name]
    text = f"<p>各乡镇人民政府：</p><p>{TEXTS[name]}</p><p>2024年3月28日</p>"
    return (
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f'<div class="TRS_Editor">{text}</div>'
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Looked at on six days: it is there, denied on three of them, and there again."""
    folder = tmp_path_factory.mktemp("withdrawn")
    lay_out(folder)
    pages = {name: _page(name) for name in TITLES}
    stayed = published({"": list_page({STAYED: TITLES[STAYED]})})
    look = {"sources": ["qinghe"]}
    return walk(
        folder,
        {**look, "days": 0, "publish": published({"": list_page(TITLES), **pages})},
        {**look, "days": 31, "publish": stayed, "withdraw": [[HOST, path_of(LEFT)]]},
        {**look, "days": 33},  # too soon to ask again
        {**look, "days": 37},
        {**look, "days": 46},
        {**look, "days": 140, "publish": published({LEFT: pages[LEFT]})},
        also=with_clock(folder),
    )


def test_what_left_the_list_is_asked_for_seldom_and_denied_only_after_three_looks(
    walked: Walked,
) -> None:
    asked = [sent.response[9:12] for sent in walked.sent if LEFT in sent.path]
    assert asked == [b"200", b"404", b"404", b"404", b"200"]
    assert all(look["outcome"] == "ok" for step in walked.looks for look in step)


def test_it_is_withdrawn_and_back_again_in_the_change_log(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, TITLES[LEFT])
        changes = [c.change for c in catalogue.changes() if c.notice_id == notice.summary.id]
        statuses = [one.status for one in catalogue.statuses(notice.summary.id)]
    assert changes == [ChangeKind.NEW, ChangeKind.WITHDRAWN, ChangeKind.STATUS]
    assert statuses == ["withdrawn", "present"]
    assert notice.withdrawn_at is None


def test_what_the_list_names_is_not_doubted(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, TITLES[STAYED])
        changes = [c.change for c in catalogue.changes() if c.notice_id == notice.summary.id]
    assert changes == [ChangeKind.NEW]


def test_a_rebuild_withdraws_alike(walked: Walked) -> None:
    done = hongtou(walked.home.path, "rebuild", "--check")
    assert done.returncode == 0, done.stdout
