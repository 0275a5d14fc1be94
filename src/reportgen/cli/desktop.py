"""Files and folders that are dropped on the program."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.published import import_
from reportgen.cli.report import check, is_part

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"})


@click.command(
    "open", cls=Command, help="拖到程序上的文件：报告目录就核对，Word、网页、PDF 就变成报告目录。"
)
@click.argument("paths", metavar="报告目录或文件", nargs=-1, required=True, type=take.Folder())
@click.pass_context
def dropped(context: click.Context, paths: tuple[Path, ...]) -> int:
    """Check report folders; make a report folder of finished files, beside the first of them."""
    folders = tuple(path.parent if is_part(path) else path for path in paths)
    if all(folder.is_dir() for folder in folders):
        code: int = context.invoke(check, paths=folders)
    else:
        code = context.invoke(import_, files=paths, out=_free_folder(paths))
    return code


def _free_folder(paths: tuple[Path, ...]) -> Path:
    """Return the name of a new folder beside the first document, or picture, of *paths*."""
    document = min(paths, key=lambda path: path.suffix.lower() in PICTURES)
    names = (f"{document.stem}-报告{n if n > 1 else ''}" for n in count(1))
    return next(place for name in names if not (place := document.with_name(name)).exists())
