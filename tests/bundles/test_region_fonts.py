"""Tests of the extra package of fonts, without a network."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml
from tools.bundles.parts import PartsError
from tools.bundles.region_fonts import PINS, _notices

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"
FONT = SCRIPTS / "Tibetan.ttf"


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    folder = tmp_path / "unpacked" / "usr" / "share" / "fonts"
    folder.mkdir(parents=True)
    shutil.copy(FONT, folder)
    return tmp_path / "unpacked"


def notices(unpacked: Path, **changed: str) -> list[str]:
    digest = hashlib.sha256(FONT.read_bytes()).hexdigest()
    spec = {"name": "藏文", "file": FONT.name, "sha256": digest, "family": "Tibetan"} | changed
    return list(_notices({"Tibetan": spec}, unpacked, unpacked.parent))


def test_the_notice_names_origin_and_copyright_of_each_font(unpacked: Path) -> None:
    text = "\n".join(notices(unpacked))
    assert "Google LLC" in text
    assert "藏文" in text
    assert (unpacked.parent / FONT.name).read_bytes() == FONT.read_bytes()


def test_another_font_than_the_pinned_one_is_refused(unpacked: Path) -> None:
    with pytest.raises(PartsError, match="SHA-256"):
        notices(unpacked, sha256="0" * 64)
    with pytest.raises(PartsError, match=r"Other\.ttf"):
        notices(unpacked, file="Other.ttf")


def test_every_package_is_pinned() -> None:
    pins = yaml.safe_load(PINS.read_text(encoding="utf-8"))
    assert all("=" in pin and len(digest) == 64 for pin, digest in pins.items())
