"""The command line: arguments → pipeline → exit code.

With ``console`` the only module that prints, and that reads the clock, the
environment and the terminal.  Each command imports what it needs when it
runs, so that ``--help`` loads no library at all.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from reportgen import __version__
from reportgen.arguments import (
    PROGRAM,
    Command,
    Parameter,
    UsageProblem,
    asks_for_help,
    find_command,
    help_page,
    one_of,
    read_words,
    whole_number,
)
from reportgen.console import (
    StatusLine,
    columns,
    echo,
    end_process,
    open_for_user,
    print_files,
    print_findings,
)
from reportgen.processes import begin_process

if TYPE_CHECKING:
    from reportgen.batch import Outcome
    from reportgen.diagnostics import Diagnostic
    from reportgen.files import Cache
    from reportgen.preview import State

FINE, PROBLEMS, USAGE = 0, 1, 2
FORMATS = ("full", "short", "json")
OUTPUTS = ("docx", "pdf", "html", "json")
PROFILES = ("a-3a", "a-1a", "a-2a")
DEBUG_VARIABLE = "REPORTGEN_DEBUG"


def new(
    folder: Path, organ: str, year: int, report: str, previous: Path | None, excel: bool
) -> int:
    """Scaffold a report folder."""
    from reportgen.workflows import create_folder

    created = create_folder(
        folder, organ.strip(), year, previous, excel=excel, report=report.strip()
    )
    echo(f"已建立报告目录：{folder}")
    for path in created.files:
        echo(f"  {path}")
    for note in created.notes:
        echo(f"  · {note}")
    tables = "report.yaml、数据.xlsx" if excel else "report.yaml"
    echo(f"下一步：填写 {tables} 和正文，再运行 reportgen check {_quoted(folder)}")
    return FINE


def check(
    folder: Path, form: str, strict: bool, only: tuple[str, ...], skip: tuple[str, ...]
) -> int:
    """Print every finding about a report folder."""
    from reportgen import diagnostics
    from reportgen.api import check_folder

    found = _chosen(check_folder(folder, cache=_cache()).diagnostics, _codes(only), _codes(skip))
    if form == "json":
        echo(diagnostics.render_json(found))
    elif form == "short":
        if found:
            echo(diagnostics.render_short(found))
    else:
        print_findings(found, to_error=False)
        echo(diagnostics.summary_line(found))
    return _exit_code(found, strict)


def build(
    folder: Path,
    out: Path | None,
    kinds: str,
    draft: bool,
    strict: bool,
    profile: str,
    embed_fonts: bool,
    system_fonts: bool,
) -> int:
    """Check, then write the filing copies."""
    from reportgen.api import build_folder
    from reportgen.diagnostics import summary_line

    built = build_folder(
        folder,
        out,
        formats=_formats(kinds),
        draft=draft,
        profile=profile,
        strict=strict,
        embed_fonts=embed_fonts,
        system_fonts=_font_folders(system_fonts),
        cache=_cache(),
    )
    print_findings(built.diagnostics, to_error=True)
    if built.diagnostics:
        echo(summary_line(built.diagnostics), err=True)
    if not built.written:
        instead = "" if draft else "，或用 --draft 生成草稿"
        echo(f"没有生成文件：请先改正上面的问题{instead}。", err=True)
        return PROBLEMS
    print_files(built.written)
    for note in built.notes:
        echo(f"  · {note}")
    return _exit_code(built.diagnostics, strict)


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
        raise UsageProblem("--port 要与 --watch 一起用")
    if png and watch:
        raise UsageProblem("--png 不能与 --watch 一起用")
    if watch:
        return _watch(folder, out, port, no_open, _font_folders(system_fonts))
    from reportgen.diagnostics import summary_line
    from reportgen.preview import preview_folder

    fonts = _font_folders(system_fonts)
    built, pictures = preview_folder(folder, out, png=png, system_fonts=fonts, cache=_cache())
    print_findings(built.diagnostics, to_error=True)
    if built.diagnostics:
        echo(summary_line(built.diagnostics), err=True)
    if not built.written:
        echo("没有生成草稿：report.yaml 读不出来。", err=True)
        return PROBLEMS
    print_files(built.written)
    for path in pictures:
        echo(f"已生成 {path}")
    if not no_open:
        open_for_user(str(built.written[0].path))
    return _exit_code(built.diagnostics, strict=False)


def _watch(
    folder: Path, out: Path | None, port: int | None, no_open: bool, fonts: Sequence[Path]
) -> int:
    """Show the draft in the browser and follow each save until Ctrl-C."""
    from reportgen.preview import Preview, open_preview

    def tell(state: State) -> None:
        echo(f"{state.built_at} {state.trouble or '草稿已更新'}。{state.summary}")

    preview = Preview(
        folder, out, system_fonts=fonts, cache=_cache(), now=lambda: time.strftime("%H:%M:%S")
    )
    try:
        with open_preview(preview, port or 0) as (url, first):
            echo(f"预览：{url}（保存文件后自动更新，按 Ctrl+C 结束）")
            tell(first)
            if not no_open:
                open_for_user(url)
            for state in preview.follow():
                tell(state)
    except KeyboardInterrupt:
        echo("预览已结束。")
    return FINE


def batch(
    root: Path, out: Path | None, kinds: str, jobs: int | None, draft: bool, cluster: str | None
) -> int:
    """Build every report folder below a folder."""
    from reportgen.batch import AHEAD, find_units, interruptible, open_pool, run_batch, usable_cores
    from reportgen.files import NO_CACHE

    kept = NO_CACHE if cluster else _cache()  # a cluster's workers are other machines' users
    units = find_units(root, out, _formats(kinds), draft=draft, cache=kept)
    jobs = min(jobs or usable_cores(), len(units))
    with interruptible() as stopped, open_pool(jobs, cluster) as pool:
        outcomes = run_batch(
            units, pool.executor, window=AHEAD * pool.workers, renew=pool.renew, stopped=stopped
        )
        return _follow(outcomes, len(units), out or root)


def _follow(outcomes: Iterable[Outcome], total: int, home: Path) -> int:
    """Show the progress of a batch of *total* reports, then its summary, also in *home*."""
    from reportgen.batch import Progress, summary_lines, write_summary

    started = time.monotonic()
    progress, line = Progress(total, started), StatusLine()
    known: list[Outcome] = []
    for outcome in outcomes:
        known.append(outcome)
        for backup in outcome.backups:
            line.say(f"原文件被手工改过，已另存为 {backup}")
        progress.note(outcome, time.monotonic())
        line.show(progress.line(), progress.fraction)
    line.clear()
    echo("\n".join(summary_lines(known, total, time.monotonic() - started)))
    echo(f"各报告的结果见 {'、'.join(map(str, write_summary(home, known)))}")
    if len(known) < total:
        return _fail("已中断", "再运行一次同样的命令，会从这里接着做")
    return PROBLEMS if any(outcome.has_failed for outcome in known) else FINE


def explain(code: str) -> int:
    """Print the page of one rule."""
    from reportgen.api import shipped_library
    from reportgen.workflows import explain_rule

    echo(explain_rule(code, shipped_library()))
    return FINE


def editions() -> int:
    """List the known reports and forms."""
    from reportgen.api import shipped_library
    from reportgen.workflows import list_editions

    echo(list_editions(shipped_library()))
    return FINE


def doctor(folder: Path | None, system_fonts: bool) -> int:
    """Say what fonts and versions the program runs with."""
    from reportgen.workflows import examine

    lines, healthy = examine(folder, _font_folders(system_fonts))
    echo("\n".join(lines))
    return FINE if healthy else USAGE


def _readable(word: str) -> Path:
    """Return *word* as a path; ValueError when what lies there may not be read."""
    if os.access(word, os.F_OK) and not os.access(word, os.R_OK):
        raise ValueError(f"没有权限读取 {word}")
    return Path(word)


def _tell_version(version: bool) -> int:
    """Print the version, the only thing the program does without a command."""
    echo(f"{PROGRAM} {__version__}")
    return FINE


_FOLDER = Parameter("folder", "DIR", convert=_readable, required=True)
_OUT = Parameter("out", "-o, --out OUT", "输出目录，默认 DIR/output", convert=_readable)
_KINDS = Parameter("kinds", "--to KINDS", "docx,pdf,html,json，默认 docx,pdf", default="docx,pdf")
_DRAFT = Parameter("draft", "--draft", "有错误也生成，每页标“草稿”")
_SYSTEM_FONTS = Parameter(
    "system_fonts",
    "--system-fonts",
    "优先用电脑上装的公文字体（默认不用：各台电脑排出来的版面才一致）",
)

_COMMANDS = (  # in the order of the help page
    Command(
        "new",
        "新建报告目录：三张表逐行填 0，附填写说明。",
        new,
        _FOLDER,
        Parameter("organ", "--organ ORGAN", "单位全称，与公章一致", required=True),
        Parameter(
            "year", "--year YEAR", "报告年度，如 2025", convert=whole_number(), required=True
        ),
        Parameter("report", "--report KIND", "编制哪一种报告，见 reportgen editions", default=""),
        Parameter(
            "previous", "--from DIR", "上年的报告目录，沿用联系方式和结转数", convert=_readable
        ),
        Parameter("excel", "--excel", "三张表填在 数据.xlsx 里，不写进 report.yaml"),
    ),
    Command(
        "check",
        "核对报告：一次列出全部问题及其位置。",
        check,
        _FOLDER,
        Parameter(
            "form",
            f"--format [{'|'.join(FORMATS)}]",
            "输出样式，默认 full",
            convert=one_of(FORMATS),
            default="full",
        ),
        Parameter("strict", "--strict", "有警告也算不通过"),
        Parameter("only", "--only CODES", "只看这些规则（编号或名称，逗号分隔）", repeated=True),
        Parameter("skip", "--skip CODES", "不看这些规则", repeated=True),
    ),
    Command(
        "build",
        "核对并生成报告；有错误时不写任何文件（--draft 除外）。",
        build,
        _FOLDER,
        _OUT,
        _KINDS,
        _DRAFT,
        Parameter("strict", "--strict", "有警告也不生成"),
        Parameter(
            "profile",
            f"--pdf-profile [{'|'.join(PROFILES)}]",
            "PDF/A 级别，默认 a-3a",
            convert=one_of(PROFILES),
            default="a-3a",
        ),
        Parameter("embed_fonts", "--embed-fonts", "在 DOCX 中嵌入所用字体（仅许可允许的）"),
        _SYSTEM_FONTS,
    ),
    Command(
        "preview",
        "生成草稿 PDF 并打开，每页标“草稿”。",
        preview,
        _FOLDER,
        _OUT,
        Parameter("watch", "--watch", "在浏览器中预览，保存文件后自动更新"),
        Parameter(
            "port",
            "--port N",
            "--watch 用的端口，默认选一个空闲的",
            convert=whole_number(1, 65535),
        ),
        Parameter("png", "--png", "另存每页为 PNG 图片"),
        Parameter("no_open", "--no-open", "生成后不打开"),
        _SYSTEM_FONTS,
    ),
    Command(
        "batch",
        "批量生成：ROOT 下每个报告目录各做一份，未变动的跳过。",
        batch,
        Parameter("root", "ROOT", convert=_readable, required=True),
        Parameter("out", "-o, --out OUT", "输出目录，默认各报告目录的 output", convert=_readable),
        _KINDS,
        Parameter("jobs", "--jobs N", "同时做几份，默认为处理器核数", convert=whole_number(1)),
        _DRAFT,
        Parameter("cluster", "--dask ADDRESS", "交给 Dask 集群，如 tcp://主机:8786"),
    ),
    Command(
        "explain",
        "说明一条核对规则：查什么、为什么、怎么改。",
        explain,
        Parameter("code", "CODE", required=True),
    ),
    Command("editions", "列出可用的报告和版式。", editions),
    Command(
        "doctor",
        "检查运行环境：字体、所含字数、软件版本。",
        doctor,
        Parameter("folder", "[DIR]", convert=_readable),
        _SYSTEM_FONTS,
    ),
)

_INTRODUCTION = """编制政府信息公开工作年度报告：先核对，后排版，生成可报送的 DOCX 和 PDF。

从头开始：reportgen new 某局-2025 --organ 某市某局 --year 2025
核对数据：reportgen check 某局-2025
生成报告：reportgen build 某局-2025
"""
REPORTGEN = Command(
    "",
    _INTRODUCTION,
    _tell_version,
    Parameter("version", "-V, --version", "显示版本"),
    commands=_COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its code; the user sees no traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    end_process(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from reportgen.problems import EnvironmentProblem

    command = REPORTGEN
    try:
        command, words = find_command(REPORTGEN, _words(arguments))
        if asks_for_help(words):
            echo(help_page(command, columns()))
            return FINE
        values = read_words(command, words)
        if command is not REPORTGEN:
            begin_process()
        return command.run(**values)
    except UsageProblem as problem:
        return _fail(str(problem), f"用 {command.call} --help 查看用法")
    except EnvironmentProblem as error:
        return _fail(error.message, error.hint)
    except KeyboardInterrupt:
        echo("", err=True)  # the terminal has written ^C
        return _fail("已取消", "")
    except BrokenPipeError:
        return FINE
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        kind = type(error).__name__
        hint = f"这是程序的缺陷，没有改动任何文件；设环境变量 {DEBUG_VARIABLE}=1 再运行可看到详情"
        return _fail(f"程序内部出错（{kind}：{error}）", hint)


def _words(arguments: Sequence[str] | None) -> list[str]:
    """Return the words of the command line; without any, ask for the help page."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--"]:
        del words[0]
    return words or ["--help"]


def _cache() -> Cache:
    """Return the cache of the user who runs the command."""
    from reportgen.files import Cache, cache_folder

    return Cache(cache_folder(os.environ, Path("~").expanduser()))


def _font_folders(wanted: bool) -> tuple[Path, ...]:
    """Return the folders of the system's fonts if they are *wanted*."""
    if not wanted:
        return ()
    from reportgen.files import system_font_folders

    return system_font_folders(os.environ, Path.home())


def _fail(message: str, hint: str) -> int:
    echo(f"错误：{message}", err=True)
    if hint:
        echo(f"处理：{hint}", err=True)
    return USAGE


def _codes(texts: Iterable[str]) -> set[str]:
    return {code.strip().lower() for text in texts for code in text.split(",") if code.strip()}


def _chosen(found: Sequence[Diagnostic], only: set[str], skip: set[str]) -> list[Diagnostic]:
    """Return the findings asked for: *only* these rules, and not those of *skip*."""

    def names(item: Diagnostic) -> set[str]:
        return {item.code.lower(), item.slug}

    chosen = [item for item in found if not only or names(item) & only]
    return [item for item in chosen if not names(item) & skip]


def _formats(text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(kind.strip().lower() for kind in text.split(",") if kind.strip()))
    unknown = [kind for kind in kinds if kind not in OUTPUTS]
    if unknown or not kinds:
        raise UsageProblem(f"--to 不支持“{'、'.join(unknown) or text}”，可用：{'、'.join(OUTPUTS)}")
    return kinds


def _exit_code(found: Iterable[Diagnostic], strict: bool) -> int:
    from reportgen.diagnostics import Severity

    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return PROBLEMS if any(item.severity in bad for item in found) else FINE


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)
