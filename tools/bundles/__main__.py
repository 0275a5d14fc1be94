"""``python -m tools.bundles``: make the bundles or the package of fonts, or pin the parts anew.

``build`` makes them in ``build/bundles``, of the parts that ``parts.yaml`` pins, and
``region-fonts`` the fonts for the scripts of the autonomous regions beside them.  ``lock`` writes
``parts.yaml`` with the newest parts; review it with git diff, and run ``make bundle-tests``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import msgspec
import yaml

from reportgen import __version__
from tools.bundles import archives, parts, region_fonts, trees

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / "build" / "parts"
OUTPUT = ROOT / "build" / "bundles"


def main() -> int:
    """Run the command line; return 1 and say why if a part cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundles", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="make the bundles")
    build.add_argument("--target", action="append", choices=list(parts.PLATFORMS))
    build.add_argument(
        "--python-zip", type=Path, metavar="FILE", help="the official embeddable Python for Windows"
    )
    commands.add_parser("region-fonts", help="make the extra package of fonts")
    commands.add_parser("lock", help="pin the newest parts")
    options = parser.parse_args()
    try:
        if options.command == "lock":
            write_lock()
        elif options.command == "region-fonts":
            archive = OUTPUT / f"reportgen-region-fonts-{__version__}.zip"
            OUTPUT.mkdir(parents=True, exist_ok=True)
            made = region_fonts.make(ROOT / "fonts" / "faces.yaml", STORE / "fonts", archive)
            print(made)  # noqa: T201 - what was asked for
        else:
            for name in options.target or parts.PLATFORMS:
                for archive in make(name, options.python_zip):
                    print(archive)  # noqa: T201 - what was asked for
        if options.command != "lock":
            print(archives.write_sums(OUTPUT))  # noqa: T201
    except parts.PartsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def make(name: str, official: Path | None = None) -> list[Path]:
    """Make the archives of the target *name* and return their paths."""
    target = parts.read_lock()[name]
    store = STORE / name
    wheels = [*parts.fetch_wheels(name, target, store / "wheels"), own_wheel()]
    title = f"zwgk-reportgen-{__version__}-{name}"
    OUTPUT.mkdir(parents=True, exist_ok=True)
    root = OUTPUT / title
    shutil.rmtree(root, ignore_errors=True)
    if target.python is not None:
        inner = "" if official else target.python.folder
        python = parts.fetch_embedded(target.python, store, official)
        trees.windows_tree(root, python, inner, wheels)
        made = [archives.write_zip(root, OUTPUT / f"{title}.zip")]
        setup = archives.write_setup(root, OUTPUT / f"{title}-setup.exe", __version__)
        return [*made, *([setup] if setup else [])]
    apt = parts.Apt(parts.ARCHITECTURES[name], store / "packages")
    trees.linux_tree(root, name, parts.fetch_packages(target, apt), wheels)
    return [archives.write_tar(root, OUTPUT / f"{title}.tar.xz")]


def own_wheel() -> Path:
    """Return the wheel of this checkout, made anew."""
    folder = STORE / "own"
    shutil.rmtree(folder, ignore_errors=True)
    parts.pip("wheel", "--no-deps", f"--wheel-dir={folder}", ROOT)
    return next(folder.glob("*.whl"))


def write_lock() -> None:
    """Write ``parts.yaml`` with the newest parts; Python for Windows is pinned by hand."""
    known = parts.read_lock()
    program = f"{own_wheel()}[{','.join(parts.EXTRAS)}]"
    targets = {}
    for name in parts.PLATFORMS:
        store = STORE / name
        shutil.rmtree(store, ignore_errors=True)
        wheels = parts.resolve_wheels(name, program, store / "wheels")
        targets[name] = parts.Target(
            python=known[name].python,
            wheels={wheel.name: parts.sha256(wheel) for wheel in wheels},
            packages=_newest_packages(name, store / "packages"),
        )
    text = yaml.safe_dump(msgspec.to_builtins(targets), sort_keys=False, width=200)
    parts.LOCK.write_text(_HEAD + text, encoding="utf-8")


_HEAD = "# The parts of the bundles, written by `python -m tools.bundles lock`.\n"


def _newest_packages(name: str, store: Path) -> dict[str, str]:
    """Return the pins of the newest Debian packages for the target *name*; none for Windows."""
    if name not in parts.ARCHITECTURES:
        return {}
    apt = parts.Apt(parts.ARCHITECTURES[name], store)
    pins = {f"{package}={version}": "" for package, version in apt.newest(parts.PACKAGES).items()}
    files = zip(pins, parts.download_packages(pins, apt), strict=True)
    return {pin: parts.sha256(file) for pin, file in files}


if __name__ == "__main__":
    sys.exit(main())
