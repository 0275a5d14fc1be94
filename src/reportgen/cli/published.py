"""``extract`` and ``import``: finished files read back as data, or as a report folder."""

from __future__ import annotations

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
    print_done,
    print_findings,
    shown_path,
)

if TYPE_CHECKING:
    from reportgen.api import ReadBack

STYLES = ("json", "yaml")


@click.command(
    cls=Command,
    help="读回已成的报告：网页、DOCX、PDF、表格、文本，输出数据。",
    epilog="reportgen extract 年报.html\nreportgen extract 年报.pdf --to yaml",
)
@click.argument("files", metavar="文件", nargs=-1, required=True, type=take.Folder())
@click.option(
    "--to",
    "style",
    metavar="格式",
    type=take.OneOf(STYLES),
    default=STYLES[0],
    help=f"{'、'.join(STYLES)}，默认 {STYLES[0]}",
)
def extract(files: tuple[Path, ...], style: str) -> int:
    """Print the data of finished reports: an object for one file, a list for several."""
    from reportgen.api import read_published

    read = [read_published(file) for file in files]
    echo(_text([_data(item) for item in read], style))
    if any(item.report is None for item in read):
        return USAGE
    return PROBLEMS if any(item.diagnostics for item in read) else FINE


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
    lines = [
        f"已建立报告目录：{out}",
        *(f"  {path}" for path in made.files),
        *(f"  · {note}" for note in made.notes),
        f"下一步：对照原文件核对 report.yaml 和正文，再运行 reportgen check {shown_path(out)}",
    ]
    print_done(lines, [out])
    return PROBLEMS if made.diagnostics else FINE


def _data(read: ReadBack) -> dict[str, object]:
    from reportgen.findings_text import to_json_object

    return {**read.data, "提示": [to_json_object(item) for item in read.diagnostics]}


def _text(data: list[dict[str, object]], style: str) -> str:
    if style == "yaml":
        from reportgen.located import yaml_text

        return "---\n".join(map(yaml_text, data)).rstrip("\n")
    import msgspec

    encoded = msgspec.json.encode(data if len(data) > 1 else data[0])
    return msgspec.json.format(encoded, indent=2).decode()
