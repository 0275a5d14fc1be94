"""``new``, ``check`` and ``build``: one report from its first file to the copy that is filed.

What is dropped on the program comes here too: a report folder is checked, others become one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    USAGE,
    echo,
    exit_code,
    fail,
    font_folders,
    name_files,
    own_key,
    print_created,
    print_files,
    print_findings,
    template_policy,
    user_cache,
)
from reportgen.cli.published import STANDARD_INPUT, import_, read_finished
from reportgen.formats import ATTACHED, HTML_SHAPES, NUMBERINGS, PROFILES
from reportgen.problems import EnvironmentProblem

if TYPE_CHECKING:
    from reportgen.api import Built, Checked
    from reportgen.diagnostics import Diagnostic
    from reportgen.finished import ReadBack

STYLES = ("full", "short", "json")
PARTS = ("report.yaml", "正文.md", "数据.xlsx")
WORD_PARTS = ("正文.docx", "正文.doc", "正文.wps")
"""The files of a report folder that ``check`` accepts in place of the folder."""


@click.command(
    cls=Command,
    help="新建报告目录：三张表逐行填 0，附填写说明。",
    epilog="reportgen new 某局-2025 --organ 某市某局 --year 2025\n"
    "reportgen new 某局-2025 --organ 某市某局 --year 2025 --from 某局-2024 --excel",
)
@take.report_folder
@click.option("--organ", metavar="单位", required=True, help="单位全称，与公章一致")
@click.option(
    "--year",
    metavar="年度",
    type=take.WholeNumber(least=1, most=9999),
    required=True,
    help="报告年度，如 2025",
)
@click.option(
    "--report",
    metavar="报告",
    default="",
    shell_complete=take.complete_kinds,
    help="编制哪一种报告，见 reportgen editions",
)
@click.option(
    "--from",
    "previous",
    metavar="上年",
    type=take.Folder(),
    help="上年的报告目录或成品文件，沿用联系方式和结转数",
)
@click.option("--excel", is_flag=True, help="三张表填在 数据.xlsx 里，不写进 report.yaml")
def new(
    folder: Path, organ: str, year: int, report: str, previous: Path | None, excel: bool
) -> int:
    """Scaffold a report folder."""
    from reportgen.workflows import create_folder

    created = create_folder(
        folder, organ.strip(), year, previous, excel=excel, report=report.strip()
    )
    tables = "report.yaml、数据.xlsx" if excel else "report.yaml"
    print_created(folder, created.files, created.notes, f"填写 {tables} 和正文")
    return FINE


@click.command(
    cls=Command,
    help="核对报告目录或已成的报告：一次列出全部问题及其位置。",
    epilog="reportgen check 某局-2025\nreportgen check 某局-2025 --only T303,I103 --format short\n"
    "reportgen check 年报.html\nreportgen check 各单位年报",
)
@click.argument("paths", metavar="报告目录或文件", nargs=-1, required=True, type=take.Folder())
@click.option(
    "--format",
    "style",
    metavar="样式",
    type=take.OneOf(STYLES),
    default=STYLES[0],
    help=f"输出样式：{'、'.join(STYLES)}，默认 {STYLES[0]}",
)
@click.option("--strict", is_flag=True, help="有警告也算不通过")
@take.trust_templates
@click.option(
    "--only",
    metavar="规则",
    multiple=True,
    shell_complete=take.complete_rules,
    help="只看这些规则（编号或名称，用逗号分隔）",
)
@click.option(
    "--skip",
    metavar="规则",
    multiple=True,
    shell_complete=take.complete_rules,
    help="不看这些规则",
)
@click.option(
    "--against-last-year", "against", is_flag=True, help="另列各数与上年的对照，供签发人看"
)
def check(
    paths: tuple[Path, ...],
    style: str,
    strict: bool,
    trust_templates: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    against: bool,
) -> int:
    """Print every finding about report folders and finished files.

    A folder of finished files stands for these.  What cannot be read is told, and the others are
    checked.
    """
    from reportgen.diagnostics import has_errors

    _refuse_torn(paths)
    chosen = [path for given in paths for path in _meant(given)]
    choice = CheckChoice(style, strict, trust_templates, only, skip)
    if len(chosen) == 1:
        checked, found = _checked(chosen[0], choice)
        if against:
            _print_beside_last_year(found, checked, style)
        else:
            _print_check(found, style)
        if style == STYLES[0] and not (only or skip or has_errors(found)):
            _print_unchecked(checked)
        return _code_of(chosen[0], checked, found, strict=strict)
    if against:
        raise EnvironmentProblem("一次只能对照一份报告", "去掉 --against-last-year，或只写一份")
    return _check_several(chosen, choice)


def _refuse_torn(paths: Sequence[Path]) -> None:
    """Raise EnvironmentProblem if *paths* are pieces of one path with blanks in it."""
    for first, second in pairwise(paths):
        whole = Path(f"{first} {second}")
        if not first.exists() and whole.exists():
            message = f"没有找到 {first}，有“{whole}”"
            raise EnvironmentProblem(message, f'名称里有空格的，两头加上引号："{whole}"')


class CheckChoice(NamedTuple):
    """What is to be told of reports, and how."""

    style: str
    strict: bool
    trust_templates: bool
    only: tuple[str, ...]
    skip: tuple[str, ...]


def _meant(path: Path) -> list[Path]:
    """Return what *path* stands for: itself, or the finished files in a folder of such.

    A folder with both finished files and a ``report.yaml.txt`` stands for itself as well, so that
    the wrong name is told.
    """
    if not path.is_dir() or any(lexists(path / name) for name in (*PARTS, *WORD_PARTS)):
        return [path]
    from reportgen.published import FileRole, role_of

    roles = (FileRole.DOCUMENT, FileRole.SHEET)
    inside = _own_files(path)
    finished = [file for file in inside if role_of(file) in roles]
    return [path, *finished] if not finished or _has_data(inside) else finished


def _own_files(folder: Path) -> list[Path]:
    """Return the files in *folder* by name, without hidden ones and locks."""
    return sorted(item for item in folder.iterdir() if item.is_file() and item.name[0] not in ".~")


def _has_data(files: Sequence[Path]) -> bool:
    """Return whether one of *files* is, or was meant to be, the ``report.yaml`` of a folder."""
    from reportgen.published import FileRole, role_of
    from reportgen.readers import DATA_FILE, is_copy

    texts = (FileRole.TEXT, None)  # report.docx is a finished report
    return any(is_copy(file, Path(DATA_FILE)) and role_of(file) in texts for file in files)


def _checked(path: Path, choice: CheckChoice) -> tuple[Checked | ReadBack, list[Diagnostic]]:
    """Return the report at *path*, checked, and the findings asked for."""
    from reportgen.api import check_folder
    from reportgen.diagnostics import choose
    from reportgen.forms import known_codes, shipped_library

    if _is_finished(path):
        checked: Checked | ReadBack = read_finished(path, check=True)
    else:
        policy = template_policy(choice.trust_templates, choice.strict)
        checked = check_folder(path, cache=user_cache(), own_templates=policy)
    library = shipped_library()
    chosen = known_codes(take.split_list(*choice.only), library, checked.form)
    skipped = known_codes(take.split_list(*choice.skip), library, checked.form)
    return checked, choose(checked.diagnostics, chosen, skipped)


def _check_several(paths: Sequence[Path], choice: CheckChoice) -> int:
    """Print the findings about each of *paths*; return the gravest exit code."""
    from reportgen.findings_text import json_text, to_json_object

    codes = []
    objects = []
    for path in paths:
        try:
            checked, found = _checked(path, choice)
        except EnvironmentProblem as problem:
            codes.append(fail(problem.message, problem.hint))
            continue
        codes.append(_code_of(path, checked, found, strict=choice.strict))
        if choice.style == "json":
            findings = [to_json_object(item) for item in found]
            objects.append({"file": str(path), "findings": findings})
            continue
        if choice.style == STYLES[0]:
            echo(f"── {path}")
        _print_check(found, choice.style)
        if choice.style == STYLES[0]:
            echo("")
    if choice.style == "json":
        echo(json_text(objects), data=True)
    elif choice.style == STYLES[0]:
        names = (("没有错误", FINE), ("有错误", PROBLEMS), ("读不出来", USAGE))
        counts = "、".join(f"{codes.count(code)} 份{name}" for name, code in names)
        echo(f"共 {len(paths)} 份：{counts}")
    return max(codes)


def _is_finished(path: Path) -> bool:
    return path == STANDARD_INPUT or (path.is_file() and not is_part(path))


def _code_of(
    path: Path, checked: Checked | ReadBack, found: list[Diagnostic], *, strict: bool
) -> int:
    if checked.report is None:  # whatever the folder's own rules make of it
        return USAGE if _is_finished(path) else PROBLEMS
    return exit_code(found, strict=strict)


def is_part(file: Path) -> bool:
    """Return whether *file* is part of a report folder; a document is one beside the data only."""
    return file.name in PARTS or (
        file.name in WORD_PARTS and file.with_name("report.yaml").is_file()
    )


def _print_unchecked(checked: Checked | ReadBack) -> None:
    """Print which numbers nothing could check, if there are any."""
    from reportgen.cli.signing import unchecked_line

    if line := unchecked_line(checked.unchecked):
        echo(line)


def _print_beside_last_year(
    found: list[Diagnostic], checked: Checked | ReadBack, style: str
) -> None:
    """Print *found* and every number beside last year's; EnvironmentProblem without those."""
    from reportgen.checks import compare_with_last_year
    from reportgen.cli.signing import comparison_object, comparison_table
    from reportgen.findings_text import json_text, to_json_object

    report, form = checked.report, checked.form
    if report is None or form is None or report.previous is None:
        _print_check(found, style)
        message = "没有上年的报告可以对照"
        raise EnvironmentProblem(message, "在 report.yaml 里写“上年: 上年的报告目录或文件”")
    cells = compare_with_last_year(report, form)
    if style == "json":
        beside = comparison_object(cells, report, checked.unchecked)
        told = {"findings": [to_json_object(item) for item in found], **beside}
        echo(json_text(told), data=True)
        return
    _print_check(found, style)
    echo(comparison_table(cells, report, checked.unchecked))


def _print_check(found: list[Diagnostic], style: str) -> None:
    from reportgen.findings_text import render_json, render_short

    if style == "json":
        echo(render_json(found), data=True)
    elif style == "short":
        if found:
            echo(render_short(found))
    else:
        print_findings(found, err=False)


@click.command(
    cls=Command,
    help="核对并生成报告；有错误时不写任何文件（--draft 除外）。",
    epilog="reportgen build 某局-2025\nreportgen build 某局-2025 -o 报送 --to docx,pdf,html",
)
@take.report_folder
@take.out
@take.to
@take.draft
@click.option("--strict", is_flag=True, help="有警告也不生成")
@click.option(
    "--pdf-profile",
    "profile",
    metavar="级别",
    type=take.OneOf(PROFILES),
    default=PROFILES[0],
    help=f"PDF/A 级别：{'、'.join(PROFILES)}，默认 {PROFILES[0]}",
)
@click.option(
    "--attach",
    metavar="内容",
    type=take.OneOf(ATTACHED),
    help="在 PDF、OFD 里附上 data（数据）或 sources（数据和正文）",
)
@click.option(
    "--html",
    "html_shape",
    metavar="样式",
    type=take.OneOf(HTML_SHAPES),
    default=HTML_SHAPES[0],
    help="网页是 page（整页，默认）、fragment（贴进网站编辑器）或 fragment-files（同前，图片另存）",
)
@click.option("--signature-field", is_flag=True, help="PDF 的落款处留一个空的签名域，供电子印章用")
@click.option(
    "--numbering",
    metavar="方式",
    type=take.OneOf(NUMBERINGS),
    default=NUMBERINGS[0],
    help="DOCX 的标题、列表序号：typed（写在文字里，默认）或 auto（Word 自动编号）",
)
@click.option("--embed-fonts", is_flag=True, help="在 DOCX 中嵌入所用字体（仅许可允许的）")
@click.option("--clean", is_flag=True, help="删去以前生成、没有改动过、这次没有再生成的文件")
@take.system_fonts
@take.machine
@take.trust_templates
def build(
    folder: Path,
    out: Path | None,
    formats: tuple[str, ...],
    draft: bool,
    strict: bool,
    profile: str,
    attach: str | None,
    html_shape: str,
    signature_field: bool,
    numbering: str,
    embed_fonts: bool,
    clean: bool,
    system_fonts: bool,
    style: str,
    trust_templates: bool,
) -> int:
    """Check, then write the filing copies."""
    from reportgen.api import build_folder

    built = build_folder(
        folder,
        out,
        formats=formats,
        draft=draft,
        profile=profile,
        strict=strict,
        numbering=numbering,
        embed_fonts=embed_fonts,
        attach=attach or "",
        html_shape=html_shape,
        signature_field=signature_field,
        system_fonts=font_folders(system_fonts),
        cache=user_cache(),
        own_templates=template_policy(trust_templates, strict),
        key=own_key(),
    )
    removed = _remove_earlier(built) if clean and built.written else []
    if style == "json":
        _print_built(built, removed)
        return exit_code(built.diagnostics, strict=strict)
    print_findings(built.diagnostics, err=True)
    if not built.written:
        _print_refused(built, draft=draft)
        return PROBLEMS
    print_files(built.written)
    for note in (*built.notes, *_earlier_notes(built, removed, clean=clean)):
        echo(f"  · {note}")
    return exit_code(built.diagnostics, strict=strict)


def _print_refused(built: Built, *, draft: bool) -> None:
    """Print that nothing was written, and which files of earlier builds are still there."""
    instead = "" if draft else "，或用 --draft 生成草稿"
    echo(f"没有生成文件：请先改正上面的问题{instead}。", err=True)
    if built.earlier:
        echo(f"以前生成的文件还在，没有动：{name_files(built.earlier)}", err=True)


def _remove_earlier(built: Built) -> list[Path]:
    from reportgen.outputs import remove_earlier

    return remove_earlier(built.earlier)


def _earlier_notes(built: Built, removed: Sequence[Path], *, clean: bool) -> Iterator[str]:
    """Yield remarks about files of earlier builds: those *removed* and those left."""
    if removed:
        yield f"已删去以前生成的 {'、'.join(map(str, removed))}"
    left = [item for item in built.earlier if item.path not in removed]
    if left and clean:
        yield f"没有删去 {name_files(left)}：改动过，或者不能确定是本程序为你写的"
    elif left:
        yield f"还有以前生成的，内容与这次不同：{name_files(left)}；不再要的，加 --clean 删去"


def _print_built(built: Built, removed: Sequence[Path]) -> None:
    """Print what was found, written and *removed* as one object."""
    from reportgen.findings_text import json_text, to_json_object

    echo(
        json_text(
            {
                "findings": [to_json_object(item) for item in built.diagnostics],
                "files": [str(item.path) for item in built.written],
                "backups": [str(item.backup) for item in built.written if item.backup],
                "notes": list(built.notes),
                "earlier": [str(item.path) for item in built.earlier if item.path not in removed],
                "removed": list(map(str, removed)),
            }
        ),
        data=True,
    )


@click.command(
    "open",
    cls=Command,
    help="拖到程序上的文件：报告目录就核对，Word、网页、PDF 或放着它们的目录就变成报告目录。",
)
@click.argument("paths", metavar="报告目录或文件", nargs=-1, required=True, type=take.Folder())
@click.pass_context
def dropped(context: click.Context, paths: tuple[Path, ...]) -> int:
    """Check report folders; make a report folder of anything else, beside the first of it.

    A folder with one document in it, and pictures, is what a report is made of; one with several
    documents holds finished reports, which are checked.
    """
    folders = tuple(path.parent if is_part(path) else path for path in paths)
    if all(folder.is_dir() and not _is_material(folder) for folder in folders):
        code: int = context.invoke(check, paths=folders)
    else:
        code = context.invoke(import_, files=paths, out=_free_folder(paths))
    return code


def _is_material(folder: Path) -> bool:
    """Return whether a report folder is to be made of *folder*: it holds a single document."""
    from reportgen.published import FileRole, role_of

    files = _own_files(folder)
    if _has_data(files):
        return False
    return [role_of(file) for file in files].count(FileRole.DOCUMENT) == 1


def _free_folder(paths: tuple[Path, ...]) -> Path:
    """Return the name of a new folder beside the first document, or picture, of *paths*."""
    from reportgen.pictures import PICTURE_SUFFIXES

    document = min(paths, key=lambda path: path.suffix.lower() in PICTURE_SUFFIXES)
    stem = document.name if document.is_dir() else document.stem
    names = (f"{stem}-报告{n if n > 1 else ''}" for n in count(1))
    return next(place for name in names if not (place := document.with_name(name)).exists())
