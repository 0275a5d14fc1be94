"""The console: output streams, exit codes, progress bar, opening files, ending the process."""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from reportgen.characters import OBEYED
from reportgen.problems import EnvironmentProblem, system_reason, typed_path

if TYPE_CHECKING:
    from reportgen.diagnostics import Diagnostic
    from reportgen.files import Cache
    from reportgen.outputs import EarlierFile, Written

FINE, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes: all well; problems in the report; wrong usage or environment."""

_READER_LEFT = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)
_STREAMS, _COLOUR_CODES = (-11, -12), 4  # of the Windows console
_BAR_CELLS = 24
_UTF8 = "utf-8"
_ERASE_REST = "\x1b[K"


def begin_streams() -> None:
    """Set both output streams to the encoding that what reads them expects of a text.

    This is UTF-8, except for pipes and files on Windows.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            _set_encoding(stream, _UTF8 if stream.isatty() else _piped_encoding())


def _set_encoding(stream: io.TextIOWrapper, encoding: str) -> None:
    """Set the encoding of *stream*; what it lacks is written as ``?``, or as its code point."""
    errors = "replace" if encoding == _UTF8 else "backslashreplace"
    stream.reconfigure(encoding=encoding, errors=errors)


def _piped_encoding() -> str:
    """Return the encoding of texts in pipes and files.

    On Windows it is the code page of the console (936 in a Chinese one), because PowerShell 5 and
    ``more`` decode a pipe by it; UTF-8 where there is no console, or its code page has no Chinese.
    """
    if sys.platform != "win32":
        return _UTF8
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    page = f"cp{kernel.GetConsoleOutputCP()}"
    try:
        "报告".encode(page)
    except (LookupError, UnicodeEncodeError):
        return _UTF8
    return _UTF8 if page == "cp65001" else page


def echo(text: str, *, err: bool = False, coloured: bool = False, data: bool = False) -> None:
    """Write *text* and a line feed to standard output or standard error, and flush the stream.

    *data* for programs (JSON, a page, a script) is UTF-8 everywhere.  Control characters, which
    names of files may contain, are replaced by blanks, unless *text* is *coloured*.  Does nothing
    if there is no such stream, as under ``pythonw``, if its reader has closed it, or if standard
    error cannot be written.  Raises EnvironmentProblem if standard output cannot be written.
    """
    if data and isinstance(sys.stdout, io.TextIOWrapper):
        _set_encoding(sys.stdout, _UTF8)
    try:
        click.echo(text if coloured else OBEYED.sub(" ", text), err=err)
    except OSError as error:
        _give_up(sys.stderr if err else sys.stdout)
        if not err and error.errno not in _READER_LEFT:
            message = f"标准输出写不进去：{system_reason(error)}"
            raise EnvironmentProblem(message, "检查输出转到了哪里") from error


def fail(message: str, hint: str = "") -> int:
    """Print an error and a hint to standard error; return the exit code for it."""
    echo(f"错误：{message}", err=True)
    if hint:
        echo(f"处理：{hint}", err=True)
    return USAGE


def print_findings(found: Sequence[Diagnostic], *, err: bool, summary: bool = True) -> None:
    """Print *found* in full, in colours on a terminal, and with *summary* their number."""
    from reportgen.findings_text import render_full, summary_line

    if found:
        echo(render_full(found, colour=True) + "\n", err=err, coloured=True)
    if summary and (found or not err):
        echo(summary_line(found), err=err)


def exit_code(found: Iterable[Diagnostic], *, strict: bool = False) -> int:
    """Return the exit code for a report with the findings *found*."""
    from reportgen.diagnostics import has_errors

    return PROBLEMS if has_errors(found, strict=strict) else FINE


def template_policy(trusted: bool, strict: bool) -> str:
    """Return how a folder's own templates are judged: trusted, refused if *strict*, else told."""
    return "trust" if trusted else "refuse" if strict else "tell"


def print_files(written: Sequence[Written]) -> None:
    """Print the paths of the files that were written, and of the backups of hand-edited ones.

    Files in a folder below that of the first one are only counted.
    """
    lines = []
    counts: Counter[Path] = Counter()
    for item in written:
        if item.backup:
            lines.append(f"原文件被手工改过，已另存为 {item.backup}")
        if item.path.parent == written[0].path.parent:
            lines.append(f"已生成 {item.path}")
        else:
            counts[item.path.parent] += 1
    lines += (f"已生成 {folder} 里的 {count} 个文件" for folder, count in counts.items())
    print_done(lines, [item.path for item in written])


_MOST_NAMED = 5


def name_files(files: Sequence[EarlierFile]) -> str:
    """Return the paths of *files*, each with the time when it was last written."""
    from reportgen.files import changed_at

    named = [f"{item.path}（{changed_at(item.path) or '已不在'}）" for item in files[:_MOST_NAMED]]
    more = f"等 {len(files)} 个" if len(files) > _MOST_NAMED else ""
    return "、".join(named) + more


def print_done(lines: Iterable[str], written: Iterable[Path], *, data: bool = False) -> None:
    """Print *lines* about files that were *written*; they are *data* as in :func:`echo`.

    Raises EnvironmentProblem like :func:`echo`; its message lists the files.
    """
    try:
        echo("\n".join(lines), data=data)
    except EnvironmentProblem as problem:
        told = f"{problem.message}；文件已经写好：{'、'.join(map(str, written))}"
        raise EnvironmentProblem(told, problem.hint) from problem


def print_created(
    folder: Path, files: Iterable[Path], notes: Iterable[str], next_step: str
) -> None:
    """Print what a new report *folder* holds, *notes* about it, and what to do before checking."""
    lines = [
        f"已建立报告目录：{folder}",
        *(f"  {path}" for path in files),
        "  核对、预览、生成：双击运行（Windows 用 .bat，Linux 用 .desktop 或 .sh）",
        *(f"  · {note}" for note in notes),
        f"下一步：{next_step}，再运行 reportgen check {typed_path(folder)}",
    ]
    print_done(lines, [folder])


def refuse_others(paths: Iterable[Path], is_result: Callable[[Path], bool]) -> None:
    """Raise EnvironmentProblem if one of *paths* exists and is not a file that *is_result*."""
    there = (path for path in paths if path.exists())
    if taken := next((path for path in there if not (path.is_file() and is_result(path))), None):
        raise EnvironmentProblem(f"{taken} 已经存在", "换一个名字；不会覆盖已有的文件")


def write_results(contents: Mapping[Path, bytes]) -> None:
    """Write *contents* to their files and say so; hand-edited files there are kept beside them.

    Raises EnvironmentProblem if a file cannot be written.
    """
    from reportgen.files import writer_of
    from reportgen.outputs import RESULT_SUFFIXES, write_files

    written = []
    for path, content in contents.items():
        files = {path.name: writer_of(content)}
        written += write_files(path.parent, files, editable=RESULT_SUFFIXES)
    print_files(written)


def colour_setting() -> bool | None:
    """Return click's colour setting: False for no colours, None for colours on a terminal."""
    if "NO_COLOR" in os.environ:
        return False
    if sys.platform == "win32":
        shown = [_turn_on_colours(stream) for stream in _STREAMS]
        return None if any(shown) else False
    return None


def _turn_on_colours(stream: int) -> bool:
    """Enable colour codes in the Windows console of *stream*; return whether that succeeded.

    They are not enabled under every program (SetConsoleMode,
    ENABLE_VIRTUAL_TERMINAL_PROCESSING), and click does not enable them any more.
    """
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetStdHandle.restype = ctypes.c_void_p
    console, mode = ctypes.c_void_p(kernel.GetStdHandle(stream)), ctypes.c_ulong()
    if not kernel.GetConsoleMode(console, ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(console, mode.value | _COLOUR_CODES))


@contextlib.contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function to call after each of *total* steps, with a text to show beside the bar.

    If standard error is not a terminal, the text is printed after each tenth of the steps.
    """
    stream = _BarStream()
    with click.progressbar(
        length=total,
        file=stream,
        width=_BAR_CELLS,
        fill_char="█",
        empty_char="░",
        bar_template=f"%(bar)s %(label)s{_ERASE_REST}",  # click pads by characters, not cells
        show_eta=False,
        show_percent=False,
        color=stream.isatty(),
    ) as bar:

        def step(text: str) -> None:
            done = bar.pos + 1
            if stream.isatty() or done * 10 // total > bar.pos * 10 // total:
                bar.label = text
            bar.update(1)

        yield step


class _BarStream(io.StringIO):
    """Standard error for the progress bar; errors in writing must not end a batch.

    The empty line that click prints first if there is no terminal is left out.
    """

    def write(self, text: str) -> int:
        if sys.stderr is not None and text.strip("\n"):
            with contextlib.suppress(OSError):
                sys.stderr.write(text)
                sys.stderr.flush()
        return len(text)

    def isatty(self) -> bool:
        return sys.stderr is not None and sys.stderr.isatty()


def open_for_user(target: str) -> None:
    """Open a file or an address with the system's program for it; do nothing if there is none.

    ``click.launch`` is not used: with it, xdg-open writes English messages to the terminal,
    Ctrl-C also ends the browser, and without xdg-open a text browser may use the terminal.
    """
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


def _give_up(stream: TextIO) -> None:
    """Redirect *stream*, which cannot be written, to null, so that Python can flush it at exit."""
    with contextlib.suppress(AttributeError, ValueError, OSError):  # no stream, or no real file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def end_process(code: int) -> NoReturn:
    """End the process with exit *code* without freeing its objects.

    Freeing all objects takes a twentieth of a command's time.  Files have been closed by then,
    and the streams are flushed here.  A process that has started worker processes ends
    normally, so that Python can clean up what they share.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _give_up(stream)
        except (AttributeError, ValueError):
            pass  # there is no such stream, or it is closed
    if "multiprocessing" in sys.modules:
        gc.freeze()  # no garbage collection at exit
        sys.exit(code)
    os._exit(code)


def user_cache() -> Cache:
    """Return the cache of the user who runs the command; one that keeps nothing without a home."""
    from platformdirs import user_cache_path

    from reportgen.files import NO_CACHE, Cache

    try:
        return Cache(user_cache_path("reportgen", appauthor=False))
    except RuntimeError:  # the user has no home folder
        return NO_CACHE


LAUNCHER = "REPORTGEN_LAUNCHER"
"""The environment variable in which the launcher of a bundle gives its path."""


def remember_launcher() -> None:
    """Keep the path of the bundle's launcher, if one started the program, for later starts."""
    if launcher := os.environ.get(LAUNCHER):
        from platformdirs import user_data_path

        from reportgen.launchers import remember

        with contextlib.suppress(RuntimeError):  # the user has no home folder
            remember(launcher, user_data_path("reportgen", appauthor=False))


_KEYS, _ONLY_KEY = "keys", "00"


def own_key() -> bytes:
    """Return the user's secret key, which is created at the first call.

    Without a cache a new key is returned each time.
    """
    cache = user_cache()
    if kept := cache.get(_KEYS, _ONLY_KEY):
        return kept
    made = os.urandom(32)
    cache.put(_KEYS, _ONLY_KEY, made)
    return made


def font_folders(wanted: bool) -> tuple[Path, ...]:
    """Return the font folders of the system if they are *wanted*, else none."""
    if not wanted:
        return ()
    from reportgen.files import system_font_folders

    return system_font_folders(os.environ, Path(os.path.expanduser("~")))  # noqa: PTH111 Path.home() raises without a home
