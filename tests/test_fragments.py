"""A fragment with its pictures as files: written, read back with them, and shown by its address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from reportgen.api import build_folder
from reportgen.compare import verify_files

SAMPLE = Path(__file__).parents[1] / "samples" / "fuyang-emergency-2020"
ADDRESS = re.compile(r"pictures/[0-9]{2}-[0-9a-f]{12}\.(?:png|jpg)")


@pytest.fixture(scope="module")
def fragment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the fragment; its pictures are beside it."""
    out = tmp_path_factory.mktemp("fragment")
    return build_folder(SAMPLE, out, formats=("html",), html_shape="fragment-files").written[0].path


def addresses(fragment: Path) -> list[str]:
    tree = lxml_html.fragment_fromstring(fragment.read_text(encoding="utf-8"), create_parent=True)
    return [str(image.get("src")) for image in tree.iter("img")]


def test_each_picture_is_a_file_with_an_address_that_needs_no_escape(fragment: Path) -> None:
    found = addresses(fragment)
    assert found
    assert all(ADDRESS.fullmatch(address) for address in found)
    assert {fragment.parent / address for address in found} == set(
        (fragment.parent / "pictures").iterdir()
    )


def test_the_pictures_are_those_of_the_fragment_that_holds_them(
    fragment: Path, tmp_path: Path
) -> None:
    (held,) = build_folder(SAMPLE, tmp_path, formats=("html",), html_shape="fragment").written
    text = held.path.read_text(encoding="utf-8")
    pictures = re.findall(r'src="data:image/\w+;base64,([^"]+)"', text)
    assert len(pictures) == len(addresses(fragment))


def test_it_is_read_back_with_its_pictures(fragment: Path, tmp_path: Path) -> None:
    (verified,) = verify_files([fragment], SAMPLE)
    assert verified.is_equal
    alone = tmp_path / fragment.name
    alone.write_bytes(fragment.read_bytes())
    (verified,) = verify_files([alone], SAMPLE)
    assert not verified.is_equal


def test_pictures_that_are_no_longer_shown_are_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "report", tmp_path / "out"
    folder.mkdir()
    for path in SAMPLE.rglob("*"):
        if path.is_file() and "output" not in path.parts:
            copied = folder / path.relative_to(SAMPLE)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes())
    first = build_folder(folder, out, formats=("html",), html_shape="fragment-files", key=b"key")
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    shown = re.findall(r"(?m)^!\[.*\n", text)
    narrative.write_text(text.replace(shown[0], ""), encoding="utf-8")
    again = build_folder(folder, out, formats=("html",), html_shape="fragment-files", key=b"key")
    assert len(again.written) == len(first.written) - 1
    told = [item for item in again.earlier if item.path.parent.name == "pictures"]
    assert told
    assert all(item.is_removable for item in told)
