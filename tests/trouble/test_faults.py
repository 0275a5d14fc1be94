"""Whatever is wrong with the machine, a command ends with a code and says why in Chinese."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import Struct

from tests.trouble.machine import PICTURES, SMALL, Ended, copied, ended, limit, refuse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sh, limits and mounts")

CHECK = ("check", "某局")
BUILD = ("build", "某局", "--to", "docx,pdf,html,json")
BATCH = ("batch", "某局", "--jobs", "2")
NEW = ("new", "新的", "--organ", "某局", "--year", "2024")
PREVIEW = ("preview", "某局", "--png", "--no-open")
EXTRACT = ("extract", "年报.html")
NO_HOME = "import pwd\ndef nobody(*_): raise KeyError\npwd.getpwuid = nobody"
NO_SHARED_MEMORY = """\
import _multiprocessing
class SemLock:
    SEM_VALUE_MAX = 1
    _rebuild = None
    def __init__(self, *_): raise OSError(38, "Function not implemented")
_multiprocessing.SemLock = SemLock
"""
IN_1970 = """\
import time
now = time.localtime
time.time = lambda: 1.0
time.localtime = lambda seconds=None: now(1.0 if seconds is None else seconds)
"""
NO_MEMORY = """\
import reportgen.api
def fail(*_, **__): raise MemoryError
reportgen.api.check_folder = fail
"""
NO_WORKING_FOLDER = """\
import os, tempfile
place = tempfile.mkdtemp()
os.chdir(place)
os.rmdir(place)
"""


class Fault(Struct, frozen=True):
    """What is wrong, with which command, and how that must end."""

    words: tuple[str, ...]
    code: int
    says: str = ""
    trouble: str = ""
    streams: str = ""
    environment: dict[str, str | None] = {}
    mount: str = ""
    """What is done in a mount namespace of its own, which needs root."""


NOWHERE: dict[str, str | None] = {"HOME": None, "XDG_CACHE_HOME": None}
FULL, RO = "磁盘已满", "只能读"
FAULTS = {
    "check, output full": Fault(CHECK, 2, FULL, streams=">/dev/full"),
    "json, output full": Fault((*CHECK, "--format", "json"), 2, FULL, streams=">/dev/full"),
    "build, output full": Fault(BUILD, 2, "文件已经写好", streams=">/dev/full"),
    "batch, output full": Fault(BATCH, 2, "文件已经写好", streams=">/dev/full"),
    "new, output full": Fault(NEW, 2, "文件已经写好", streams=">/dev/full"),
    "preview, output full": Fault(PREVIEW, 2, "文件已经写好", streams=">/dev/full"),
    "extract, output full": Fault(EXTRACT, 2, FULL, streams=">/dev/full"),
    "explain, output full": Fault(("explain", "T303"), 2, FULL, streams=">/dev/full"),
    "editions, output full": Fault(("editions",), 2, FULL, streams=">/dev/full"),
    "doctor, output full": Fault(("doctor",), 2, FULL, streams=">/dev/full"),
    "help, output full": Fault(("--help",), 2, FULL, streams=">/dev/full"),
    "both streams full": Fault(BUILD, 2, streams=">/dev/full 2>/dev/full"),
    "check, output closed": Fault(CHECK, 0, streams=">&-"),
    "doctor, output closed": Fault(("doctor",), 0, streams=">&-"),
    "help, output closed": Fault(("--help",), 0, streams=">&-"),
    "build, output closed": Fault(BUILD, 0, streams=">&-"),
    "batch, output closed": Fault(BATCH, 0, streams=">&-"),
    "check, errors closed": Fault(CHECK, 0, streams="2>&-"),
    "build, all closed": Fault(BUILD, 0, streams=">&- 2>&- <&-"),
    "batch, all closed": Fault(BATCH, 0, streams=">&- 2>&- <&-"),
    "another encoding": Fault(CHECK, 0, environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}),
    "no folder for temporary files": Fault(BUILD, 0, environment={"TMPDIR": "/nowhere"}),
    "a cache that is a file": Fault(BUILD, 0, environment={"XDG_CACHE_HOME": "/dev/null"}),
    "a cache that cannot be made": Fault(BUILD, 0, environment={"XDG_CACHE_HOME": "/proc/a"}),
    "check, no home": Fault(CHECK, 0, trouble=NO_HOME, environment=NOWHERE),
    "build, no home": Fault(BUILD, 0, trouble=NO_HOME, environment=NOWHERE),
    "batch, no home": Fault(BATCH, 0, trouble=NO_HOME, environment=NOWHERE),
    "no home, system's fonts": Fault(
        (*BUILD, "--system-fonts"), 0, trouble=NO_HOME, environment=NOWHERE
    ),
    "no home, a cache": Fault(CHECK, 0, trouble=NO_HOME, environment={"HOME": None}),
    "a home that is not there": Fault(BUILD, 0, environment={**NOWHERE, "HOME": "/nowhere"}),
    "build, 16 files": Fault(BUILD, 0, trouble=limit("RLIMIT_NOFILE", 16)),
    "batch, 16 files": Fault(BATCH, 0, trouble=limit("RLIMIT_NOFILE", 16)),
    "no memory": Fault(CHECK, 2, "内存不足", trouble=NO_MEMORY),
    "build, files of 10 kB": Fault(BUILD, 2, "文件超过", trouble=limit("RLIMIT_FSIZE", 10_000)),
    "batch, no file may grow": Fault(BATCH, 2, "文件超过", trouble=limit("RLIMIT_FSIZE", 0)),
    "new, no file may grow": Fault(NEW, 2, "文件超过", trouble=limit("RLIMIT_FSIZE", 0)),
    "pictures of pages too large": Fault(
        PREVIEW, 2, "文件超过", trouble=limit("RLIMIT_FSIZE", 20_000)
    ),
    "a small stack": Fault(BUILD, 0, trouble=limit("RLIMIT_STACK", 256 << 10)),
    "batch in 1970": Fault(BATCH, 0, trouble=IN_1970),
    "new in 1970": Fault((*NEW, "--excel"), 0, trouble=IN_1970),
    "no shared memory": Fault(BATCH, 0, trouble=NO_SHARED_MEMORY),
    "no working folder": Fault(CHECK, 2, "没有找到", trouble=NO_WORKING_FOLDER),
    "data unreadable": Fault(CHECK, 1, "读写出错", trouble=refuse("open", "report.yaml", "EIO")),
    "narrative unreadable": Fault(CHECK, 1, "读写出错", trouble=refuse("open", "正文.md", "EIO")),
    "picture unreadable": Fault(CHECK, 1, "读写出错", trouble=refuse("open", ".png", "EIO")),
    "templates unreadable": Fault(
        CHECK, 2, "模板", trouble=refuse("open", "templates/disclosure", "EIO")
    ),
    "compiled forms unreadable": Fault(BUILD, 0, trouble=refuse("open", "form.json", "EIO")),
    "fonts unreadable": Fault(BUILD, 2, "读写出错", trouble=refuse("open", "/fonts/", "EIO")),
    "fonts forbidden": Fault(BUILD, 2, "没有权限", trouble=refuse("open", "/fonts/", "EACCES")),
    "no space for output": Fault(
        BUILD, 2, FULL, trouble=refuse("open", ".reportgen-", "ENOSPC", writing=True)
    ),
    "no quota for output": Fault(
        BUILD, 2, "配额", trouble=refuse("open", "output", "EDQUOT", writing=True)
    ),
    "no space for the second file": Fault(
        BUILD, 2, FULL, trouble=refuse("open", ".reportgen-", "ENOSPC", writing=True, after=1)
    ),
    "no space for the summary": Fault(
        BATCH, 2, FULL, trouble=refuse("open", ".reportgen-", "ENOSPC", writing=True)
    ),
    "output opened elsewhere": Fault(
        BUILD, 2, "正被 Word", trouble=refuse("os.rename", "output", "EBUSY")
    ),
    "a drive gone while files take their names": Fault(
        BUILD, 2, "读写出错", trouble=refuse("os.rename", "output", "EIO")
    ),
    "summary opened elsewhere": Fault(
        BATCH, 2, "正被 Word", trouble=refuse("os.rename", ".reportgen-", "EACCES")
    ),
    "no folder may be made": Fault(BUILD, 2, RO, trouble=refuse("os.mkdir", "output", "EROFS")),
    "rights unknown to the drive": Fault(BUILD, 0, trouble=refuse("os.chmod", "output", "EPERM")),
    "folders not listed": Fault(BUILD, 2, "读写出错", trouble=refuse("os.scandir", "", "EIO")),
    "nothing may be deleted": Fault(BUILD, 0, trouble=refuse("os.remove", "", "EPERM")),
    "record unreadable": Fault(BUILD, 0, trouble=refuse("open", ".reportgen.json", "EIO")),
    "too many files open": Fault(
        BUILD, 2, "打开的文件过多", trouble=refuse("tempfile.mkstemp", "", "EMFILE")
    ),
    "a small disk": Fault((*BUILD, "-o", "/mnt/o"), 2, FULL, mount="-o size=200k none /mnt"),
    "a read-only disk": Fault((*BUILD, "-o", "/mnt/o"), 2, RO, mount="-o ro none /mnt"),
    "a read-only disk, batch": Fault((*BATCH, "-o", "/mnt/o"), 2, RO, mount="-o ro none /mnt"),
    "a read-only disk, new": Fault(("new", "/mnt/a", *NEW[2:]), 2, RO, mount="-o ro none /mnt"),
    "shared memory read-only": Fault(BATCH, 0, mount="-o ro none /dev/shm"),
}


def _can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(["unshare", "-m", "true"], capture_output=True)
    return tried.returncode == 0


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a sound report and a finished one; not to be written to."""
    root = tmp_path_factory.mktemp("sound")
    folder = copied(PICTURES, root)
    folder.rename(root / "某局")
    assert ended("build", copied(SMALL, root / "b"), "-o", root / "b", "--to", "html").code == 0
    next((root / "b").glob("*.html")).rename(root / "年报.html")
    shutil.rmtree(root / "b")
    return root


def run(fault: Fault, root: Path) -> Ended:
    before = []
    if fault.mount:
        mount = f'mount -t tmpfs {fault.mount} && exec "$@"'
        before = ["unshare", "-m", "sh", "-c", mount, "sh"]
    return ended(
        *fault.words,
        trouble=fault.trouble,
        environment=fault.environment,
        at=root,
        streams=fault.streams,
        before=before,
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_command_in_trouble_ends_and_says_why(sound: Path, tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    if fault.mount and not _can_mount():
        pytest.skip("no mount namespaces here")
    root = Path(shutil.copytree(sound, tmp_path / "r"))
    result = run(fault, root)
    shown = result.out + result.err
    assert "Traceback" not in shown
    assert "内部出错" not in shown
    assert result.foreign_lines() == []
    assert result.code == fault.code, shown
    assert fault.says in shown
    assert fault.trouble.count("os.remove") or not list(root.rglob("*.tmp"))


def test_when_nothing_can_be_written_what_was_there_stays(sound: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(sound, tmp_path / "r"))
    assert ended(*BUILD, at=root).code == 0
    before = {path.name: path.read_bytes() for path in (root / "某局/output").iterdir()}
    for name in ("no space for the second file", "output opened elsewhere"):
        assert run(FAULTS[name], root).code == 2
        after = {path.name: path.read_bytes() for path in (root / "某局/output").iterdir()}
        assert after == before


@pytest.mark.parametrize(
    "name",
    [
        "a\x1b[31mb",
        "a\x1b]0;title\x07",
        "a\nb",
        "a\u202eb",
        "\udcff\udcfe",
        "a b",
        "-rf",
        "某局\x7f",
    ],
    ids=ascii,
)
def test_a_name_does_to_no_terminal_what_it_says(sound: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(sound / "某局", folder)
    (folder / "正文.md").write_text("# 一、总体情况\n\n![图](没有.png)\n", encoding="utf-8")
    for words in (
        ("check", folder),
        ("check", folder, "--format", "short"),
        ("check", folder, "--format", "json"),
        ("build", folder, "--draft", "--to", "json,html"),
        ("batch", tmp_path, "--jobs", "1", "--draft", "--to", "json"),
    ):
        result = ended(*words)
        shown = result.out + result.err
        assert result.code == 1, shown
        assert "内部出错" not in shown
        assert not set(shown) & {"\x1b", "\x07", "\x7f", "\u202e"}
        assert not any("\ud800" <= char <= "\udfff" for char in shown)
    written = [path.read_bytes() for path in folder.glob("output/*.*") if path.is_file()]
    assert written
    assert not any(str(tmp_path).encode() in data for data in written)


def test_no_library_speaks_to_the_user(sound: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(sound, tmp_path / "r"))
    narrative = root / "某局" / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    narrative.write_text(text + "\n\n{{ 2.5[1:2] }}{{ 'a' is 1 }}\n", encoding="utf-8")
    assert ended("build", "某局", "--to", "pdf", "--draft", at=root).foreign_lines() == []
    pdf = next((root / "某局/output").glob("*.pdf"))
    data = pdf.read_bytes()
    for part in (b"/FontDescriptor", b"/FontBBox", b"/ToUnicode", b"endobj", b"/W"):
        (root / "年报.pdf").write_bytes(data.replace(part, b"/" + b"X" * (len(part) - 1)))
        assert ended("extract", "年报.pdf", at=root).foreign_lines() == []
