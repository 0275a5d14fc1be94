"""``verify`` and ``diff``: a finished file beside its data, one report beside another."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    echo,
    fail,
    print_findings,
    refuse_others,
    shown_path,
    template_policy,
    user_cache,
    write_results,
)
from reportgen.cli.published import STANDARD_INPUT, standard_input
from reportgen.problems import EnvironmentProblem

if TYPE_CHECKING:
    from reportgen.compare import ReportDiff, Verified
    from reportgen.diagnostics import Diagnostic

STYLES = ("full", "short", "json", "html")


@click.command(
    cls=Command,
    help="逐格逐段比对成品文件与报告目录，列出不同之处。",
    epilog="reportgen verify 报送/年报.docx --against 某局-2025\n"
    "reportgen verify 报送/* --against 某局-2025 --format html -o 比对.html",
)
@click.argument("files", metavar="文件 …", nargs=-1, required=True, type=take.Folder())
@click.option(
    "--against", "folder", metavar="目录", required=True, type=take.Folder(), help="报告目录"
)
@click.option(
    "--format",
    "style",
    metavar="样式",
    type=take.OneOf(STYLES),
    help=f"输出样式：{'、'.join(STYLES)}（左右对照的网页），默认 {STYLES[0]}",
)
@click.option("-o", "--out", metavar="文件", type=take.Folder(), help="写入文件，默认显示在屏幕上")
@click.option("--pull", is_flag=True, help="把文件里手改的数和文字写回报告目录，原文件留作 .bak")
@take.trust_templates
def verify(
    files: tuple[Path, ...],
    folder: Path,
    style: str | None,
    out: Path | None,
    pull: bool,
    trust_templates: bool,
) -> int:
    """Print where finished files differ from their report folder; 1 if any does.

    A file that cannot be read is told, and the others are compared.
    """
    from reportgen.compare import open_folder, verify_file

    _refuse_own(out, files)
    if pull and (len(files) > 1 or STANDARD_INPUT in files):
        raise EnvironmentProblem("--pull 一次只能写回一个文件", "写一个文件名")
    against = open_folder(
        folder, cache=user_cache(), own_templates=template_policy(trust_templates, strict=False)
    )
    told = (*against.lacking, *against.checked.own_templates)
    print_findings(told, err=True, summary=False)
    code = FINE
    verified: list[Verified] = []
    for file in files:
        try:
            given = standard_input() if file == STANDARD_INPUT else file
            verified.append(verify_file(given, against))
        except EnvironmentProblem as problem:
            code = fail(problem.message, problem.hint)
    if not verified:
        return code
    if pull:
        verified = [_pulled(verified[0])]
    if style is None:  # of another report only that it is one
        verified = [one.summary() if one.is_summary else one for one in verified]
    _show(verified, style or STYLES[0], out)
    return code or (FINE if all(one.is_equal for one in verified) else PROBLEMS)


def _pulled(verified: Verified) -> Verified:
    """Write what differs back into the folder, say what was written, and return what is left."""
    from reportgen.compare import pull_changes

    pulled = pull_changes(verified)
    lines = [
        *(f"已写回：{item.message}" for item in pulled.placed),
        *(f"图片存为 {path}" for path in pulled.pictures),
        *(f"原文件留作 {path}" for path in pulled.backups),
    ]
    if pulled.written:
        folder = shown_path(pulled.verified.against.checked.folder or Path())
        lines.append(f"数据已改：各成品文件要重新生成，运行 reportgen build {folder}")
    if pulled.left:
        lines.append(f"还有 {len(pulled.left)} 处不同，请按下面各条自己改：")
    for line in lines:
        echo(line, err=True)
    return pulled.verified


def _show(verified: Sequence[Verified], style: str, out: Path | None) -> None:
    if style == "full" and out is None:
        for one in verified:
            print_findings(one.diagnostics, err=False, summary=False)
            echo(_verdict(one))
        return
    text = _text(verified, style)
    if out is None:
        if text:
            echo(text, data=style != "short")
        return
    _write_out(out, text)


def _text(verified: Sequence[Verified], style: str) -> str:
    from reportgen.findings_text import json_text, render_full, render_short

    if style == "json":
        from reportgen.compare import difference_objects

        return json_text(difference_objects(verified))
    if style == "html":
        from reportgen.compare import verify_page
        from reportgen.forms import shipped_library

        return verify_page(verified, shipped_library())
    found = [told for one in verified for told in one.diagnostics]
    if style == "short":
        return render_short(found)
    return "\n\n".join(filter(None, [render_full(found), *map(_verdict, verified)]))


def _verdict(one: Verified) -> str:
    folder = one.against.checked.folder
    if one.is_equal:
        return f"{one.file}：与 {folder} 的数据一致"
    if len(one.diagnostics) == len(one.comparison.whole):
        rest = "没有逐处列出" if one.is_summary else f"此外与 {folder} 的数据一致"
        return f"{one.file}：不能当作 {folder} 的正式报告，{rest}"
    return f"{one.file}：与 {folder} 的数据有 {len(one.diagnostics)} 处不同"


def _refuse_own(out: Path | None, compared: Sequence[Path]) -> None:
    """Raise EnvironmentProblem if *out* is one of the files *compared*: it would be lost."""
    if out and out.exists() and any(one.exists() and one.samefile(out) for one in compared):
        raise EnvironmentProblem(f"{out} 正是要比对的文件", "换一个名字；不会覆盖已有的文件")


def _write_out(out: Path, text: str) -> None:
    """Write *text* to the file *out*; of what is there only an earlier result is replaced."""
    _write_bytes(out, (text.rstrip("\n") + "\n").encode())


def _write_bytes(out: Path, data: bytes) -> None:
    refuse_others([out], _is_result)
    write_results({out: data})


def _is_result(path: Path) -> bool:
    """Return whether *path* is data, or a page or workbook that these commands have written."""
    from reportgen.files import read_file

    with suppress(OSError, ValueError):
        if path.suffix.lower() in (".html", ".htm"):
            return _GENERATOR in read_file(path, _MOST_BYTES)[:_HEAD]
        if path.suffix.lower() == ".xlsx":
            from reportgen.writers.workbooks import title_of

            title = title_of(read_file(path, _MOST_BYTES))
            return title is not None and title.endswith(_WORKBOOK_TITLE)
    return path.suffix.lower() == ".json"


_GENERATOR = b'<meta name="generator" content="reportgen">'
_WORKBOOK_TITLE = "对照"
_HEAD, _MOST_BYTES = 1000, 200_000_000


TARGETS = ("table", "json", "xlsx", "html")
_TARGETS_BY_SUFFIX = {
    ".json": "json",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".txt": "table",
}


@click.command(
    cls=Command,
    help="对照两年或两个单位的报告：每格的增减、增减率。",
    epilog="reportgen diff 某局-2024 某局-2025\n"
    "reportgen diff 某局-2024.pdf 某局-2025 --top 10\n"
    "reportgen diff 甲局-2025 乙局-2025 -o 对照.html",
)
@click.argument("before", metavar="前者", type=take.Folder())
@click.argument("after", metavar="后者", type=take.Folder())
@click.option("--top", metavar="项数", type=take.WholeNumber(least=1), help="只列变化最大的几项")
@click.option(
    "--to",
    "style",
    metavar="格式",
    type=take.OneOf(TARGETS),
    help=f"{'、'.join(TARGETS)}（网页带图），默认按 -o 的后缀，没有则 {TARGETS[0]}",
)
@click.option("-o", "--out", metavar="文件", type=take.Folder(), help="写入文件，默认显示在屏幕上")
def diff(before: Path, after: Path, top: int | None, style: str | None, out: Path | None) -> int:
    """Print one report beside another: years of an organ, or organs; folders or files."""
    from reportgen.compare import diff_sources

    _refuse_own(out, (before, after))
    style = _target(style, out)
    a, b = (standard_input() if one == STANDARD_INPUT else one for one in (before, after))
    found = diff_sources(a, b, cache=user_cache())
    if out and style == "xlsx":
        from reportgen.compare import diff_workbook

        _write_bytes(out, diff_workbook(found, top or 0))
    elif out:
        _write_out(out, _diff_text(found, style, top or 0))
    else:
        echo(_diff_text(found, style, top or 0), data=style != TARGETS[0])
    # A number that was guessed or not read must not pass for one that was.
    for source, told in zip((before, after), found.told, strict=True):
        if told:
            echo(_doubts(source, told), err=True)
    return FINE


def _doubts(source: Path, told: Sequence[Diagnostic]) -> str:
    """Return that the numbers of *source* are not all sure, and what shows why."""
    from reportgen.diagnostics import Severity

    cells = len({cell for item in told for cell in item.cells})
    errors = sum(item.severity is Severity.ERROR for item in told)
    parts = [f"{errors} 个错误"] if errors else []
    parts += [f"{len(told) - errors} 处存疑"] if len(told) > errors else []
    about = f"，涉及 {cells} 格" if cells else ""
    shown = STANDARD_INPUT if source == STANDARD_INPUT else shown_path(source)
    return f"注意：{shown} 有 {'、'.join(parts)}{about}，运行 reportgen check {shown} 查看"


def _target(style: str | None, out: Path | None) -> str:
    """Return the format to write: *style*, or that of the suffix of *out*.

    Raises EnvironmentProblem if the suffix says nothing, or another format than *style*.
    """
    suffix = out.suffix.lower() if out else ""
    named = _TARGETS_BY_SUFFIX.get(suffix)
    if out and suffix and named is None:
        known = "、".join(_TARGETS_BY_SUFFIX)
        raise EnvironmentProblem(f"{out} 的后缀不是能写的格式", f"可用的后缀：{known}")
    if style and named and named != style:
        raise EnvironmentProblem(f"{out} 的后缀和 --to {style} 不符", "改后缀，或不写 --to")
    chosen = style or named or TARGETS[0]
    if chosen == "xlsx" and out is None:
        raise EnvironmentProblem("工作簿不能显示在屏幕上", "用 -o 写文件名，例如 -o 对照.xlsx")
    return chosen


def _diff_text(found: ReportDiff, style: str, top: int) -> str:
    if style == "json":
        from reportgen.compare import diff_object
        from reportgen.findings_text import json_text

        return json_text(diff_object(found))
    if style == "html":
        from reportgen.compare import diff_page
        from reportgen.forms import shipped_library

        return diff_page(found, shipped_library(), top)
    return _diff_table(found, top)


def _diff_table(found: ReportDiff, top: int) -> str:
    """Return the table for the terminal, with *top* that of the largest changes.

    A row is told by its total, and by the parts of it that changed.

    What only the form of the first report has comes behind the tables, then the texts.
    """
    from reportgen.cli.signing import aligned, changes, plain_text

    rows: list[tuple[str, ...]] = [("", *_columns(found), "增减", "增减率")]
    shown = found.largest(top) if top else list(found.shown())
    if not shown:
        return "各格的数没有变化"
    head = ""
    for item in shown:
        wanted = "" if top else _ONLY_FIRST if item.cell in found.only_a else item.cell.table
        if wanted != head:
            head = wanted
            rows.append((head, "", "", "", ""))
        name = item.label
        if top or head == _ONLY_FIRST:
            name = f"{item.cell.table}：{name}"
        elif item.is_part:  # below its row
            name = f"  {item.cell.column}"
        name += _ONLY_SECOND if item.cell in found.only_b else ""
        numbers = plain_text(item.a), plain_text(item.b)
        rows.append((f"  {name}", *numbers, *changes(item.change, item.rate)))
    lines = aligned(rows)
    if not top:
        lines += [f"{text.section}：相同的字占 {text.percent}%" for text in found.text]
    return "\n".join(lines)


_ONLY_FIRST, _ONLY_SECOND = "只有前者的版式有", "（前者没有）"


def _columns(found: ReportDiff) -> tuple[str, str]:
    """Return the heads of the two columns: the years, with the organs if these differ."""
    heads = (found.a, found.b)
    years = [f"{head.year}年" if head.year else "" for head in heads]
    if not all(years) or (found.a.organ == found.b.organ and years[0] == years[1]):
        return "前者", "后者"
    if found.a.organ == found.b.organ:
        return years[0], years[1]
    first, second = (f"{head.organ} {year}" for head, year in zip(heads, years, strict=True))
    return first, second
