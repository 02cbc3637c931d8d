"""Pairs that fresh texts showed to be hard: alike and strangers, or one notice and hardly alike."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from opencc_pyo3 import OpenCC

from archive.catalogue import Arrival, Catalogue, SourceFacts
from archive.catalogue.judge import numbers_agree
from archive.catalogue.places import may_be_one_body, places_in
from archive.ingest.fingerprint import fingerprint
from archive.ingest.title_core import title_core
from archive.notice import Outcome, Trust, in_one_script
from archive.notice.official_bodies import body_through_time, official_name

MINISTRY = SourceFacts(id="mof", name="财政部", trust=Trust.ISSUER, issuing_bodies=("财政部",))
FORUM = SourceFacts(id="forum", name="论坛", trust=Trust.UNKNOWN)
SENTENCES = (
    "各地要按照职责分工，细化工作措施，压实主体责任，确保各项政策落地见效。",
    "对符合条件的单位，按照核定床位数给予每张每年不超过三千元的运行补助。",
    "资金实行专账管理、专款专用，任何单位不得截留、挤占和挪用。",
    "县级部门应当自收到申请之日起十个工作日内完成审核，并将结果书面告知申请人。",
    "建立信息共享机制，通过统一平台归集数据，避免基层重复填报。",
    "对弄虚作假、骗取补助的，追回资金，并依照有关规定追究责任。",
    "鼓励社会力量以捐赠、共建等方式参与，享受国家规定的优惠政策。",
    "省级部门每季度汇总执行情况，于季度结束后十五日内报送主管司局。",
    "补助标准随经济社会发展适时调整，调整方案另行公布。",
    "各级审计机关依法对资金的分配、使用和绩效进行监督。",
)
TEXT = "\n".join(f"{n}、{sentence}" for n, sentence in enumerate(SENTENCES, 1))
TITLE = "财政部关于做好基层医疗机构运行补助资金管理工作的通知"
WHOLE = f"财社〔2023〕18号\n各省、自治区、直辖市财政厅（局）：\n{TEXT}\n财政部\n2023年5月6日"


def page(said: Any, url: str, source: SourceFacts, **fields: Any) -> Arrival:
    """The ministry's notice, or what is said otherwise."""
    stated: dict[str, Any] = {
        "title": TITLE,
        "document_number": "财社〔2023〕18号",
        "issuing_bodies": ("财政部",),
        "jurisdiction": None,
        "written_on": date(2023, 5, 6),
        "published_on": date(2023, 5, 10),
        "text": WHOLE,
    }
    arrival: Arrival = said.arrival(url, source, **{**stated, **fields})
    return arrival


def bare(said: Any, url: str, source: SourceFacts, **fields: Any) -> Arrival:
    """A copy without masthead, number and date."""
    gone = {"document_number": None, "written_on": None, "published_on": None, "text": TEXT}
    return page(said, url, source, **{**gone, **fields})


def notices(catalogue: Catalogue, arrivals: list[Arrival]) -> list[str | None]:
    catalogue.record_all(arrivals)
    found = [catalogue.by_url(arrival.capture.url) for arrival in arrivals]
    return [one.id if one else None for one in found]


def test_a_ministry_of_three_characters_is_one_body(catalogue: Catalogue, said: Any) -> None:
    first, copy = notices(
        catalogue,
        [page(said, "https://mof.example/1", MINISTRY), bare(said, "http://a.example/1", FORUM)],
    )
    assert first == copy


def test_a_traditional_page_that_no_mirror_made_is_the_same(
    catalogue: Catalogue, said: Any
) -> None:
    convert = OpenCC("s2t").convert
    traditional = page(
        said,
        "http://tw.example/1",
        FORUM,
        title=convert(TITLE),
        text=convert(WHOLE),
        document_number="財社〔2023〕18號",
        issuing_bodies=("財政部",),
        kind=convert("通知"),
    )
    ids = notices(catalogue, [traditional, page(said, "https://mof.example/1", MINISTRY)])
    assert len(set(ids)) == 1


def test_both_scripts_have_one_fingerprint() -> None:
    traditional = OpenCC("s2t").convert(WHOLE)
    assert traditional != WHOLE
    assert fingerprint(TITLE, traditional).text_digest == fingerprint(TITLE, WHOLE).text_digest
    assert in_one_script("國家衛生健康委員會") == "国家卫生健康委员会"
    assert in_one_script("plain") == "plain"


def test_a_page_taken_for_news_by_its_surroundings_is_the_notice(
    catalogue: Catalogue, said: Any
) -> None:
    ids = notices(
        catalogue,
        [
            page(said, "https://mof.example/1", MINISTRY),
            bare(said, "http://a.example/1", FORUM, kind="新闻"),
        ],
    )
    assert len(set(ids)) == 1


def test_a_mirror_that_changes_the_number_takes_no_copies_along(
    catalogue: Catalogue, said: Any
) -> None:
    wrong = page(
        said,
        "http://mirror.example/1",
        said.MIRROR,
        document_number="财社〔2023〕81号",
        text=WHOLE.replace("18号", "81号"),
    )
    others = [bare(said, f"http://c{n}.example/1", FORUM) for n in range(4)]
    others.append(page(said, "https://mof.example/1", MINISTRY))
    order = [wrong, *others]
    for seed in range(3):
        random.Random(seed).shuffle(order)
        if seed == 0:
            catalogue.record_all(order)
    ids = {catalogue.by_url(one.capture.url).id for one in others}
    assert len(ids) == 1
    assert catalogue.by_url(wrong.capture.url).id not in ids


def test_announcements_without_an_issuer_code_belong_to_their_ministries(
    catalogue: Catalogue, said: Any
) -> None:
    def announced(url: str, body: str, title: str, text: str) -> Arrival:
        return page(
            said, url, FORUM, title=title, text=text, issuing_bodies=(body,), kind="公告",
            document_number="2024年第5号", written_on=date(2024, 3, 1),
        )  # fmt: skip

    customs = "为便利通关，自本公告发布之日起，捐赠物资可先登记放行，再按规定补办手续。" * 4
    health = "根据食品安全法规定，审评机构组织专家对十种新食品原料安全性评估材料审查通过。" * 4
    ids = notices(
        catalogue,
        [
            announced("http://a.example/1", "海关总署", "关于捐赠物资通关手续的公告", customs),
            announced("http://a.example/2", "国家卫生健康委", "关于新食品原料的公告", health),
            announced(
                "http://b.example/2", "国家卫健委", "关于新食品原料的公告", health + "（完）"
            ),
        ],
    )
    assert ids[0] != ids[1] == ids[2]
    assert catalogue.alarms() == ()  # 第5号 twice is no conflict
    assert len(catalogue.by_number("2024年第5号")) == 2
    assert catalogue.notice(str(ids[0])).summary.document_number == "2024年第5号"


@pytest.mark.parametrize(
    ("a", "b", "is_one"),
    [
        ("2020年第17号", "海关总署公告2020年第17号", True),
        ("2020年第7号", "海关总署公告2020年第17号", False),
        ("财社〔2023〕18号", "财社〔2023〕18号", True),
        ("社〔2023〕18号", "财社〔2023〕18号", False),
    ],
)
def test_a_number_may_lack_its_body(a: str, b: str, is_one: bool) -> None:
    assert numbers_agree(a, b) is numbers_agree(b, a) is is_one


def test_batch_announcements_of_one_form_are_strangers(catalogue: Catalogue, said: Any) -> None:
    drugs = ("注射用头孢曲松钠", "阿莫西林胶囊", "盐酸二甲双胍片", "硝苯地平控释片")
    form = (
        "根据不良反应评估结果，决定对{0}说明书内容进行统一修订。上市许可持有人应当按照{0}修订要求备案。"
        + TEXT
    )
    arrivals = [
        page(
            said, f"http://{site}.example/{n}", FORUM, title=f"关于修订{drug}说明书的公告",
            text=form.format(drug), document_number=None, written_on=None, published_on=None,
            issuing_bodies=("国家药监局",), kind="公告",
        )
        for n, drug in enumerate(drugs)
        for site in "ab"
    ]  # fmt: skip
    ids = notices(catalogue, arrivals)
    assert len(set(ids)) == len(drugs)
    assert ids[0::2] == ids[1::2]


def test_an_edition_that_names_a_later_year_is_another(catalogue: Catalogue, said: Any) -> None:
    law = {"title": "云泽市社会救助条例", "document_number": None, "issuing_bodies": ()}
    old = page(
        said, "http://a.example/1", FORUM, published_on=date(2018, 11, 22),
        text=f"（2018年11月22日通过）\n{TEXT}", **law,
    )  # fmt: skip
    new = page(
        said, "http://a.example/2", FORUM, published_on=date(2024, 12, 31),
        text=f"（2018年11月22日通过 根据2024年12月31日决定修正）\n{TEXT}", **law,
    )  # fmt: skip
    old, new = (replace(one, reading=replace(one.read, written_on=None)) for one in (old, new))
    ids = notices(catalogue, [old, new])
    assert len(set(ids)) == 2


def test_excerpts_that_do_not_meet_meet_in_the_whole(catalogue: Catalogue, said: Any) -> None:
    lines = (TEXT * 3).split("\n")
    long = [f"{n}．{re.sub('^[0-9]*、', '', line)}{n * 7}" for n, line in enumerate(lines)]
    halves = ["\n".join(long[:14]), "\n".join(long[14:])]
    whole = page(said, "https://mof.example/1", MINISTRY, text="\n".join(long))
    parts = [
        bare(said, f"http://a.example/{n}", FORUM, text=text, kind=kind)
        for n, (text, kind) in enumerate(zip(halves, ("新闻", None), strict=True))
    ]
    ids = notices(catalogue, [*parts, whole])
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    ("dressed", "core"),
    [
        ("【转载】优化部分住房公积金贷款及提取政策_政策通", "优化部分住房公积金贷款及提取政策"),
        ("【广东省云泽市】关于优化购房登记系统的通知", "关于优化购房登记系统的通知"),
        ("【征求意见稿】关于优化购房登记系统的通知", "【征求意见稿】关于优化购房登记系统的通知"),
        ("短标题_政策通", "短标题_政策通"),
    ],
)
def test_a_reprinters_dressing_of_a_title_falls_off(dressed: str, core: str) -> None:
    assert title_core(dressed) == core


def test_places_are_places() -> None:
    assert places_in("关于促进房地产市场平稳健康发展的通知") == ()
    assert places_in("高县人民政府") == ("高县",)
    assert places_in("提高县级医院能力") == ()
    assert places_in("东莞市房地产市场") == ("东莞市",)


def test_a_body_is_known_through_its_names() -> None:
    assert official_name("国家卫健委") == "国家卫生健康委员会"
    assert official_name("国家卫健委办公厅") == "国家卫生健康委员会办公厅"
    assert official_name("国家药监局", date(2001, 5, 1)) == "国家药品监督管理局"
    assert official_name("云泽市医保局") == "云泽市医保局"
    assert body_through_time("卫生部") == body_through_time("国家卫生计生委")
    assert body_through_time("国家医保局") != body_through_time("国家卫健委")
    assert body_through_time("巴南区卫生局") == body_through_time("巴南区卫生健康委员会")
    assert body_through_time("巴南区卫生局") != body_through_time("南岸区卫生健康委员会")
    assert may_be_one_body("国家卫生计生委", "国家卫生健康委员会")
    assert may_be_one_body("国家卫生键康委办公厅", "国家卫生健康委办公厅")
    assert not may_be_one_body("重庆市巴南区卫生局", "重庆市江南区卫生局")


def test_orders_of_a_renamed_ministry_are_numbered_anew(catalogue: Catalogue, said: Any) -> None:
    arrivals = [
        page(
            said, f"http://a.example/{n}", FORUM, title=f"医疗机构{matter}管理办法",
            document_number=f"{body}令第1号", issuing_bodies=(body,), written_on=date(year, 3, 9),
            text=f"医疗机构{matter}管理办法\n{TEXT.replace('补助', matter)}",
        )
        for n, (body, year, matter) in enumerate(
            (("卫生部", 2011, "投诉"), ("卫生计生委", 2014, "病历"), ("国家卫健委", 2019, "感染"))
        )
    ]  # fmt: skip
    receipts = catalogue.record_all(arrivals)
    assert [receipt.outcome for receipt in receipts] == [Outcome.NEW] * 3
