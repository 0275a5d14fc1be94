"""Tests of the made bundles: ``make bundle-tests``, after ``make bundles``.

The bundle for Windows runs under Wine in a new prefix with a Chinese code page, those for Linux in
a root folder with a shell and nothing else (as root), the one for ARM64 under qemu.  What each
builds must be what this checkout builds, byte for byte.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import pty
import re
import select
import shutil
import signal
import subprocess
import tarfile
import time
import tty
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from reportgen.cli import run as run_here
from reportgen.files import file_digest

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "build" / "bundles"
SAMPLE = ROOT / "samples" / "yunxi-market-2024"
LIMIT = 600  # seconds for one command, under an emulator on a busy machine
WINE = shutil.which("wine64", path=f"{os.environ['PATH']}{os.pathsep}/usr/lib/wine")

pytestmark = pytest.mark.timeout(LIMIT * 4)

Run: TypeAlias = Callable[..., str]


def archive_of(target: str, suffix: str) -> Path:
    """Return the archive of *target*; the test is skipped if it was not made."""
    found = sorted(MADE.glob(f"zwgk-reportgen-*-{target}{suffix}"))
    if not found:
        pytest.skip(f"make bundles has not made the bundle for {target}")
    return found[-1]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the files that this checkout builds of the sample."""
    out = tmp_path_factory.mktemp("expected")
    assert run_here(["build", str(SAMPLE), "-o", str(out), "--to", "docx,pdf,html"]) == 0
    return built(out)


def built(folder: Path) -> dict[str, str]:
    """Return the digests of the reports in *folder*: pytest would compare bytes for minutes."""
    return {path.name: file_digest(path) for path in folder.iterdir() if path.name[0] != "."}


def output_of(*words: str | Path, folder: Path, env: dict[str, str], codes: tuple[int, ...]) -> str:
    """Run a command without a keyboard and return what it prints; its exit code is in *codes*."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT,
        check=False,
    )
    text = decoded(done.stdout)
    assert done.returncode in codes, text
    return text


def decoded(printed: bytes) -> str:
    """Return what was *printed*, each line in UTF-8 or in the code page of a Chinese console."""
    lines = []
    for line in printed.splitlines(keepends=True):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("gb18030", errors="replace"))
    return "".join(lines)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the bundle and the reports, with whatever a name may have.

    But a percent sign: Wine's cmd, unlike that of Windows, looks for variables in the value of
    ``%*`` as well.
    """
    folder = tmp_path_factory.mktemp("office") / "张三 的文件 ^&!(1)"
    folder.mkdir()
    return folder


def windows_environment(office: Path) -> dict[str, str]:
    """Return the environment of Wine, whose prefix lies beside the folder *office*."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(office.parent),
        "WINEPREFIX": str(office.parent / "prefix"),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "LC_ALL": "zh_CN.UTF-8",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",  # or Wine asks whether to download them
    }


@pytest.fixture(scope="module")
def windows(office: Path) -> Iterator[Run]:
    """Yield a function that runs a command line of Windows in the folder *office*, or below it."""
    archive = archive_of("windows-x64", ".zip")
    if WINE is None:
        pytest.skip("Wine is not installed")
    with zipfile.ZipFile(archive) as bundle:
        bundle.extractall(office)  # noqa: S202 - made by ourselves
    (office / archive.stem).rename(office / "reportgen")
    env = windows_environment(office)
    output_of(WINE, "wineboot", "-i", folder=office, env=env, codes=(0,))
    output_of(WINE, "winecfg", "-v", "win10", folder=office, env=env, codes=(0,))
    wine = WINE

    def run(*words: str, inside: str = ".", codes: tuple[int, ...] = (0,)) -> str:
        return output_of(wine, "cmd", "/c", *words, folder=office / inside, env=env, codes=codes)

    yield run
    subprocess.run(["wineserver", "-k"], env=env, check=False, capture_output=True)


def test_windows_builds_the_same_bytes(
    windows: Run, office: Path, expected: dict[str, str]
) -> None:
    shutil.copytree(SAMPLE, office / "市场局 2024")
    windows(
        "reportgen\\reportgen.bat", "build", "市场局 2024", "-o", "成品", "--to", "docx,pdf,html"
    )
    assert built(office / "成品") == expected


def test_windows_runs_the_commands_of_a_year(windows: Run, office: Path) -> None:
    assert "可以使用。" in windows("reportgen\\reportgen.bat", "doctor")
    new = ("new", "某局", "--organ", "某市某局", "--year", "2025", "--excel")
    assert "已建立报告目录：某局" in windows("reportgen\\reportgen.bat", *new)
    assert "N421" in windows("reportgen\\reportgen.bat", "check", "某局", codes=(1,))
    windows("reportgen\\reportgen.bat", "preview", "某局", "--png", "-o", "预览", codes=(0, 1))
    assert list((office / "预览").glob("*.png"))
    shutil.copytree(SAMPLE, office / "各局" / "一")
    batch = windows("reportgen\\reportgen.bat", "batch", "各局", "--jobs", "2", "-o", "批")
    assert "已生成 1" in batch


@pytest.mark.parametrize("folder", ["双击 2025", "甲&乙^!(2)"])
def test_windows_scripts_of_a_report_folder_find_the_bundle(
    windows: Run, office: Path, folder: str
) -> None:
    windows("reportgen\\reportgen.bat", "new", "新建", "--organ", "某市某局", "--year", "2025")
    (office / "新建").rename(office / folder)
    shutil.copytree(SAMPLE, office / folder, dirs_exist_ok=True)
    assert "未发现问题" in windows("核对.bat", inside=folder)
    assert "已生成" in windows("生成.bat", inside=folder)
    assert len(list((office / folder / "output").glob("*.pdf"))) == 1


def test_windows_opens_the_manual_of_the_bundle(windows: Run, office: Path) -> None:
    """Twice: double-clicked, without words, and as a command.  Wine has no browser to show it."""
    manual = office / "reportgen" / "python" / "Lib" / "site-packages" / "reportgen/data/manual"
    for words, page in (((), "index.html"), (("help", "核对"), "check.html")):
        printed = windows("reportgen\\reportgen.bat", *words).splitlines()
        shown = [line for line in printed if line.endswith(page)]
        assert len(shown) == 1, printed
        assert shown[0].endswith(f"\\reportgen\\data\\manual\\{page}")
        assert_complete(manual / page)


def assert_complete(page: Path) -> None:
    """Assert that all that *page* of the manual shows and leads to lies beside it."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'(?:src|href)="(?!data:|#)([^"#]+)', text)
    assert links
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_windows_findings_are_read_page_by_page(windows: Run, office: Path) -> None:
    """As many as one page of the console holds, after which ``more`` waits for a key."""
    assert windows("ver")
    shutil.copytree(ROOT / "samples" / "broken-2024", office / "一页一页")
    command = "reportgen\\reportgen.bat check 一页一页 --only T303 | more"
    with in_a_console(office, command) as shown:
        printed = "".join(iter(shown, ""))
    assert "错误[T303]" in printed
    assert "应为：2；实为：3" in printed


@contextlib.contextmanager
def in_a_console(office: Path, words: str) -> Iterator[Callable[..., str]]:
    """Run *words* of Windows in a console; yield a function that returns what is shown next.

    It first types the keys that it is given.  It returns an empty text after the end of the
    program, or if nothing is shown for long.  The terminal passes on keys as they are, because
    Wine would take a line feed made of the return key for Ctrl+J.
    """
    ours, its = pty.openpty()
    tty.setraw(its)
    command = [str(WINE), "cmd", "/c", words]
    env = windows_environment(office)
    with subprocess.Popen(command, cwd=office, env=env, stdin=its, stdout=its, stderr=its) as run:
        os.close(its)

        def shown(keys: bytes = b"") -> str:
            os.write(ours, keys)
            if not select.select([ours], [], [], LIMIT)[0]:
                return ""
            with contextlib.suppress(OSError):  # Linux: the program has ended
                return os.read(ours, 65536).decode(errors="replace")
            return ""

        try:
            yield shown
        finally:
            subprocess.run(["wineserver", "-k"], env=env, check=False, capture_output=True)
            run.kill()
            os.close(ours)


@pytest.mark.parametrize(("page", "encoding"), [(936, "cp936"), (65001, "utf-8")])
def test_windows_pipes_have_the_code_page_of_the_console_and_json_is_utf_8(
    windows: Run, office: Path, page: int, encoding: str
) -> None:
    assert windows("ver")
    shutil.copytree(ROOT / "samples" / "broken-2024", office / f"broken{page}")
    check = f"reportgen\\reportgen.bat check broken{page}"
    words = f"chcp {page} & {check} > out.txt & {check} --format json > out.json"
    with in_a_console(office, words) as shown:
        while shown():
            pass
    assert "错误[T303]" in (office / "out.txt").read_bytes().decode(encoding)
    found = json.loads((office / "out.json").read_bytes().decode("utf-8"))
    assert "T303" in {item["code"] for item in found}


def test_windows_preview_script_shows_the_page_until_enter_is_pressed(
    windows: Run, office: Path
) -> None:
    windows("reportgen\\reportgen.bat", "new", "预览 2025", "--organ", "某局", "--year", "2025")
    with in_a_console(office, "预览 2025\\预览.bat") as shown:
        text = ""
        while not (address := re.search(r"http://127\.0\.0\.1:\d+/", text)):
            more = shown()
            assert more, text
            text += more
        with urllib.request.urlopen(address[0], timeout=60) as page:  # noqa: S310 - our own
            assert "草稿" in page.read().decode()
        text = shown(b"\r")
        while "预览已结束" not in text:
            more = shown()
            assert more, text
            text += more


def test_windows_installer_installs_for_one_user_and_leaves_nothing(
    windows: Run, office: Path
) -> None:
    shutil.copy(archive_of("windows-x64", "-setup.exe"), office / "setup.exe")
    windows("setup.exe", "/S")
    user = next((office.parent / "prefix" / "drive_c" / "users").glob("*/AppData")).parent
    home = user / "AppData" / "Local" / "Programs" / "reportgen"
    names = {path.name for path in home.iterdir()}
    assert {"python", "licenses", "reportgen.bat", "uninstall.exe", "先读我.txt"} <= names
    links = {path.name for path in user.rglob("*.lnk")}
    assert {"使用手册.lnk", "卸载.lnk"} <= links  # Wine keeps the desktop elsewhere
    assert "reportgen" in windows("%LOCALAPPDATA%\\Programs\\reportgen\\reportgen.bat", "-V")
    windows("%LOCALAPPDATA%\\Programs\\reportgen\\uninstall.exe", "/S")
    end = time.monotonic() + LIMIT  # the uninstaller goes on as a copy of itself
    while home.exists() and time.monotonic() < end:
        time.sleep(1)
    assert not home.exists()
    assert not {path.name for path in user.rglob("*.lnk")} & links


def test_windows_makes_a_report_folder_of_a_file_that_is_dropped(
    windows: Run, office: Path
) -> None:
    page = next((ROOT / "samples" / "published").glob("*.html"))
    shutil.copy(page, office / "去年的网页.html")
    windows("reportgen\\reportgen.bat", "去年的网页.html", codes=(0, 1))
    assert (office / "去年的网页-报告" / "report.yaml").is_file()


def test_windows_python_is_signed_by_its_makers(office: Path, windows: Run) -> None:
    if not shutil.which("osslsigncode"):
        pytest.skip("osslsigncode is not installed")
    programs = sorted((office / "reportgen" / "python").glob("*.[dep][lxy][led]"))
    assert len(programs) > 20
    for path in programs:
        told = subprocess.run(
            ["osslsigncode", "verify", "-in", path], capture_output=True, text=True, check=False
        ).stdout
        digests = re.findall(r"message digest *: ([0-9A-F]{64})", told)
        makers = ("Python Software Foundation", "Microsoft Corporation")
        assert any(maker in told for maker in makers), path.name
        current, calculated = digests[:2]
        assert current == calculated, path.name


LINUX = {"linux-x86_64": "x86_64", "linux-aarch64": "aarch64"}
BUNDLE = "年报 '程序' 50%^&!$x(1)"
"""The folder of the bundle, with whatever a name may have."""
APPLETS = ("sh", "readlink", "dirname", "cat")
"""What the bundle and the scripts of a report folder run besides their own programs."""


class Root(NamedTuple):
    """A root folder with a shell, the bundle and nothing else."""

    folder: Path
    emulated: tuple[str, ...]
    """The words that start the bundle under an emulator; empty if the computer runs it itself."""

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program of the root folder, in it."""
        change_root = shutil.which("chroot") or "chroot"
        return subprocess.Popen(
            [change_root, self.folder, *words],
            cwd=self.folder,
            env={"HOME": "/home", "PATH": "/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        """Return what a program of the root folder prints; its exit code is in *codes*."""
        with self.start(*words) as program:
            printed, _ = program.communicate(b"\n", timeout=LIMIT)
        text = printed.decode()
        assert program.returncode in codes, text
        return text

    def reportgen(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        """Return what the bundle prints."""
        return self.run(*(self.emulated or (f"/opt/{BUNDLE}/reportgen",)), *words, codes=codes)


@pytest.fixture(scope="module", params=LINUX)
def linux(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Root:
    """Return the root folder for each of the bundles."""
    target: str = request.param
    archive = archive_of(target, ".tar.xz")
    if os.geteuid() != 0 or not shutil.which("busybox"):
        pytest.skip("chroot needs root, and a static busybox for the shell")
    root = tmp_path_factory.mktemp("root")
    for name in ("bin", "tmp", "home", "opt"):
        (root / name).mkdir()
    shutil.copy(shutil.which("busybox") or "", root / "bin" / "busybox")
    for name in APPLETS:
        (root / "bin" / name).symlink_to("busybox")
    with tarfile.open(archive) as bundle:
        bundle.extractall(root / "opt", filter="data")
    home = next((root / "opt").iterdir()).rename(root / "opt" / BUNDLE)
    if platform.machine() == LINUX[target]:
        return Root(root, ())
    emulator = shutil.which(f"qemu-{LINUX[target]}-static")
    if not emulator:
        pytest.skip(f"qemu-user-static is not installed, to run {LINUX[target]}")
    shutil.copy(emulator, root / "bin" / "qemu")
    return Root(root, _emulated(home))


def test_linux_needs_nothing_but_a_shell(linux: Root, expected: dict[str, str]) -> None:
    assert "可以使用。" in linux.reportgen("doctor")
    shutil.copytree(SAMPLE, linux.folder / "home" / "市场局 2024")
    linux.reportgen("build", "/home/市场局 2024", "-o", "/home/成品", "--to", "docx,pdf,html")
    assert built(linux.folder / "home" / "成品") == expected


def test_linux_has_the_manual(linux: Root) -> None:
    page = linux.reportgen("help", "核对").splitlines()[0]
    assert page.startswith(f"/opt/{BUNDLE}/")
    assert_complete(linux.folder / page.removeprefix("/"))


def test_linux_builds_many_reports(linux: Root) -> None:
    if linux.emulated:
        pytest.skip("the emulator does not start other programs")
    shutil.copytree(SAMPLE, linux.folder / "home" / "各局" / "一")
    assert "已生成 1" in linux.reportgen("batch", "/home/各局", "--jobs", "2", "-o", "/home/批")


def test_linux_scripts_of_a_report_folder_find_the_bundle(linux: Root) -> None:
    if linux.emulated:
        pytest.skip("the emulator does not start other programs")
    folder = f"/home/双击 {BUNDLE}"
    linux.reportgen("new", folder, "--organ", "某市某局", "--year", "2025")
    inside = linux.folder / folder.removeprefix("/")
    shutil.copytree(SAMPLE, inside, dirs_exist_ok=True)
    assert "未发现问题" in linux.run("/bin/sh", f"{folder}/核对.sh")
    assert "已生成" in linux.run("/bin/sh", f"{folder}/生成.sh")
    assert len(list((inside / "output").glob("*.pdf"))) == 1
    with linux.start("/bin/sh", f"{folder}/预览.sh") as preview:
        assert preview.stdout
        text = ""
        while not (address := re.search(r"http://127\.0\.0\.1:\d+/", text)):
            line = preview.stdout.readline().decode()
            assert line, text
            text += line
        with urllib.request.urlopen(address[0], timeout=60) as page:  # noqa: S310 - our own
            assert "草稿" in page.read().decode()
        for child in Path(f"/proc/{preview.pid}/task/{preview.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGINT)
        rest, _ = preview.communicate(b"\n", timeout=LIMIT)
    assert "按回车键关闭" in rest.decode()


def _emulated(home: Path) -> tuple[str, ...]:
    """Return the words that start the bundle in *home* as its scripts do, under the emulator."""
    inside = f"/opt/{home.name}/python"
    loader = next((home / "python" / "lib").glob("ld-linux*")).name
    program = next((home / "python" / "bin").glob("*.elf")).name
    return (
        "/bin/qemu", f"{inside}/lib/{loader}", "--library-path", f"{inside}/lib",
        "--argv0", f"{inside}/bin/{program.removesuffix('.elf')}", f"{inside}/bin/{program}",
        "-I", "-X", "utf8", "-m", "reportgen",
    )  # fmt: skip
