"""A folder from a stranger: none of its files is run, and no link leads out of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trouble.machine import SMALL, Ended, copied, ended

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and sh")

TITLE = "示例镇人民政府2024年政府信息公开工作年度报告"
PRECIOUS = "# precious\n"
MARK = "open({mark!r}, 'w').close()\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a sound report folder; a file beside it is not to be touched."""
    (tmp_path / "precious").write_text(PRECIOUS, encoding="utf-8")
    return copied(SMALL, tmp_path)


def linked(path: Path, to: Path | str = "precious") -> None:
    """Make *path* a link to the file or folder *to* beside the report folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.unlink()
    path.symlink_to(path.parents[2] / to if isinstance(to, str) else to)


@pytest.mark.parametrize("words", [(), ("-m",)], ids=["reportgen", "python -m"])
@pytest.mark.parametrize("module", ["socket", "pickle", "msgspec", "reportgen"])
def test_a_batch_imports_nothing_from_where_it_is_run(
    tmp_path: Path, words: tuple[str, ...], module: str
) -> None:
    if words and module == "reportgen":
        pytest.skip("whoever types python -m reportgen has asked for the module that is here")
    copied(SMALL, tmp_path)
    mark = tmp_path / "mark"
    (tmp_path / f"{module}.py").write_text(MARK.format(mark=str(mark)), encoding="utf-8")
    command = [sys.executable, *words, "reportgen"]
    if not words:
        command = [str(Path(sys.executable).with_name("reportgen"))]
    run = subprocess.run(
        [*command, "batch", ".", "--jobs", "2"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert not mark.exists()
    assert "已生成 1" in run.stdout
    assert "各报告的结果见 汇总结果.csv、汇总结果.xlsx" in run.stdout


@pytest.mark.parametrize("has_command", [True, False])
def test_the_generated_script_runs_nothing_of_its_folder(tmp_path: Path, has_command: bool) -> None:
    folder = tmp_path / "某局"
    assert ended("new", folder, "--organ", "某局", "--year", "2024").code == 0
    mark = tmp_path / "mark"
    (folder / "reportgen.py").write_text(MARK.format(mark=str(mark)), encoding="utf-8")
    (folder / "reportgen").write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    (folder / "reportgen").chmod(0o755)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(sys.executable)
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    if has_command:
        (programs / "reportgen").symlink_to(Path(sys.executable).with_name("reportgen"))
    shell = shutil.which("sh") or "sh"
    run = subprocess.run(
        [shell, str(folder / "生成.sh")],
        env={**os.environ, "PATH": f"{programs}:.", "VIRTUAL_ENV": sys.prefix},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert not mark.exists()
    assert "N421" in run.stderr or "没有找到 reportgen 程序" in run.stdout


def test_the_generated_batch_file_leaves_its_folder_before_it_looks_for_a_program(
    tmp_path: Path,
) -> None:
    ended("new", tmp_path / "某局", "--organ", "某局", "--year", "2024")
    lines = (tmp_path / "某局" / "生成.bat").read_text(encoding="utf-8").splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(("py ", "call "))]
    assert starts and lines.index('cd /d "%SystemRoot%"') < min(starts)
    assert sum("cd /d" in line for line in lines) == 1


def _fonts(folder: Path) -> None:
    (folder.parent / "others").mkdir()
    (folder / "fonts").symlink_to(folder.parent / "others")


def _templates(folder: Path) -> None:
    linked(folder / "templates/checks.yaml")


def _skeleton(folder: Path) -> None:
    (folder / "templates/disclosure").mkdir(parents=True)
    (folder.parent / "others").mkdir()
    (folder / "templates/disclosure/2021").symlink_to(folder.parent / "others")


def _output(folder: Path) -> None:
    (folder.parent / "others").mkdir()
    (folder / "output").symlink_to(folder.parent / "others")


def _data(folder: Path) -> None:
    shutil.copy(folder / "report.yaml", folder.parent / "data")
    (folder / "report.yaml").unlink()
    (folder / "report.yaml").symlink_to(folder.parent / "data")


def _narrative(folder: Path) -> None:
    shutil.copy(folder / "正文.md", folder.parent / "text")
    (folder / "正文.md").unlink()
    (folder / "正文.md").symlink_to("../text")


def _workbook(folder: Path) -> None:
    (folder / "数据.xlsx").symlink_to("../precious")


def _circle(folder: Path) -> None:
    (folder / "report.yaml").unlink()
    (folder / "report.yaml").symlink_to("report.yaml")


@pytest.mark.parametrize(
    "make",
    [_fonts, _templates, _skeleton, _output, _data, _narrative, _workbook, _circle],
    ids=lambda make: make.__name__,
)
@pytest.mark.parametrize("command", ["build", "batch", "preview"])
def test_a_link_out_of_the_folder_is_neither_read_nor_written_through(
    folder: Path, make: Callable[[Path], None], command: str
) -> None:
    make(folder)
    root = folder.parent if command == "batch" else folder
    run = ended(command, root, *["--no-open"] * (command == "preview"))
    assert run.code in (1, 2)
    shown = run.out + run.err
    assert "链接" in shown or "目录之外" in shown or "没有 report.yaml" in shown
    assert (folder.parent / "precious").read_text(encoding="utf-8") == PRECIOUS
    others = folder.parent / "others"
    assert not (others.exists() and list(others.iterdir()))


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "正文.md").rename(folder / "稿.md")
    (folder / "正文.md").symlink_to("稿.md")
    (folder / "成品").mkdir()
    (folder / "output").symlink_to("成品")
    assert ended("build", folder, "--to", "json").code == 0
    assert (folder / "成品" / f"{TITLE}.json").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".reportgen.json", ("build",)),
        (".reportgen-batch.json", ("batch",)),
        (f"{TITLE}.docx", ("build",)),
        (f"{TITLE}.pdf", ("build",)),
        (f"{TITLE}（草稿）-01.png", ("preview", "--png", "--no-open")),
        (f"{TITLE}（草稿）.pdf", ("preview", "--no-open")),
    ],
)
def test_what_is_written_replaces_a_link_and_not_what_it_leads_to(
    folder: Path, name: str, words: tuple[str, ...]
) -> None:
    linked(folder / "output" / name)
    run: Ended = ended(words[0], folder, *words[1:])
    assert run.code == 0, run.err
    assert (folder.parent / "precious").read_text(encoding="utf-8") == PRECIOUS
    assert not (folder / "output" / name).is_symlink()


def test_reply_sheets_are_not_written_where_a_link_leads(tmp_path: Path) -> None:
    units, elsewhere = tmp_path / "各单位", tmp_path / "别处"
    copied("broken-2024", units)
    elsewhere.mkdir()
    (units / "回执").symlink_to(elsewhere)
    run = ended("batch", units, "--to", "html", "--replies")
    assert run.code == 2
    assert "回执 是链接，指向总目录以外" in run.err
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("name", ["数据.xlsx", "正文.docx"])
@pytest.mark.parametrize("target", ["itself", "nowhere"])
def test_a_link_that_leads_to_no_file_is_told(folder: Path, name: str, target: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(name if target == "itself" else "没有")
    if name == "正文.docx":
        (folder / "正文.md").unlink()
    run = ended("check", folder)
    assert run.code == 1
    assert name in run.out + run.err


def test_a_link_to_itself_stops_no_other_report(tmp_path: Path) -> None:
    for name in ("甲局", "乙局"):
        copied(SMALL, tmp_path).rename(tmp_path / name)
    (tmp_path / "圈").symlink_to("圈")
    (tmp_path / "乙局" / "output").symlink_to("output")
    run = ended("batch", tmp_path, "--jobs", "1")
    assert "“圈”没有处理：是指向别处的链接" in run.out
    assert "已生成 1，失败 1" in run.out
    assert "内部出错" not in run.out + run.err
    assert list((tmp_path / "甲局" / "output").glob("*.pdf"))


@pytest.mark.parametrize("name", ["output", "images", "templates", "fonts"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_folder_that_is_a_link_to_itself_is_no_fault_of_the_program(
    folder: Path, name: str, command: str
) -> None:
    shutil.rmtree(folder / name, ignore_errors=True)
    (folder / name).symlink_to(name)
    run = ended(command, folder)
    assert run.code in (0, 1, 2)
    assert "内部出错" not in run.out + run.err


SHOWN = {
    "device": "它不是普通的文件，是设备",
    "pipe": "它不是普通的文件，是管道",
    "folder": "它是目录，不是文件",
    "nowhere": "它是链接，指向的地方没有文件",
    "itself": "链接绕成了圈",
}
"""What may stand where a file is looked for, and what the user is told it is."""


def put(kind: str, path: Path) -> None:
    """Put something of the *kind* at *path*, in place of what is there."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"device": "/dev/zero", "nowhere": "nowhere", "itself": path.name}[kind])


@pytest.mark.parametrize("kind", SHOWN)
def test_a_batch_tells_what_stands_in_place_of_the_data(tmp_path: Path, kind: str) -> None:
    for name in ("甲局", "乙局"):
        copied(SMALL, tmp_path).rename(tmp_path / name)
    put(kind, tmp_path / "甲局" / "report.yaml")
    run = ended("batch", tmp_path, "--jobs", "1", "--to", "json")
    assert "已生成 1，失败 1" in run.out
    assert SHOWN[kind] in run.out


@pytest.mark.parametrize(
    "command", ["check", "build", "preview", "schema", "verify", "diff", "new"]
)
def test_each_command_tells_what_stands_in_place_of_the_data(folder: Path, command: str) -> None:
    put("pipe", folder / "report.yaml")
    other = folder / "年报.json"
    other.write_text('{"单位": "某局"}', encoding="utf-8")
    words: dict[str, list[str | Path]] = {
        "verify": [other, "--against", folder],
        "diff": [folder, other],
        "new": [folder / "次年", "--organ", "某局", "--year", "2025", "--from", folder],
    }
    run = ended(command, *words.get(command, [folder]))
    assert run.code in (1, 2)
    assert SHOWN["pipe"] in run.out + run.err


def test_a_sum_says_which_report_it_lacks_and_why(tmp_path: Path) -> None:
    for name in ("甲局", "乙局"):
        copied(SMALL, tmp_path).rename(tmp_path / name)
    put("device", tmp_path / "甲局" / "report.yaml")
    run = ended("aggregate", tmp_path, "--organ", "某县", "-o", tmp_path / "某县")
    assert run.code == 1
    assert f"没有计入 甲局：[I110] 无法读取 report.yaml：{SHOWN['device']}" in run.out


@pytest.mark.parametrize("kind", [kind for kind in SHOWN if kind != "folder"])
def test_last_years_report_is_told_for_what_it_is(folder: Path, kind: str) -> None:
    put(kind, folder / "上年")
    with (folder / "report.yaml").open("a", encoding="utf-8") as data:
        data.write("\n上年: 上年\n")
    run = ended("check", folder, "--format", "short")
    reason = "没有这个文件或目录" if kind == "nowhere" else SHOWN[kind]
    assert f"上年报告“上年”读不出来：{reason}" in run.out


@pytest.mark.parametrize("kind", ["pipe", "device", "nowhere", "file"])
@pytest.mark.parametrize("name", ["templates", "fonts"])
def test_a_part_that_is_no_folder_is_not_passed_over(folder: Path, name: str, kind: str) -> None:
    if kind == "file":
        (folder / name).write_text("", encoding="utf-8")
    else:
        put(kind, folder / name)
    run = ended("check", folder)
    assert run.code == 2
    assert f"{name} 没有用上：" in run.err


def test_a_batch_names_the_link_in_place_of_the_output(folder: Path) -> None:
    (folder / "output").symlink_to("/")
    run = ended("batch", folder.parent, "--jobs", "1")
    assert "output 是链接，指向报告目录以外" in run.out


@pytest.mark.parametrize("option", ["-o", "--collect"])
@pytest.mark.parametrize("target", ["victim", "victim/new"])
def test_a_batch_writes_nowhere_else_than_a_place_in_its_folder_says(
    tmp_path: Path, option: str, target: str
) -> None:
    (tmp_path / "victim").mkdir()
    root = tmp_path / "全县"
    root.mkdir()
    copied(SMALL, root)
    (root / "报送").symlink_to(tmp_path / target)
    run = ended("batch", root, option, root / "报送", "--jobs", "1", "--to", "json")
    assert run.code == 2
    assert "报送 是链接，指向总目录以外" in run.err
    assert not list((tmp_path / "victim").iterdir())


@pytest.mark.parametrize("command", ["build", "preview"])
def test_a_place_in_the_report_folder_that_is_a_link_out_of_it_is_not_written_to(
    folder: Path, command: str
) -> None:
    (folder.parent / "victim").mkdir()
    (folder / "报送").symlink_to(folder.parent / "victim")
    run = ended(command, folder, "-o", folder / "报送")
    assert run.code == 2
    assert "报送 是链接，指向报告目录以外" in run.err
    assert not list((folder.parent / "victim").iterdir())


def test_verify_says_why_the_text_of_the_folder_is_missing(folder: Path) -> None:
    assert ended("build", folder, "--to", "html").code == 0
    (made,) = (folder / "output").glob("*.html")
    linked(folder / "正文.md")
    run = ended("verify", made, "--against", folder)
    assert run.code == 1
    assert "正文.md 是链接，指向报告目录之外" in run.err
