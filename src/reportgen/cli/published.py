"""``extract``: finished files read back as data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import FINE, PROBLEMS, USAGE, echo

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
