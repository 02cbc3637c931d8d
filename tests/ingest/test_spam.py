"""Injected lines go; titles about the same things stay."""

from __future__ import annotations

import pytest

from archive.ingest.spam import find_spam

INJECTED = """\
二级黄片中文字幕添_婷婷丁香五月天综合东京热_亚洲国产中文字幕在线视频综合_少妇无码12p百度
亚洲精品国产-久久久久国产一区二区-91在线观看
欧美日韩在线观看,国产精品久久久,中文字幕无码一区
久久精品国产亚洲av|少妇人妻无码|日韩欧美在线
澳门新葡京娱乐城_bet365体育在线投注_真人百家乐开户
六合彩开奖结果-时时彩平台-北京赛车pk10投注
代孕多少钱_试管婴儿包男孩_借卵代孕价格表
代开发票|增值税票|正规发票可验证
传奇私服发布网_新开传奇sf发布网_变态版传奇
贷款无抵押,秒下款,黑户口子
&#20108;&#32423;&#40644;&#29255;_&#22269;&#20135;&#31934;&#21697;_&#26080;&#30721;
开云体育app下载_九游娱乐官方网站_乐鱼平台登录网址
国产 精品 久久 无码 中文字幕 在线观看
代孕公司_助孕套餐_供卵试管价格_三代试管婴儿包成功
正规代孕机构,代妈价格,代孕流程,包生男孩
代开增值税专用发票,开发票加微信13800138000
各地代开发票|餐饮发票|住宿发票|验后付款
热血传奇sf_刚开一秒传奇私服_1.76复古传奇_传奇手游变态版
世界杯买球app_足球投注平台_滚球盘口_外围赌球网站
🔥🔥澳门六合彩🔥开奖直播🔥一肖一码🔥
✅网贷口子✅不看征信✅秒到账✅身份证贷款
ｂｅｔ３６５＿真人百家乐＿澳门威尼斯人＿皇冠体育
B体育(中国)官方网站
乐鱼体育官网入口_华体会登录_米兰体育_爱游戏APP
代 孕 多 少 钱 _ 试 管 婴 儿 _ 包 男 孩
代*孕*价*格_试*管*包*男*孩
国産精品久久久_無碼人妻一區二區_歐美日韓在線
澳門新葡京娛樂場_真人百家樂_老虎機遊戲平臺
杭州代孕中心_杭州代孕费用_杭州代孕医院
必威betway_必威体育平台_betway必威官网
免费vpn加速器_科学上网梯子_永久免费节点
黑客接单_手机定位找人_微信聊天记录查询
无痛人流多少钱_看妇科哪家医院好_人流医院排名
驾驶证代办_行驶证补办_身份证制作
高端外围_商务伴游_同城兼职
期货配资|股票配资平台|10倍杠杆炒股""".splitlines()

TRUE = """关于开展打击淫秽色情出版物专项行动的通知
关于开展打击非法代孕专项行动的通知
关于开展打击代孕、借卵、供卵、非法鉴定胎儿性别专项整治的通知
关于治理网络赌博、电信诈骗的通告
禁毒宣传教育_禁毒办_某市公安局
性病防治工作方案
成人免疫接种指南(2024年版)
关于印发人类辅助生殖技术管理办法的通知_政策文件_国家卫生健康委员会
关于体育彩票公益金使用情况的公告
打击虚开发票、代开发票、假发票违法犯罪
网络游戏私服、外挂整治
老龄办_老年福利_养老福利政策
淘宝刷单刷钻、网络赌博、裸聊敲诈：警惕电信诈骗
整治网络赌博、网贷、套现、刷单乱象的通知
关于防范代孕、卖卵、买卖出生医学证明等违法行为的警示
三代试管婴儿技术准入评审结果公示
妇产科_生殖医学科_男科_试管婴儿_北京大学第三医院
警方提醒：网贷、刷单、裸聊、套现均为诈骗
皇冠、威尼斯人、金沙等酒店纳入隔离点
六合区卫生健康局关于印发工作要点的通知
关于做好“互联网+护理”上门服务价格项目的通知
家庭医生签约_上门服务_价格表_收费标准
成人用品监督抽检结果公告
市税务局关于代开增值税专用发票有关事项的公告
中国福利彩票双色球开奖公告
创业担保贷款_小额贷款贴息_政策解读
一区二区三区疫情防控指挥部
无码产品追溯管理规定
福利彩票_体育彩票_彩票公益金
艾滋病_淋病_尖锐湿疣_性病
网络诈骗_刷单_网贷_套现
刷单返利,虚假贷款,冒充客服,裸聊敲诈
不孕不育_试管婴儿_辅助生殖
新闻|体育|娱乐|游戏|棋牌
学历认证,学位证,毕业证
缴存人在市内购买自住住房的,贷款额度可上浮,民间借贷、信用贷款不计;""".splitlines()


@pytest.mark.parametrize("line", INJECTED)
def test_an_injected_line_is_found(line: str) -> None:
    found = find_spam([line, "关于印发工作要点的通知"], title=line)
    assert found.lines == {0}
    assert found.title_is_spam
    assert found.title_without_spam is None
    assert found.reasons


@pytest.mark.parametrize("title", TRUE)
def test_a_true_title_about_such_things_stays(title: str) -> None:
    found = find_spam([title], title=title)
    assert not found.lines
    assert not found.title_is_spam


@pytest.mark.parametrize(
    "title",
    [
        "国产精品久久久久久_{}_欧美一区",
        "{}_代孕公司_供卵试管",
        "{} - 开云体育app下载 - 九游娱乐",
        "【代孕多少钱】{}【试管包男孩】",
        "{}|六合彩开奖结果|一肖一码",
    ],
)
def test_the_honest_part_of_a_title_is_kept(title: str) -> None:
    honest = "卫生健康委关于印发工作要点的通知"
    assert find_spam([], title=title.format(honest)).title_without_spam == honest


def test_a_block_in_the_middle_is_found_by_what_only_a_seller_says() -> None:
    body = [f"第{n}条 本办法由市卫生健康委员会负责解释。" for n in range(30)]
    for line in ("代孕公司_助孕套餐_代妈价格", "不看征信|秒到账|身份证贷款", "一肖一码 六合彩开奖"):
        assert find_spam([*body, line, *body]).lines == {30}


def test_what_stands_beside_an_offices_title_is_judged_by_itself() -> None:
    honest = "关于印发2024年卫生健康工作要点的通知"
    for rest in ("日韩三级电影,伦理片,免费黄色网址", "老王vpn最新版_哔咔漫画加速器"):
        assert find_spam([], title=f"{honest}_{rest}").title_without_spam == honest
    assert not find_spam([], title=f"{honest}_政策文件_某市卫生健康委").title_is_spam


@pytest.mark.parametrize(
    "line",
    [
        "净水器厂家_净水机批发_家用净水器价格",
        "铸造厂家_铸造批发价格_铸造加工",
        "钢材批发_钢材价格_钢材厂家直销",
    ],
)
def test_a_trade_that_nobody_listed_is_known_by_how_it_sells(line: str) -> None:
    text = ["本办法自印发之日起施行。"] * 40
    assert find_spam([line, *text]).lines == {0}


@pytest.mark.parametrize(
    "menu",
    [
        "房屋出售|房屋出租|房屋价格",
        "药品价格_价格监测_价格公示",
        "家电维修_家电售后_家电价格投诉",
        "用户登录_用户注册_用户下载",
        "景区门票价格_景区门票优惠政策_景区",
    ],
)
def test_a_menu_of_services_sells_nothing(menu: str) -> None:
    assert not find_spam([menu], title=menu).lines


def test_spam_at_the_end_is_found() -> None:
    lines = ["各单位：", "现印发给你们。", *[f"第{n}条" for n in range(40)], INJECTED[0]]
    assert find_spam(lines).lines == {42}


def test_a_huge_line_costs_no_more_than_its_beginning() -> None:
    assert not find_spam(["_" * 2_000_000, "国" * 2_000_000]).lines
