"""Topics are data; the title speaks loudest."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import BadTopicFile
from archive.ingest.relevance import Topic, judge, judge_title, load_topics
from archive.notice.reading import Reading

TOPICS = {topic.id: topic for topic in load_topics()}
REFORM = TOPICS["health-care-reform"]


@pytest.mark.parametrize(
    "title",
    [
        "市卫生健康委关于印发深圳市2022年卫生健康工作要点的通知",
        "关于印发重庆市巴南区进一步完善医疗卫生服务体系实施方案的通知",
        "哈尔滨市深化医药卫生体制改革2017年重点工作任务",
        "关于做好药品集采工作的通知",
        "关于紧密型县域医共体建设的指导意见",
        "关于DRG支付方式改革的通知",
        "关于做好新型农村合作医疗试点工作的通知",
        "关于深化医教协同推进人才培养的意见",
        "关于完善药品生产流通使用政策的意见",
        "关于建立疾病应急救助制度的意见",
    ],
)
def test_reform_notices_are_on_topic(title: str) -> None:
    assert judge_title(title, REFORM).is_relevant


@pytest.mark.parametrize(
    "title",
    [
        "某区公立医院公开招聘公告",
        "2024年卫生健康系统职称评审结果公示",
        "公立医院改革推进会召开",
        "关于提取住房公积金的通知",
        "全市职工运动会",
        "春节期间交通管制通告",
        "",
    ],
)
def test_other_titles_are_off_topic(title: str) -> None:
    assert not judge_title(title, REFORM).is_relevant


def test_the_text_speaks_weakly() -> None:
    said = "深化医药卫生体制改革，公立医院，医保支付" * 50
    off = judge(Reading(reader_version="1", title="某通知", text=said), REFORM)
    assert not off.is_relevant
    on = judge(Reading(reader_version="1", title="关于改革试点的通知", text=said), REFORM)
    assert on.is_relevant
    assert on.reasons


def test_a_second_topic_is_only_a_file(tmp_path: Path) -> None:
    assert judge_title("关于加强保障性住房建设的意见", TOPICS["housing"]).is_relevant
    (tmp_path / "tea.toml").write_text(
        'name = "茶"\n[[title]]\nweight = 1.0\nwords = ["茶叶"]\n', encoding="utf-8"
    )
    tea = {topic.id: topic for topic in load_topics(tmp_path)}["tea"]
    assert isinstance(tea, Topic)
    assert judge_title("茶叶收购办法", tea).is_relevant


@pytest.mark.parametrize(
    "text", ["name = 3", "nam = 'x'", "[[", "name='x'\n[[title]]\nwords=['a']"]
)
def test_a_bad_topic_file_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadTopicFile, match=r"bad\.toml"):
        load_topics(tmp_path)
