"""The files in a report folder that are double-clicked: check, preview, build.

Windows runs the ``.bat`` files.  On Linux the ``.desktop`` files start the ``.sh`` files beside
them in a terminal.  Each looks for the program where a bundle said that it is (:data:`REMEMBERED`),
then on the search path, then among Python's modules.  The window stays open until a key is
pressed.  The files are the same in every folder: nothing in them tells where the program is.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from reportgen.files import read_file, write_whole

COMMANDS: Mapping[str, str] = {"核对": "check", "预览": "preview --watch", "生成": "build"}
"""The name of each file, without suffix, and the words it runs before the path of its folder."""

REMEMBERED = "launcher.txt"
"""The file in the user's data folder that holds the path of the bundle's launcher."""

# Both scripts run from a folder of the system: cmd.exe prefers programs in the working folder, and
# Python modules, and what lies beside the report may come from somebody else.  A second cmd.exe
# runs the program, which may be a .bat: `call` would double each ^ in its path and read each % as
# the start of a variable.  The paths are put in by that cmd.exe (%%), inside quotes, where & and ^
# are letters like others.
_BATCH = f"""\
@echo off
setlocal DisableDelayedExpansion
set "HERE=%~dp0."
cd /d "%SystemRoot%"
set "PROGRAM="
set "KEPT=%LOCALAPPDATA%\\reportgen\\{REMEMBERED}"
if exist "%KEPT%" set /p PROGRAM=<"%KEPT%"
chcp 65001 >nul
if defined PROGRAM if not exist "%PROGRAM%" set "PROGRAM="
for %%p in (reportgen.exe reportgen.bat) do if not defined PROGRAM set "PROGRAM=%%~$PATH:p"
if defined PROGRAM goto found
py -m reportgen --version >nul 2>nul
if errorlevel 1 goto missing
py -m reportgen @command@ "%HERE%"
goto end
:found
cmd /d /s /c ""%%PROGRAM%%" @command@ "%%HERE%%""
goto end
:missing
echo 没有找到 reportgen 程序。
echo 请先打开 reportgen 的文件夹，双击其中的 reportgen.bat 一次，再双击本文件。
:end
echo.
pause
"""
_SHELL = f"""\
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd) || exit 2
trap : INT  # Ctrl-C ends the preview, but not this script, whose window stays
cd /
kept=${{XDG_DATA_HOME:-$HOME/.local/share}}/reportgen/{REMEMBERED}
program=
[ -f "$kept" ] && program=$(cat "$kept")
if [ -x "$program" ]; then
  "$program" @command@ "$here"
elif command -v reportgen >/dev/null 2>&1; then
  reportgen @command@ "$here"
elif python3 -m reportgen --version >/dev/null 2>&1; then
  python3 -m reportgen @command@ "$here"
else
  echo '没有找到 reportgen 程序。'
  echo '请先在终端里运行一次 reportgen 文件夹中的 ./reportgen，再双击本文件。'
fi
printf '按回车键关闭…'
read -r _
"""
# %k is the path of the file itself, or its address; `gio launch` leaves it empty, and then the
# working folder is tried.  In a quoted word of Exec, `"` and `$` have a backslash before them,
# which is itself doubled in the file (Desktop Entry Specification, "The Exec key").
_DESKTOP = """\
[Desktop Entry]
Type=Application
Version=1.0
Name=@name@
Exec=sh -c "@script@" sh %k
Terminal=true
"""
_BESIDE = """\
f=$(dirname "${1#file://}")/@name@.sh; [ -f "$f" ] && exec sh "$f"; \
echo "没有找到 @name@.sh。请打开报告文件夹，双击其中的 @name@.sh，选择“在终端中运行”。"; \
printf "按回车键关闭…"; read -r _"""
"""What the desktop files run, in one line."""

EXECUTABLE = (".sh", ".desktop")
"""The suffixes of the files that Linux starts only if they are executable."""


def launcher_files() -> dict[str, bytes]:
    """Return the files by their names."""
    files = {}
    for name, command in COMMANDS.items():
        batch = _BATCH.replace("@command@", command).replace("\n", "\r\n")
        files[f"{name}.bat"] = batch.encode()
        files[f"{name}.sh"] = _SHELL.replace("@command@", command).encode()
        script = re.sub(r'(["$])', r"\\\\\1", _BESIDE)
        desktop = _DESKTOP.replace("@script@", script).replace("@name@", name)
        files[f"{name}.desktop"] = desktop.encode()
    return files


_LONGEST_PATH = 32_767  # of Windows


def remember(launcher: str, folder: Path) -> None:
    """Keep the path of a bundle's *launcher* in the user's data *folder*, for the files above.

    On Windows the file is in the code page in which cmd.exe reads it.  Nothing is said if the path
    cannot be kept.
    """
    kept = folder / REMEMBERED
    windows = sys.platform == "win32"
    with contextlib.suppress(OSError, UnicodeEncodeError):
        line = f"{launcher}\r\n".encode("oem") if windows else f"{launcher}\n".encode()
        if not (kept.is_file() and read_file(kept, _LONGEST_PATH) == line):
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, line)
