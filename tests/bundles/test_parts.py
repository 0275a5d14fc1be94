"""Tests of the list of the bundles' parts, without a network."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from tools.bundles.archives import write_sums, write_tar, write_zip
from tools.bundles.parts import (
    EXTRAS,
    PACKAGES,
    PLATFORMS,
    PartsError,
    read_lock,
    requirement,
    sha256,
    verified,
)

LOCK = read_lock()
DIGEST = re.compile(r"[0-9a-f]{64}")


def names_in(target: str) -> set[str]:
    """Return the names of the packages whose wheels are pinned for *target*."""
    pinned = (requirement(wheel).partition("==")[0] for wheel in LOCK[target].wheels)
    return {name.lower().replace("_", "-") for name in pinned}


def needed() -> set[str]:
    """Return the names of what the program requires, with the extras of a bundle."""
    names = set()
    for line in requires("zwgk-reportgen") or ():
        extra = re.search(r"extra == ['\"](\w+)", line)
        if extra is None or extra[1] in EXTRAS:
            names.add(re.match(r"[\w.-]+", line)[0].lower())  # type: ignore[index]
    return names


@pytest.mark.parametrize("target", PLATFORMS)
def test_every_requirement_of_the_program_is_pinned(target: str) -> None:
    assert needed() - names_in(target) == set()


def test_all_bundles_hold_the_same_versions() -> None:
    versions = [set(map(requirement, target.wheels)) for target in LOCK.values()]
    assert versions[0] == versions[1] == versions[2]


def test_every_part_has_a_digest() -> None:
    for target in LOCK.values():
        digests = [*target.wheels.values(), *target.packages.values()]
        if target.python:
            digests += [target.python.sha256, target.python.official_sha256]
        assert all(DIGEST.fullmatch(digest) for digest in digests)


@pytest.mark.parametrize("target", ["linux-x86_64", "linux-aarch64"])
def test_a_bundle_for_linux_has_a_python_and_what_it_links_to(target: str) -> None:
    assert [pin.partition("=")[0] for pin in LOCK[target].packages] == list(PACKAGES)


def test_a_part_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    part = tmp_path / "part.whl"
    part.write_bytes(b"something else")
    assert verified(part, sha256(part)) == part
    with pytest.raises(PartsError, match=r"part\.whl: SHA-256 is .*, pinned is 0{64}"):
        verified(part, "0" * 64)


def test_what_is_not_a_wheel_is_refused() -> None:
    with pytest.raises(PartsError, match="is not the name of a wheel"):
        requirement("reportlab-5.1.0.tar.gz")


def test_the_same_folder_gives_the_same_archives(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    (folder / "lib").mkdir(parents=True)
    for number in range(5):
        (folder / "lib" / f"{number}.py").write_text(str(number))
    for writer, suffix in ((write_zip, "zip"), (write_tar, "tar.xz")):
        first, second = (writer(folder, tmp_path / f"{n}.{suffix}") for n in (1, 2))
        assert first.read_bytes() == second.read_bytes()
    sums = write_sums(tmp_path).read_text().splitlines()
    assert [line.partition("  ")[2] for line in sums] == ["1.tar.xz", "1.zip", "2.tar.xz", "2.zip"]
