"""Tests of the files of a report folder that are double-clicked."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from reportgen.launchers import COMMANDS, REMEMBERED, launcher_files

SHELL = shutil.which("sh") or "sh"
ECHO = '#!/bin/sh\nprintf "%s|" "$@"\n'


def scripts_in(folder: Path) -> Path:
    """Write the scripts into *folder*, which is made, and return it."""
    folder.mkdir(parents=True)
    for name, data in launcher_files().items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o755)
    return folder


def printed(script: Path, *, path: str, data: Path) -> str:
    """Return what the shell *script* prints when programs are looked for in *path*."""
    done = subprocess.run(
        [SHELL, script],
        env={"PATH": path, "HOME": str(data), "XDG_DATA_HOME": str(data)},
        cwd=data,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout


def program(place: Path) -> Path:
    """Make a program at *place* that prints its arguments."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(ECHO, encoding="utf-8")
    place.chmod(0o755)
    return place


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with the programs that the scripts need, and no others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("dirname", "cat", "sh"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


@pytest.mark.parametrize(("name", "command"), COMMANDS.items())
def test_a_script_runs_its_command_on_its_own_folder(
    tmp_path: Path, tools: Path, name: str, command: str
) -> None:
    folder = scripts_in(tmp_path / "我的 报告" / "某局 (2025)")
    program(tools / "reportgen")
    text = printed(folder / f"{name}.sh", path=str(tools), data=tmp_path)
    assert text == f"{command.replace(' ', '|')}|{folder}|按回车键关闭…"


def test_the_bundle_that_was_last_run_comes_before_a_command_on_the_search_path(
    tmp_path: Path, tools: Path
) -> None:
    folder = scripts_in(tmp_path / "某局")
    bundle = program(tmp_path / "年报 程序" / "reportgen")
    (tools / "reportgen").write_text("#!/bin/sh\necho another program\n", encoding="utf-8")
    (tools / "reportgen").chmod(0o755)
    kept = tmp_path / "reportgen" / REMEMBERED
    kept.parent.mkdir()
    kept.write_text(f"{bundle}\n", encoding="utf-8")
    text = printed(folder / "核对.sh", path=str(tools), data=tmp_path)
    assert text == f"check|{folder}|按回车键关闭…"


def test_a_bundle_that_was_moved_away_is_not_an_english_message(
    tmp_path: Path, tools: Path
) -> None:
    folder = scripts_in(tmp_path / "某局")
    kept = tmp_path / "reportgen" / REMEMBERED
    kept.parent.mkdir()
    kept.write_text(f"{tmp_path}/没有了\n", encoding="utf-8")
    text = printed(folder / "核对.sh", path=str(tools), data=tmp_path)
    assert text.startswith("没有找到 reportgen 程序。\n")


def test_the_files_for_windows_have_its_line_ends_and_the_code_page_of_their_text() -> None:
    for name, data in launcher_files().items():
        if name.endswith(".bat"):
            assert data.count(b"\r\n") == data.count(b"\n")
            lines = data.decode("utf-8").splitlines()
            change = lines.index("chcp 65001 >nul")
            assert "".join(lines[:change]).isascii()
            assert change > next(n for n, line in enumerate(lines) if "%KEPT%" in line)


@pytest.mark.parametrize(
    ("told", "working"),
    [("{}/核对.desktop", "."), ("file://{}/核对.desktop", "."), ("", "我的 报告 $1"), ("", ".")],
)
def test_the_desktop_files_start_the_scripts_beside_them(
    tmp_path: Path, tools: Path, told: str, working: str
) -> None:
    folder = scripts_in(tmp_path / "我的 报告 $1")
    program(tools / "reportgen")
    entry = (folder / "核对.desktop").read_text(encoding="utf-8")
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    # Quoted words of Exec follow the rules of the shell, after backslashes are no longer doubled.
    typed = line.removeprefix("Exec=").replace("\\\\", "\\")
    done = subprocess.run(
        [SHELL, "-c", typed.replace("%k", shlex.quote(told.format(folder)) if told else "")],
        cwd=tmp_path / working,
        env={"PATH": str(tools), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if told or working != ".":
        assert done.stdout == f"check|{folder}|按回车键关闭…"
    else:
        assert done.stdout.startswith("没有找到 核对.sh。")


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_gio_starts_a_desktop_file_in_the_terminal(tmp_path: Path, tools: Path) -> None:
    """From the folder of the file; gio does not say where that is, when it is called elsewhere."""
    folder = scripts_in(tmp_path / "某局 2025")
    program(tools / "reportgen")
    shown = tmp_path / "shown"
    terminal = program(tools / "xterm")
    terminal.write_text(
        f'#!/bin/sh\nshift\n"$@" >"{shown}.part" 2>&1 </dev/null\nmv "{shown}.part" "{shown}"\n',
        encoding="utf-8",
    )
    (tools / "mv").symlink_to(shutil.which("mv") or "")
    subprocess.run(
        [shutil.which("gio") or "gio", "launch", "核对.desktop"],
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(tmp_path)},
        timeout=60,
        check=True,
    )
    end = time.monotonic() + 60
    while not shown.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert shown.read_text(encoding="utf-8") == f"check|{folder}|按回车键关闭…"
