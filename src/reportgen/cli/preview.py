"""``preview``: a draft PDF, opened, or a page in the browser that follows each save."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    echo,
    exit_code,
    font_folders,
    open_for_user,
    own_key,
    print_files,
    print_findings,
    user_cache,
)

if TYPE_CHECKING:
    from reportgen.preview import State

_KEYBOARD = 0  # the file descriptor of standard input


@click.command(
    cls=Command,
    help="生成草稿 PDF 并打开，每页标“草稿”。",
    epilog="reportgen preview 某局-2025\nreportgen preview 某局-2025 --watch",
)
@take.report_folder
@take.out
@click.option("--watch", is_flag=True, help="在浏览器中预览，保存文件后自动更新")
@click.option(
    "--port",
    metavar="端口",
    type=take.WholeNumber(1, 65535),
    help="--watch 用的端口，默认每个目录固定一个",
)
@click.option("--png", is_flag=True, help="另存每页为 PNG 图片")
@click.option("--no-open", is_flag=True, help="生成后不打开")
@take.system_fonts
def preview(
    folder: Path,
    out: Path | None,
    watch: bool,
    port: int | None,
    png: bool,
    no_open: bool,
    system_fonts: bool,
) -> int:
    """Write a draft PDF and open it, once or after every save."""
    if port and not watch:
        raise click.UsageError("--port 要与 --watch 一起用")
    if png and watch:
        raise click.UsageError("--png 不能与 --watch 一起用")
    fonts = font_folders(system_fonts)
    if watch:
        return _watch(folder, out, port, no_open, fonts)
    from reportgen.preview import preview_folder

    made = preview_folder(
        folder, out, png=png, system_fonts=fonts, cache=user_cache(), key=own_key()
    )
    built = made.built
    print_findings(built.diagnostics, err=True)
    if not built.written:
        echo("没有生成草稿：report.yaml 读不出来。", err=True)
        return PROBLEMS
    print_files(built.written)
    for path in made.pictures:
        echo(f"已生成 {path}")
    if made.undrawn:
        echo(
            f"只画了前 {len(made.pictures)} 页，另有 {made.undrawn} 页没有画，在 PDF 中看", err=True
        )
    if not no_open:
        open_for_user(str(built.written[0].path))
    return exit_code(built.diagnostics)


def _watch(
    folder: Path, out: Path | None, port: int | None, no_open: bool, fonts: Sequence[Path]
) -> int:
    """Show the draft in the browser and follow each save until Ctrl-C."""
    from reportgen.preview import Preview, open_preview

    def tell(state: State) -> None:
        echo(f"{state.built_at} {state.trouble or '草稿已更新'}。{state.summary}")

    draft = Preview(
        folder,
        out,
        system_fonts=fonts,
        cache=user_cache(),
        now=lambda: time.strftime("%H:%M:%S"),
        key=own_key(),
    )
    try:
        with open_preview(draft, port or 0) as (url, first):
            key = "回车键" if sys.platform == "win32" else " Ctrl+C "
            echo(f"预览的地址（保存文件后自动更新，按{key}结束）：")
            echo(url)
            tell(first)
            if not no_open:
                open_for_user(url)
            for state in draft.follow(_enter_key()):
                tell(state)
    except KeyboardInterrupt:
        pass
    echo("预览已结束。")
    return FINE


def _enter_key() -> Callable[[], bool]:
    """Return a function that tells whether Enter was pressed in the program's window on Windows.

    There Ctrl-C does not do: cmd.exe asks whether the batch file is to be ended, and does not wait.
    """
    pressed = threading.Event()

    def wait() -> None:
        with contextlib.suppress(OSError):  # there is no keyboard
            while typed := os.read(_KEYBOARD, 1024):
                if b"\n" in typed:
                    pressed.set()

    if sys.platform == "win32":
        threading.Thread(target=wait, daemon=True).start()
    return pressed.is_set
