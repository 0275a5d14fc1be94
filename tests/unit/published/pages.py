"""Pages as content management systems write them: thirty kinds, each of a report of its own.

A kind takes the official tables (:class:`torn.Torn`), and returns the page.  What it shows is
right and complete unless it is in ``TORN``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from html import escape

from tests.unit.published.torn import Row, Torn

TITLE = "柳溪县水利局{year}年政府信息公开工作年度报告"
HEADINGS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d[\d.]*")
_PIXEL = "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
Cell = Callable[[str], str]


def is_number(text: str) -> bool:
    """Return whether *text* is a number and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def table(
    rows: list[Row], cell: Cell = escape, *, td: str = "<td{}>{}</td>", tr: str = "<tr>{}</tr>"
) -> str:
    """Return *rows* with their spans; *cell* makes what a cell holds."""
    lines = []
    for row in rows:
        cells = []
        for text, (down, across) in zip(row.texts, row.spans or [(1, 1)] * 99, strict=False):
            spans = f' rowspan="{down}"' * (down > 1) + f' colspan="{across}"' * (across > 1)
            cells.append(td.format(spans, cell(text)))
        lines.append(tr.format("".join(cells)))
    return f'<table border="1" cellspacing="0">{"".join(lines)}</table>'


def article(tables: list[str], year: int, *, extra: str = "") -> str:
    """Return the report with *tables* in sections two to four."""
    parts = [
        f"<h2 class='tit'>{TITLE.format(year=year)}</h2><p>本报告的统计期限自{year}年1月1日起。</p>"
    ]
    for number, heading in enumerate(HEADINGS):
        parts.append(f"<p><strong>{heading}</strong></p>")
        parts.append(tables[number - 1] if 1 <= number <= 3 else "<p>各项工作正常。</p>" + extra)
    return "".join(parts)


def page(body: str, *, charset: str = "utf-8", head: str = "") -> str:
    """Return *body* as a saved page with the frame of a site around it."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>年报_柳溪县人民政府</title>'
        f"{head}<script>var n = 12;</script><style>td{{color:red}}</style></head><body>"
        "<div class=nav><ul><li><a href=/>首页</a><li>政务公开<li>2021年<li>2022年</ul></div>"
        "<div class=info>发布日期：2025-01-20 浏览次数：<span id=n>128</span></div>"
        f"<div id=zoom>{body}</div><div class=foot>主办：柳溪县 备案号 12345678 电话 0000-0000000"
        "</div></body></html>"
    )


def _plain(torn: Torn, year: int) -> str:
    return page(article([table(rows) for rows in torn.tables], year))


def _with(cell: Cell) -> Callable[[Torn, int], str]:
    def kind(torn: Torn, year: int) -> str:
        return page(article([table(rows, cell) for rows in torn.tables], year))

    return kind


def nested(torn: Torn, year: int) -> str:
    """Put tables in tables that only lay the page out."""
    inside = "<table><tr><td>&nbsp;</td><td>{}</td></tr></table>"
    frame = f"<table width=100%><tr><td>{inside}</td></tr></table>"
    inner = article([frame.format(table(rows)) for rows in torn.tables], year)
    return page(frame.format(inner))


def word_export(torn: Torn, year: int) -> str:
    """Write the page as Word saves it."""

    def cell(text: str) -> str:
        lang = "lang=EN-US " if is_number(text) else ""
        return (
            "<p class=MsoNormal align=center style='mso-margin-top-alt:auto;text-align:center'>"
            f"<span {lang}style='font-size:10.5pt;mso-bidi-font-size:12.0pt'>{escape(text)}"
            "<o:p></o:p></span></p>"
        )

    inside = "<xml><w:WordDocument><w:View>12</w:View></w:WordDocument></xml>"
    head = f"<!--[if gte mso 9]>{inside}<![endif]-->"
    td = "<td{} style='border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt'>{}</td>"
    tables = [table(rows, cell, td=td) for rows in torn.tables]
    return page(article(tables, year), head=head).replace("<table", "<table class=MsoTableGrid")


def excel_export(torn: Torn, year: int) -> str:
    """Write the page as Excel saves it."""

    def cell(text: str) -> str:
        return (
            escape(text)
            if not is_number(text)
            else f"<span style='mso-spacerun:yes'>&nbsp;</span>{text}"
        )

    td = "<td{} class=xl65 style='mso-number-format:General'>{}</td>"
    return page(article([table(rows, cell, td=td) for rows in torn.tables], year))


def breaks(torn: Torn, year: int) -> str:
    """Labels broken by hand, numbers with breaks around them."""

    def cell(text: str) -> str:
        if is_number(text):
            return f"<br>\n{text}<br/>"
        return "<br/>".join(escape(text[at : at + 5]) for at in range(0, len(text), 5))

    return _with(cell)(torn, year)


def split_digits(torn: Torn, year: int) -> str:
    """Each digit in an element of its own, as editors leave them."""
    return _with(
        lambda text: (
            "".join(f"<span>{char}</span>" for char in text) if is_number(text) else escape(text)
        )
    )(torn, year)


def blanks(torn: Torn, year: int) -> str:
    """Blanks of every kind around numbers and in labels."""
    return _with(lambda text: f"&nbsp;&#12288;{escape(text)}&#8203;&ensp;\t")(torn, year)


def unclosed(torn: Torn, year: int) -> str:
    """No end tags."""
    return page(article([table(rows, td="<td{}>{}", tr="<tr>{}") for rows in torn.tables], year))


def without_rows(torn: Torn, year: int) -> str:
    """Leave out the tag of the first row of each table; put divisions between rows."""
    text = page(article([table(rows, tr="<tr>{}</tr><div></div>") for rows in torn.tables], year))
    return text.replace('cellspacing="0"><tr>', 'cellspacing="0">')


def wrong_spans(torn: Torn, year: int) -> str:
    """Spans that claim nonsense."""
    text = page(article([table(rows) for rows in torn.tables], year))
    text = re.sub(r'rowspan="\d+"', 'rowspan="0"', text)
    return re.sub(r'colspan="\d+"', 'colspan="100%"', text)


def without_spans(torn: Torn, year: int) -> str:
    """No spans at all."""
    return re.sub(r' (?:row|col)span="\d+"', "", _plain(torn, year))


def heads_and_bodies(torn: Torn, year: int) -> str:
    """Heads in th and thead, rows in several bodies."""
    tables = []
    for rows in torn.tables:
        first = next(n for n, row in enumerate(rows) if row.shows)
        head = table(rows[:first], td="<th scope=col{}>{}</th>")
        body = table(rows[first:], tr="<tbody><tr>{}</tr></tbody>")
        start, end = '<table border="1" cellspacing="0">', "</table>"
        head, body = (part.removeprefix(start).removesuffix(end) for part in (head, body))
        tables.append(f"{start}<caption>统计表</caption><thead>{head}</thead>{body}{end}")
    return page(article(tables, year))


def by_pages(torn: Torn, year: int) -> str:
    """Make a table for each page of the original, its heads repeated."""
    tables = []
    for rows in torn.tables:
        heads = [row for row in rows if not row.shows]
        repeated = heads if len(heads) < 5 else []
        parts = [rows[at : at + 7] for at in range(0, len(rows), 7)]
        shown = [parts[0], *([*repeated, *part] for part in parts[1:])]
        tables.append("<p align=center>- 3 -</p>".join(table(part) for part in shown))
    return page(article(tables, year))


def one_row_tables(torn: Torn, year: int) -> str:
    """Make a table for each row."""
    return page(article(["".join(table([row]) for row in rows) for rows in torn.tables], year))


def one_table(torn: Torn, year: int) -> str:
    """All three tables as one."""
    rows = [row for rows in torn.tables for row in rows]
    return page(article([table(rows), "", ""], year))


def together(torn: Torn, year: int) -> str:
    """Put the numbers of a row in one cell, blanks between them."""
    for rows in torn.tables:
        for row in rows:
            numbers = [text for text in row.texts if is_number(text)]
            if row.shows and len(numbers) > 1:
                row.texts[-len(numbers) :] = ["  ".join(numbers)]
                row.spans = []
    return _plain(torn, year)


def run_together(torn: Torn, year: int) -> str:
    """Put the numbers of a row in one cell, nothing between them."""
    return together(torn, year).replace("  ", "")


def missing_rows(torn: Torn, year: int) -> str:
    """Leave out some rows."""
    for rows in torn.tables:
        for number in (11, 5):
            if number < len(rows) and rows[number].shows:
                del rows[number]
    return _plain(torn, year)


def in_yuan(torn: Torn, year: int) -> str:
    """Amounts in yuan, which the note above says, though the head says 万元."""
    text = _plain(torn, year).replace("（单位：万元）", "（单位：元）")
    return text.replace("<p><strong>二、", "<p>单位：件</p><p><strong>二、")


def tabs(torn: Torn, year: int) -> str:
    """Sections as tabs, of which all but the first are hidden until a script shows them."""
    hidden = "<div class='tab-pane' style='display: none'>{}</div>"
    tables = [table(rows) for rows in torn.tables]
    return page(article([tables[0], *map(hidden.format, tables[1:])], year))


def two_screens(torn: Torn, year: int) -> str:
    """Write the tables once more for telephones, hidden on other screens."""
    tables = [table(rows) + f"<div class=hidden>{table(rows)}</div>" for rows in torn.tables]
    return page(article(tables, year))


def inline_pictures(torn: Torn, year: int) -> str:
    """Pictures written into the page, also in cells."""
    pixel = f'<img src="data:image/gif;base64,{_PIXEL}">'
    tables = [table(rows, lambda text: pixel + escape(text)) for rows in torn.tables]
    return page(article(tables, year, extra=f"<p>{pixel}</p>"))


def struck(torn: Torn, year: int) -> str:
    """Numbers corrected by hand: the old one struck out, the new one beside it."""
    ways = ("<s>5</s>", "<del>7</del>", "<span style='text-decoration: line-through'>9</span>")
    return _with(lambda text: (ways[len(text) % 3] if is_number(text) else "") + escape(text))(
        torn, year
    )


def footnotes(torn: Torn, year: int) -> str:
    """Put the sign of a footnote behind each number."""
    return _with(lambda text: escape(text) + "<sup>1</sup>" * is_number(text))(torn, year)


def fields(torn: Torn, year: int) -> str:
    """Numbers in fields of a form that was filled in."""
    return _with(
        lambda text: (
            f'<input type="text" value="{text}" readonly>' if is_number(text) else escape(text)
        )
    )(torn, year)


def full_width(torn: Torn, year: int) -> str:
    """Full-width digits."""
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    return _with(lambda text: text.translate(wide) if is_number(text) else escape(text))(torn, year)


def grouped(torn: Torn, year: int) -> str:
    """Separators of thousands, bold totals, links on labels."""

    def cell(text: str) -> str:
        if not is_number(text):
            return f'<a href="#">{escape(text)}</a>'
        return f"<b>{float(text):,.2f}</b>" if "." in text else f"<b>{int(text):,}</b>"

    return _with(cell)(torn, year)


def strokes(torn: Torn, year: int) -> str:
    """Strokes for noughts."""
    return _with(lambda text: "—" if text == "0" else escape(text))(torn, year)


def comments(torn: Torn, year: int) -> str:
    """Comments and scripts within cells."""
    junk = "<!-- 12 --><script>document.write(9)</script><o:p>&nbsp;</o:p>"
    return _with(lambda text: junk + escape(text))(torn, year)


def year_before(torn: Torn, year: int) -> str:
    """Last year's tables below this year's."""
    chance = random.Random(4)
    others = [
        Row([str(chance.randrange(9)) if is_number(t) else t for t in row.texts], (), row.spans)
        for rows in torn.tables
        for row in rows
    ]
    return _plain(torn, year).replace(
        "<div class=foot>", f"<h3>上年数据</h3>{table(others)}<div class=foot>"
    )


def divisions(torn: Torn, year: int) -> str:
    """No table at all, but elements laid out as one."""
    return re.sub(r"<(/?)t(?:able|r|d)\b[^>]*>", r"<\1div>", _plain(torn, year))


KINDS: tuple[Callable[[Torn, int], str], ...] = (
    nested, word_export, excel_export, breaks, split_digits, blanks, unclosed, without_rows,
    wrong_spans, without_spans, heads_and_bodies, by_pages, one_row_tables, one_table, together,
    run_together, missing_rows, in_yuan, tabs, two_screens, inline_pictures, struck, footnotes,
    fields, full_width, grouped, strokes, comments, year_before, divisions,
)  # fmt: skip
TORN = frozenset((run_together, missing_rows, in_yuan, footnotes, year_before, divisions))
"""Kinds that lose or leave open numbers; which they are must be said."""
ENCODINGS = (
    ("utf-8", "utf-8"), ("gb18030", "gbk"), ("gb18030", "utf-8"), ("utf-8", "gb2312"),
    ("utf-16", "utf-8"), ("gb18030", "gb2312"),
)  # fmt: skip
"""How a page is encoded, and what it says of that."""
