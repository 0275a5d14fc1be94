"""What is fuzzed: one target for each kind of input, with sound inputs and what reads them.

A target is given bytes and an empty folder.  It returns when the program dealt with them: a
report, findings that can be printed, or one EnvironmentProblem in Chinese.  It raises otherwise.
"""

from __future__ import annotations

import atexit
import io
import quopri
import re
import shutil
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from msgspec import Struct
from openpyxl import Workbook
from PIL import Image

from reportgen.api import build_folder, check_folder
from reportgen.batch.unit import Unit, build_unit
from reportgen.compare import (
    diff_object,
    diff_page,
    diff_sources,
    difference_objects,
    open_folder,
    pull_changes,
    verify_file,
    verify_page,
)
from reportgen.diagnostics import Diagnostic
from reportgen.files import Cache, resource_folder
from reportgen.findings_text import render_full, render_json, render_short
from reportgen.finished import read_published
from reportgen.forms import Library, shipped_library
from reportgen.problems import EnvironmentProblem
from reportgen.units import JOURNAL_FILE, compare_units, read_roll
from reportgen.workflows import aggregate_sources, import_report
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, quantities, zeros
from tests.fuzz.mutation import (
    Damage,
    damage_bytes,
    damage_lines,
    damage_named,
    damage_package,
    damage_picture,
)
from tests.petitions import write_petitions
from tests.visual.samples import SAMPLES, build, build_sample

SAMPLE = SAMPLES / "rare-characters-2024"
TEMPLATES = resource_folder("templates")
EVERY_PAGE, EVERY_FORMAT = 20, 200
"""One input in so many is also made a page, and one a DOCX and a PDF, which takes far longer."""
DATA = Path(__file__).resolve().parent.parent / "data"
"""Published reports in formats that the program does not write."""

_CHINESE = re.compile("[\u4e00-\u9fff]")
_PYTHON = re.compile(r"Traceback|\w+Error\b|<\w+ object|0x[0-9a-f]{8}")
_PICTURES = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


_NARRATIVE = """# 一、总体情况

## （一）主动公开

全年主动公开信息{{ 326 }}条，比上年增长10%。

- 收到申请{{ 申请.本年新收.总计 }}件，其中自然人{{ 申请.本年新收.自然人 }}件；
- 办结7件，占{{ 占比(申请.总计.总计, 申请.本年新收.总计) }}。

# 五、存在的主要问题及改进情况

无。

# 六、其他需要报告的事项

无。
"""


class Target(Struct, frozen=True):
    """One kind of input."""

    seeds: Callable[[], Sequence[bytes]]
    """Sound inputs."""

    run: Callable[[bytes, Path], None]
    """What reads an input in an empty folder."""

    damage: Damage
    words: Sequence[bytes] = ()
    """Words that mean something in an input of this kind."""

    share: int = 100
    """How many inputs are read in a turn: fewer where one takes long, so that each target has
    about the same time."""


class Find(Exception):  # noqa: N818 - what a campaign is after
    """The program dealt with an input in a way it must not."""


def told(run: Callable[[], object]) -> None:
    """Call *run*, which may raise EnvironmentProblem in Chinese and nothing else."""
    try:
        run()
    except EnvironmentProblem as problem:
        if not _CHINESE.search(problem.message) or _PYTHON.search(problem.message):
            raise Find(f"no message for a user: {problem.message}") from problem


def printed(findings: Sequence[Diagnostic]) -> None:
    """Print *findings* in every way; each must have words."""
    for item in findings:
        if not item.message or _PYTHON.search(item.message):
            raise Find(f"no message for a user: {item.message}")
    render_full(findings), render_short(findings), render_json(findings).encode()


def _report(place: Path) -> None:
    """Make *place* a sound report folder, whose narrative has a few sentences."""
    shutil.copy(SAMPLE / "report.yaml", place)
    (place / "正文.md").write_text(_NARRATIVE, encoding="utf-8")


@cache
def _one_page() -> tuple[Path, Library]:
    """Return a report folder of one page, and the library with its form.

    What is tried with it does not depend on the form, and whole reports take ten times as long.
    """
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_petitions(folder)
    return folder, shipped_library().for_folder(folder)


def _page(place: Path, narrative: str = "") -> Library:
    """Make *place* a sound report of one page; return the library with its form."""
    folder, library = _one_page()
    for name in ("report.yaml", "正文.md"):
        shutil.copy(folder / name, place)
    if narrative:
        (place / "正文.md").write_text(narrative, encoding="utf-8")
    return library


def _formats(data: bytes) -> tuple[str, ...]:
    """Return what is built of an input: the same each time it is run."""
    number = zlib.crc32(data)
    if number % EVERY_FORMAT == 0:
        return ("html", "json", "docx", "pdf", "ofd")
    return ("json",) if number % EVERY_PAGE else ("html",)


def _built(
    place: Path, data: bytes, library: Library | None = None, formats: tuple[str, ...] = ()
) -> None:
    """Check the report in *place* and build a draft of it in *formats*, in memory."""
    checked = check_folder(place, library)
    printed(checked.diagnostics)
    checked.build(formats=formats or _formats(data), draft=True)


def run_file(data: bytes, place: Path, *, name: str) -> None:
    """Read *data* as the file *name* of a report folder."""
    _report(place)
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    told(lambda: _built(place, data))


def run_named(data: bytes, place: Path) -> None:
    """Read *data* as the file that its first line names."""
    name, _, content = data.partition(b"\n")
    run_file(content, place, name=name.decode())


def run_workbook(data: bytes, place: Path) -> None:
    """Read *data* as the tables of a report that has none in report.yaml."""
    (place / "report.yaml").write_text("单位: 某局\n年度: 2024\n", encoding="utf-8")
    (place / "正文.md").write_text("# 一、总体情况\n\n已公开。\n", encoding="utf-8")
    (place / "数据.xlsx").write_bytes(data)
    told(lambda: _built(place, data))


def run_word(data: bytes, place: Path) -> None:
    """Read *data* as the narrative of a report, typed in Word."""
    _report(place)
    (place / "正文.md").unlink()
    (place / "正文.docx").write_bytes(data)
    told(lambda: _built(place, data))


def run_last_year(data: bytes, place: Path) -> None:
    """Read *data* as last year's report."""
    _report(place)
    with (place / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("上年: 上年.html\n")
    (place / "上年.html").write_bytes(data)
    told(lambda: _built(place, data))


def run_import(data: bytes, place: Path) -> None:
    """Make a report folder of the document *data* and a picture, and check it."""
    materials = place / "材料"
    materials.mkdir()
    (materials / "年报.docx").write_bytes(data)
    (materials / "图.png").write_bytes(_picture("PNG"))

    def made() -> None:
        found = import_report([materials], place / "报告", bind=True)
        printed(found.diagnostics)
        if found.files:
            _built(place / "报告", data)

    told(made)


def run_picture(data: bytes, place: Path) -> None:
    """Read *data* as a screenshot and put it into every output."""
    library = _page(place, "# 一、基本情况\n\n![图](a.png)\n")
    (place / "a.png").write_bytes(data)
    told(lambda: _built(place, data, library, ("html",)))


def run_font(data: bytes, place: Path) -> None:
    """Read *data* as a font of the folder."""
    library = _page(place)
    (place / "fonts").mkdir()
    (place / "fonts" / "方正小标宋.ttf").write_bytes(data)
    formats, out = ("pdf", "docx"), place / "out"
    told(lambda: build_folder(place, out, library=library, formats=formats, embed_fonts=True))


def run_record(data: bytes, place: Path) -> None:
    """Build twice, with *data* as one of the records of what was written last."""
    _report(place)
    name, _, content = data.partition(b"\n")
    out = place / "output"
    unit = Unit("某局", place, out, ("json",), draft=True)
    for _ in range(2):
        told_first = build_unit(unit).findings.first
        if "程序内部出错" in told_first:
            raise Find(told_first)
        (out / name.decode()).write_bytes(content)


def run_cache(data: bytes, place: Path) -> None:
    """Check a report with *data* in place of every result kept on disk."""
    library = _page(place, "# 一、基本情况\n\n![图](a.png)\n")
    (place / "a.png").write_bytes(_picture("PNG", "RGBA"))
    cache = Cache(place / "cache")

    def twice() -> None:
        check_folder(place, library, cache).build(formats=("html",), draft=True)
        for kind in [path for path in (place / "cache").rglob("*") if path.is_file()]:
            cache.put(kind.parent.name, kind.name, data)
        check_folder(place, library, cache).build(formats=("html",), draft=True)

    told(twice)


def run_published(data: bytes, place: Path, *, suffix: str) -> None:
    """Read *data* as a finished file."""
    path = place / f"年报{suffix}"
    path.write_bytes(data)

    def read() -> None:
        printed(read_published(path, check=True).diagnostics)

    told(read)


def run_verify(data: bytes, place: Path) -> None:
    """Compare *data* with the folder it is said to be made of, and write the changes back."""
    _report(place)
    path = place / "年报.docx"
    path.write_bytes(data)

    def compared() -> None:
        verified = verify_file(path, open_folder(place))
        difference_objects([verified])
        if _formats(data) != ("json",):
            verify_page([verified], shipped_library())
            verified = pull_changes(verified).verified
        printed(verified.diagnostics)

    told(compared)


def run_pull(data: bytes, place: Path) -> None:
    """Write what the page *data* says into a folder of a workbook and a narrative in Word."""
    for name, content in _written_in_office().items():
        (place / name).write_bytes(content)
    path = place / "年报.html"
    path.write_bytes(data)

    def pulled() -> None:
        found = pull_changes(verify_file(path, open_folder(place)))
        printed(found.verified.diagnostics)
        printed(check_folder(place).diagnostics)

    told(pulled)


def run_sum(data: bytes, place: Path) -> None:
    """Add up two reports twice, the second time with *data* as the file its first line names."""
    units, out = place / "各单位", place / "汇总"
    units.mkdir()
    for number, report in enumerate(_finished("json")):
        (units / f"{number}.json").write_bytes(report)
    name, _, content = data.partition(b"\n")
    roll = place / "名册.csv"
    roll.write_text("单位\n示例镇人民政府\n某局\n", encoding="utf-8")

    def added() -> None:
        for _ in range(2):
            aggregate_sources([units], out, organ="某县人民政府", roll=roll, key=_KEY)
            (place / name.decode()).write_bytes(content)

    told(added)


def run_diff(data: bytes, place: Path) -> None:
    """Compare *data* as one year's report with another."""
    path = place / "年报.html"
    path.write_bytes(data)

    def compared() -> None:
        diff = diff_sources(path, SAMPLE)
        diff_page(diff, shipped_library()), diff_object(diff)

    told(compared)


def run_roll(data: bytes, place: Path, *, suffix: str = ".csv") -> None:
    """Read *data* as the list of the units that must report."""
    path = place / f"名册{suffix}"
    path.write_bytes(data)
    told(lambda: compare_units([], read_roll(path)))


@cache
def _texts(name: str) -> Sequence[bytes]:
    """Return the files called *name* of all samples."""
    return [path.read_bytes() for path in sorted(SAMPLES.glob(f"*/{name}"))]


@cache
def _sections() -> Sequence[bytes]:
    """Return the narratives of all samples, and each of their sections."""
    whole = _texts("正文.md")
    return [*whole, *(part for text in whole for part in re.split(rb"(?m)^(?=# )", text) if part)]


@cache
def _expressions() -> Sequence[bytes]:
    return [
        b"# \xe4\xb8\x80\n\n{{ " + word.encode() + b" }}\n"
        for word in (
            "申请.本年新收.总计", "同比(申请.本年新收.总计, 上年.申请.本年新收.总计)",
            "占比(申请.予以公开.总计, 申请.总计.总计)|round(1)", "申请.本年新收|join('、')",
            "'%s' ~ 单位", "(1 + 2) * 3 ** 2 / 7", "申请['本年新收']['自然人']",
            "[3, 1, 2]|sort|first", "range(9)|sum", "联系方式.电话 or '无'",
        )
    ] + [
        "{% for 名, 数 in 申请.本年新收.items() %}{{ 名 }}{{ loop.index }}{% endfor %}".encode(),
        "{% if 年度 > 2020 %}是{% elif 单位 %}{% else %}否{% endif %}".encode(),
        "{% set 甲 = 申请.本年新收.总计 %}{{ 甲 + 1 }}".encode(),
    ]  # fmt: skip


@cache
def _templates() -> Sequence[bytes]:
    """Return the templates a folder may have, each behind its name."""
    return [
        f"templates/{path.relative_to(TEMPLATES).as_posix()}\n".encode() + path.read_bytes()
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file() and path.name != "form.json" and "2019" not in path.parts
    ]


@cache
def _overrides() -> Sequence[bytes]:
    lines = (
        "overrides: {T303: {severity: hint}}",
        "checks:\n  - code: X901\n    slug: own\n    kind: pattern\n    severity: warning\n"
        "    title: 标题\n    message: 说明 {{ 原文 }}\n    hint: 处理\n    pattern: '公开|不予'\n",
        "checks:\n  - code: X902\n    slug: sum\n    kind: identity\n    severity: error\n"
        "    title: 标题\n    message: 说明\n    formula: 申请/本年新收/总计 = 申请/总计/总计\n",
    )
    return [f"templates/checks.yaml\n{line}".encode() for line in lines]


@cache
def _workbooks() -> Sequence[bytes]:
    return [fill_workbook(form, quantities(zeros(name))) for name, form in FORMS.items()]


def _picture(kind: str, mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).convert(mode).save(stream, kind)
    return stream.getvalue()


@cache
def _pictures() -> Sequence[bytes]:
    more = [_picture("PNG", mode) for mode in ("RGBA", "LA", "P", "L", "1")]
    return [*map(_picture, _PICTURES), *more, _picture("JPEG", "CMYK"), _picture("JPEG", "L")]


@cache
def _fonts() -> Sequence[bytes]:
    import uharfbuzz

    whole = (resource_folder("fonts") / "ReportgenFangSong-Regular.ttf").read_bytes()
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).update(map(ord, "政府信息公开工作年度报告"))
    return [uharfbuzz.subset(uharfbuzz.Face(whole), wanted).blob.data]


@cache
def _records() -> Sequence[bytes]:
    name = "某局2024年政府信息公开工作年度报告.docx"
    return [
        f'.reportgen.json\n{{"{name}": "{"0" * 64}"}}\n'.encode(),
        b'.reportgen-batch.json\n{"inputs": "0", "outputs": {"a.html": "0"}, "seal": "0",'
        b' "findings": {"errors": 0, "warnings": 0, "first": "", "place": ""}}\n',
    ]


@cache
def _verdicts() -> Sequence[bytes]:
    return [
        b'{"kind":"png","width":40,"height":30,"treatment":"cut-alpha"}',
        _picture("PNG"),
        b"",
    ]


@cache
def _finished(kind: str) -> Sequence[bytes]:
    return [build_sample(SAMPLE.name, kind)]


@cache
def _parts(kind: str) -> Sequence[bytes]:
    """Return a whole finished file, and files with one of its tables or pages each."""
    (whole,) = _finished(kind)
    return [whole, *_CUT[kind](whole)]


def _html_tables(whole: bytes) -> list[bytes]:
    head = whole[: whole.index(b"<table")]
    tables: list[bytes] = re.findall(rb"<table.*?</table>", whole, re.DOTALL)
    return [head + table for table in tables]


def _docx_tables(whole: bytes) -> list[bytes]:
    import docx

    made = []
    for kept in range(3):
        document = docx.Document(io.BytesIO(whole))
        for number, table in enumerate(document.tables):
            if number != kept:
                document.element.body.remove(table._element)
        stream = io.BytesIO()
        document.save(stream)
        made.append(stream.getvalue())
    return made


def _pdf_pages(whole: bytes) -> list[bytes]:
    import pypdfium2

    pages = pypdfium2.PdfDocument(whole)
    made = []
    for number in range(len(pages)):
        document, stream = pypdfium2.PdfDocument.new(), io.BytesIO()
        document.import_pages(pages, [number])
        document.save(stream)
        made.append(stream.getvalue())
    return made


_CUT = {"html": _html_tables, "docx": _docx_tables, "pdf": _pdf_pages}


@cache
def _compared() -> Sequence[bytes]:
    """Return the document of the report that finished files are compared with."""
    with TemporaryDirectory() as place:
        _report(Path(place))
        return [build(Path(place), "docx")]


@cache
def _rolls() -> Sequence[bytes]:
    return [
        '序号,单位,备注\n1,某局,\n2,"某县,水务局",新\n3,某镇人民政府,\n'.encode(),
        "某局\n某镇人民政府\n１．某街道办事处\n".encode("gb18030"),
    ]


@cache
def _written_in_office() -> dict[str, bytes]:
    """Return the files of a sound report whose numbers and text were typed in Excel and Word."""
    import docx

    document = docx.Document()
    for line in _NARRATIVE.split("\n\n"):
        document.add_paragraph(line.lstrip("# "))
    stream = io.BytesIO()
    document.save(stream)
    name = next(iter(FORMS))
    return {
        "report.yaml": "单位: 某局\n年度: 2024\n".encode(),
        "数据.xlsx": fill_workbook(FORMS[name], quantities(zeros(name))),
        "正文.docx": stream.getvalue(),
    }


@cache
def _pages_of_office() -> Sequence[bytes]:
    with TemporaryDirectory() as place:
        for name, content in _written_in_office().items():
            (Path(place) / name).write_bytes(content)
        (whole,) = check_folder(place).build(formats=("html",), draft=True).files.values()
    return [whole]


@cache
def _summed() -> Sequence[bytes]:
    """Return the files that a sum reads, each behind its name."""
    (report,) = _finished("json")
    with TemporaryDirectory() as place:
        units, out = Path(place) / "各单位", Path(place) / "汇总"
        units.mkdir()
        (units / "0.json").write_bytes(report)
        aggregate_sources([units], out, organ="某县人民政府", key=_KEY)
        made = [out / "report.yaml", out / JOURNAL_FILE]
        seeds = [f"汇总/{path.name}\n".encode() + path.read_bytes() for path in made]
    seeds += ["名册.csv\n".encode() + roll for roll in _rolls()]
    return [*seeds, "各单位/1.json\n".encode() + report]


@cache
def _roll_workbooks() -> Sequence[bytes]:
    rows = [("序号", "单位", "层级"), (1, "某局", "县直"), (2, "某镇人民政府", "乡镇")]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    sheet.merge_cells("C2:C3")
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue()]


@cache
def _archives() -> Sequence[bytes]:
    """Return the pages of a report as a browser saves them in one file, with a picture."""
    import base64

    head = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: http://a.cn/\r\n\r\n"
    )
    picture = (
        b"\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-ID: <a>\r\n\r\n" + base64.b64encode(_picture("PNG")) + b"\r\n--b--\r\n"
    )
    return [head + quopri.encodestring(page) + picture for page in _parts("html")]


@cache
def _published_files(suffix: str) -> Sequence[bytes]:
    return [path.read_bytes() for path in sorted(DATA.glob(f"*{suffix}"))]


def _words(*texts: str) -> Sequence[bytes]:
    return [word.encode() for text in texts for word in text.split()]


_KEY = b"of the user"
"""Seals the journals of sums; a stranger does not have it."""
_MIME = [
    b"--b", b"--b--", b"Content-Type: multipart/mixed; boundary=", b"boundary=b",
    b"Content-Type: text/html; charset=utf-16", b"charset=no-such", b"message/rfc822",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode", b"=\r\n",
    b"=E5", b"\r\n\r\n",
]  # fmt: skip

_YAML = _words(
    "单位: 年度: 标题: 类型: 版式: 联系方式: 成文日期: 上年: 缺省: 正文: 检查: "
    "主动公开: 申请: 复议诉讼: 本年新收: 总计: !!python/object "
    "&a *a << ? | > 2019 汇总 - ... --- {} [] 0x10 1_000 万元 1,234 １２"
)
_MARKDOWN = _words(
    "# ## 一、总体情况 （一） 1. - * ** ``` | |---| ![图](a.png) [甲](https://a.b) "
    "<b> <!-- --> {宽=80%} {{单位}} {%if%} \\ &amp; > [^1] ~~ 上年 件 同比增长 % 100%"
)
_JINJA = _words(
    "{{ }} {% %} {# #} | ~ ** // % + - * / ( ) [ ] . , 申请 单位 年度 上年 同比 占比 "
    "join round sum sort range length items() "
    "loop for in if endif endfor set macro include import self caller __class__ "
    "1e9 10**9 'x' true none not and or is defined"
)
_MARKUP = [
    b"<table>", b"</table>", b"<td>", b"</td>", b"<tr>", b'rowspan="9"', b'colspan="999999"',
    b"<script>", b"&#x0;", b"<w:tbl>", b"</w:tbl>", b"<w:p>", b"<w:del>", b"<w:tc>",
    b'<w:gridSpan w:val="-1"/>', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
    b"<c r='A1'><v>1</v></c>", b't="s"', b' s="999"', b"<mergeCell ref='A1:XFD9'/>",
    b"stream", b"endobj", b"/Kids", b" R ",
]  # fmt: skip
_CHUNKS = [
    b"tRNS", b"eXIf", b"iCCP", b"acTL", b"PLTE", b"IDAT", b"\xff\xd9", b"\xff\xda", b"\xff\xc4\0\2",
    b"\xff\xe1\0\x08Exif\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1",
]  # fmt: skip


def _published(
    suffix: str, damage: Damage, seeds: Callable[[], Sequence[bytes]], share: int
) -> Target:
    return Target(seeds, partial(run_published, suffix=suffix), damage, _MARKUP, share)


def _all_of(*parts: Callable[[], Sequence[bytes]]) -> Callable[[], Sequence[bytes]]:
    return lambda: [seed for part in parts for seed in part()]


TARGETS: dict[str, Target] = {
    "data": Target(
        partial(_texts, "report.yaml"),
        partial(run_file, name="report.yaml"),
        damage_lines,
        _YAML,
        share=150,
    ),
    "narrative": Target(
        _sections, partial(run_file, name="正文.md"), damage_lines, _MARKDOWN, share=80
    ),
    "placeholders": Target(
        _expressions, partial(run_file, name="正文.md"), damage_bytes, _JINJA, share=80
    ),
    "workbook": Target(_workbooks, run_workbook, damage_package, _MARKUP, share=50),
    "word": Target(partial(_parts, "docx"), run_word, damage_package, _MARKUP, share=60),
    "last-year": Target(partial(_parts, "html"), run_last_year, damage_bytes, _MARKUP, share=50),
    "import": Target(partial(_parts, "docx"), run_import, damage_package, _MARKUP, share=50),
    "picture": Target(_pictures, run_picture, damage_picture, _CHUNKS, share=100),
    "templates": Target(
        _templates, run_named, damage_named(damage_lines), [*_YAML, *_JINJA], share=40
    ),
    "overrides": Target(_overrides, run_named, damage_named(damage_lines), _YAML, share=150),
    "font": Target(_fonts, run_font, damage_bytes, share=40),
    "record": Target(
        _records, run_record, damage_named(damage_bytes), [b"{}", b"[]", b"../a"], share=40
    ),
    "cache": Target(
        _verdicts, run_cache, damage_bytes, [b"convert", b"nothing", b"jpeg"], share=50
    ),
    "verify": Target(_compared, run_verify, damage_package, _MARKUP, share=40),
    "pull": Target(_pages_of_office, run_pull, damage_bytes, _MARKUP, share=5),
    "sum": Target(_summed, run_sum, damage_named(damage_bytes), [*_YAML, b'"'], share=20),
    "diff": Target(partial(_parts, "html"), run_diff, damage_bytes, _MARKUP, share=50),
    "roll": Target(_rolls, run_roll, damage_lines, _words('单位 名称 , " 序号'), share=150),
    "roll-xlsx": Target(
        _roll_workbooks, partial(run_roll, suffix=".xlsx"), damage_package, _MARKUP, share=100
    ),
    "published-mhtml": Target(
        _archives, partial(run_published, suffix=".mht"), damage_bytes, [*_MIME, *_MARKUP]
    ),
    "published-html": _published(".html", damage_bytes, partial(_parts, "html"), share=100),
    "published-docx": _published(".docx", damage_package, partial(_parts, "docx"), share=100),
    "published-pdf": _published(".pdf", damage_bytes, partial(_parts, "pdf"), share=20),
    "published-ofd": _published(".ofd", damage_package, partial(_finished, "ofd"), share=40),
    "published-doc": _published(".doc", damage_bytes, partial(_published_files, ".doc"), share=25),
    "published-xls": _published(".xls", damage_bytes, partial(_published_files, ".xls"), share=300),
    "published-xlsx": _published(".xlsx", damage_package, _workbooks, share=80),
    "published-text": _published(
        ".md", damage_lines, _all_of(_sections, partial(_finished, "json")), share=300
    ),
    "published-yaml": _published(".yaml", damage_lines, partial(_texts, "report.yaml"), share=150),
    "published-json": _published(".json", damage_bytes, partial(_finished, "json"), share=150),
}


def known(names: Iterable[str]) -> list[str]:
    """Return *names*, or the names of all targets; SystemExit about one that is none."""
    chosen = list(names) or list(TARGETS)
    for name in chosen:
        if name not in TARGETS:
            raise SystemExit(f"no target {name}; there are: {', '.join(TARGETS)}")
    return chosen


if __name__ == "__main__":
    print(*TARGETS)  # noqa: T201 for make
