"""The console: text on its streams, the status line, opening a file for the user, the end."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from reportgen.diagnostics import Diagnostic
    from reportgen.files import Written

_STANDARD_OUTPUT, _STANDARD_ERROR, _COLOUR_CODES = -11, -12, 4  # of the Windows console


def echo(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Write *text* to standard output, or to standard error, at once.

    Where there is no such stream, as under ``pythonw``, nothing happens.
    """
    stream: TextIO | None = sys.stderr if err else sys.stdout
    if stream is not None:
        stream.write(text + end)
        stream.flush()


def print_findings(found: Sequence[Diagnostic], *, to_error: bool) -> None:
    """Print *found* in full, in colours on a terminal unless NO_COLOR forbids them."""
    from reportgen.findings_text import render_full

    if found:
        echo(render_full(found, colour=_shows_colours(err=to_error)) + "\n", err=to_error)


def print_files(written: Iterable[Written]) -> None:
    """Print which files were written, and where a hand-edited one went."""
    for item in written:
        if item.backup:
            echo(f"原文件被手工改过，已另存为 {item.backup}")
        echo(f"已生成 {item.path}")


def columns() -> int:
    """Return how many cells a line of the terminal has; 80 where there is none."""
    import shutil

    return shutil.get_terminal_size().columns


def give_up_closed_streams() -> None:
    """Send to nowhere what nobody can be told any more, else Python complains when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except (AttributeError, ValueError):
            pass  # there is no such stream, or it is closed


def end_process(code: int) -> NoReturn:
    """End the process with exit *code*, and do not take apart what it has made.

    Python frees every object before it ends, a twentieth of a command's time.  Files are
    closed by then and the streams are flushed here; a process that has had others to work
    for it is left to Python, which sees to what they shared.
    """
    give_up_closed_streams()
    if "multiprocessing" in sys.modules:
        gc.freeze()  # it may spare the search for garbage
        sys.exit(code)
    os._exit(code)


def open_for_user(target: str) -> None:
    """Open a file or an address with the program the system has for it; without one, do nothing."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            os.startfile(target)  # noqa: S606 it is what the user asked to see
        else:
            import subprocess

            words = ["open" if sys.platform == "darwin" else "xdg-open", target]
            quiet = subprocess.DEVNULL
            subprocess.Popen(  # noqa: S603 the same
                words, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )


class StatusLine:
    """A line on standard error that is written over; on no terminal, a line now and then.

    ``show`` takes the text and how much is done, 0 to 1.
    """

    def __init__(self) -> None:
        self._is_terminal = _is_terminal(err=True)
        self._width = 0
        self._tenths = 0

    def show(self, text: str, done: float) -> None:
        """Show *text* in place of what was shown last."""
        from reportgen.text import display_width

        if self._is_terminal:
            width = display_width(text)
            echo(f"\r{text}{' ' * (self._width - width)}", err=True, end="")
            self._width = width
        elif int(done * 10) > self._tenths:
            self._tenths = int(done * 10)
            echo(text, err=True)

    def say(self, text: str) -> None:
        """Print *text* for good, above the line."""
        self.clear()
        echo(text, err=True)

    def clear(self) -> None:
        """Wipe the line."""
        if self._width:
            echo(f"\r{' ' * self._width}\r", err=True, end="")
            self._width = 0


def _shows_colours(*, err: bool) -> bool:
    """Return whether colours are wanted on a stream and shown there."""
    if not _is_terminal(err=err) or "NO_COLOR" in os.environ:
        return False
    return sys.platform != "win32" or _turn_on_colours(_STANDARD_ERROR if err else _STANDARD_OUTPUT)


def _turn_on_colours(stream: int) -> bool:
    """Let the Windows console read colour codes; return whether it can.

    It does not by itself in every program (SetConsoleMode, ENABLE_VIRTUAL_TERMINAL_PROCESSING).
    """
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetStdHandle.restype = ctypes.c_void_p
    console, mode = ctypes.c_void_p(kernel.GetStdHandle(stream)), ctypes.c_ulong()
    if not kernel.GetConsoleMode(console, ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(console, mode.value | _COLOUR_CODES))


def _is_terminal(*, err: bool) -> bool:
    stream: TextIO | None = sys.stderr if err else sys.stdout
    return stream is not None and stream.isatty()
