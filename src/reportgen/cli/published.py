"""``extract`` and ``import``: finished files read back as data, or as a report folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    USAGE,
    echo,
    fail,
    print_created,
    print_findings,
    refuse_others,
    write_results,
)
from reportgen.problems import EnvironmentProblem

if TYPE_CHECKING:
    from reportgen.finished import ReadBack

STYLES = ("json", "yaml", "xlsx")
STANDARD_INPUT = Path("-")
_STYLES_BY_SUFFIX = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx"}


@click.command(
    cls=Command,
    help="读回已成的报告：网页、DOCX、PDF、表格、文本，输出数据。",
    epilog="reportgen extract 年报.html\nreportgen extract 年报.pdf --to xlsx -o 数据.xlsx\n"
    "reportgen extract 各单位/*.docx -o 各单位.json",
)
@click.argument("files", metavar="文件", nargs=-1, required=True, type=take.Folder())
@click.option(
    "--to",
    "style",
    metavar="格式",
    type=take.OneOf(STYLES),
    help=f"{'、'.join(STYLES)}（三张表的工作簿），默认按 -o 的后缀，没有则 {STYLES[0]}",
)
@click.option(
    "-o",
    "--out",
    metavar="文件",
    type=take.Folder(),
    help="写入文件，默认显示在屏幕上；几个文件各成一个 xlsx 时写目录",
)
def extract(files: tuple[Path, ...], style: str | None, out: Path | None) -> int:
    """Print or write the data of finished reports: an object for one file, a list for several.

    A file that cannot be read is told, and the others are read.
    """
    style = _style_of(style, out)
    if style == "xlsx" and out is None:
        raise EnvironmentProblem("xlsx 不能显示在屏幕上", "用 -o 写文件名，如 -o 数据.xlsx")
    read: list[ReadBack] = []
    code = FINE
    for file in files:
        try:
            read.append(read_finished(file))
        except EnvironmentProblem as problem:
            code = fail(problem.message, problem.hint)
    if not read:
        return code
    if out is None:
        echo(_text(read, style, is_list=len(files) > 1), data=True)
    else:
        _write(read, style, out, is_list=len(files) > 1)
    if any(item.report is None for item in read):
        return USAGE
    return code or (PROBLEMS if any(item.diagnostics for item in read) else FINE)


@click.command(
    "import",
    cls=Command,
    help="把已成的报告，或放着 Word 和图片的目录，变成报告目录。",
    epilog="reportgen import 年报.docx -o 某局-2024\n"
    "reportgen import 正文.docx 三张表.xlsx 图片/*.png -o 某局-2024 --bind\n"
    "reportgen import 材料 -o 某局-2024",
)
@click.argument("files", metavar="文件 …", nargs=-1, required=True, type=take.Folder())
@click.option("-o", "--out", metavar="目录", required=True, type=take.Folder(), help="新的报告目录")
@click.option("--bind", is_flag=True, help="正文里与表中某一格相同的数改成占位符，逐处列出")
def import_(files: tuple[Path, ...], out: Path, bind: bool) -> int:
    """Make a report folder of finished files, or of a folder with a document and pictures."""
    from reportgen.workflows import import_report

    made = import_report(files, out, bind=bind)
    if made.diagnostics:
        print_findings(made.diagnostics, err=True)
    if not made.files:
        return USAGE
    print_created(out, made.files, made.notes, "对照原文件核对 report.yaml 和正文")
    return PROBLEMS if made.diagnostics else FINE


def read_finished(file: Path, *, check: bool = False) -> ReadBack:
    """Return the report in *file*, or in what comes from standard input when it is ``-``.

    Raises EnvironmentProblem when it cannot be read.
    """
    from reportgen.finished import read_published

    return read_published(standard_input() if file == STANDARD_INPUT else file, check=check)


def standard_input() -> bytes:
    """Return the file that comes from standard input; EnvironmentProblem if there is none."""
    from reportgen.published import MAX_BYTES

    if sys.stdin is None:
        raise EnvironmentProblem("没有标准输入", "写文件名")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def _style_of(style: str | None, out: Path | None) -> str:
    """Return the *style* asked for, else that of the name *out*; EnvironmentProblem if they differ.

    Otherwise a workbook that a clerk asked for by its name would hold JSON.
    """
    named = _STYLES_BY_SUFFIX.get(out.suffix.lower()) if out else None
    if style and named and style != named:
        message = f"--to 是 {style}，-o 写的却是 {out}"
        raise EnvironmentProblem(message, f"把后缀改成 .{style}，或者改 --to")
    return style or named or STYLES[0]


def _write(read: Sequence[ReadBack], style: str, out: Path, *, is_list: bool) -> None:
    """Write *read* to *out*; with workbooks, which have no place for findings, print those.

    Only data of an earlier run are replaced: somebody may have filled in a workbook.
    """
    from reportgen.outputs import safe_name

    contents = {out: (_text(read, style, is_list=is_list) + "\n").encode()}
    if style == "xlsx":
        known = [item for item in read if item.report]
        names = [safe_name(f"{item.file.stem}.xlsx") for item in known]
        places = [out / name for name in names] if is_list else [out]
        if twice := next((place for place in places if places.count(place) > 1), None):
            raise EnvironmentProblem(
                f"同名的结果已经存在：有两个文件都要写成 {twice}", "给原文件改成不同的名字"
            )
        contents = {place: item.workbook() for place, item in zip(places, known, strict=False)}
    refuse_others(contents, _is_result)
    if style == "xlsx":
        print_findings([found for item in read for found in item.diagnostics], err=True)
    write_results(contents)


def _is_result(path: Path) -> bool:
    """Return whether *path* is data as this command writes them."""
    return _STYLES_BY_SUFFIX.get(path.suffix.lower()) in ("json", "yaml")


def _text(read: Sequence[ReadBack], style: str, *, is_list: bool) -> str:
    from reportgen.findings_text import to_json_object

    data = [
        {**item.data, "提示": [to_json_object(found) for found in item.diagnostics]}
        for item in read
    ]
    if style == "yaml":
        from reportgen.located import yaml_text

        return "---\n".join(map(yaml_text, data)).rstrip("\n")
    import msgspec

    return msgspec.json.format(msgspec.json.encode(data if is_list else data[0]), indent=2).decode()
