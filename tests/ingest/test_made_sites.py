"""One notice on many sites drawn by lot: every one of them reads as the notice says."""

from __future__ import annotations

import pytest
from made_sites import INDEX, ISSUER, make_site

from archive.ingest import read_bytes

BLOCKS = (
    "<div class='s'><span>分享到：</span><a>微信</a><a>微博</a><a>QQ空间</a></div>",
    "<p>编辑：张某</p><p>初审：李某</p><p>终审：王某</p>",
    "<div class='e'><p>扫一扫在手机打开当前页</p></div>",
    "<div class='v'><h4>您对本页面内容的评价</h4><label>满意</label><label>不满意</label></div>",
    "<ul><li>上一篇：<a href='/1'>关于公布名单的通知</a></li><li>下一篇：没有了</li></ul>",
    "<div><div>相关文章</div><ul><li><a href='/1'>召开会议</a><span>05-02</span></li></ul></div>",
    "<div><span>【相关解读】</span><a href='/1'>《价格管理办法》解读</a></div>",
    "<p>免责声明：本网站转载内容不代表本网站观点，版权归作者所有。</p>",
    "<div class='t'>标签：<a href='/t1'>医保</a><a href='/t2'>价格</a></div>",
    "<div class='l'><h3>友情链接</h3><a href='/a'>中国政府网</a><a href='/b'>省政府</a></div>",
    "<div><a>打印本页</a> | <a>关闭窗口</a> | <a>返回顶部</a></div>",
    "<div class='f'><p>版权所有：医疗保障局</p><p>您是第 <b>123456</b> 位访问者</p></div>",
    "<div class='n'><h3>最新公开</h3><ul><li><a href='/1'>云泽市某公告</a></li></ul></div>",
)


@pytest.mark.parametrize("seed", range(120))
def test_a_site_drawn_by_lot_reads_as_its_notice(seed: int) -> None:
    made = make_site(seed, BLOCKS)
    got = read_bytes(made.page.encode(), url="http://www.yunze.example/a.html")
    assert "".join((got.title or "").split()) == made.title
    assert got.document_number == made.number
    assert got.issuing_bodies == (ISSUER,)
    assert (str(got.written_on), str(got.published_on)) == ("2024-04-30", "2024-05-06")
    assert got.index_number in (None, INDEX)
    assert "".join(got.text.split()) == made.text
