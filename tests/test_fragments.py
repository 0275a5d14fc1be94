"""A fragment with its pictures as files: written, read back with them, and shown by its address."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from lxml import html as lxml_html

from reportgen.api import Built, build_folder
from reportgen.compare import verify_files
from reportgen.outputs import remove_earlier

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


def copied(folder: Path) -> Path:
    """Return *folder*, now a copy of the sample."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("output"))
    return folder


def build(folder: Path, out: Path) -> Built:
    return build_folder(folder, out, formats=("html",), html_shape="fragment-files", key=b"key")


def test_pictures_that_are_no_longer_shown_are_told(tmp_path: Path) -> None:
    folder, out = copied(tmp_path / "report"), tmp_path / "out"
    first = build(folder, out)
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    shown = re.findall(r"(?m)^!\[.*\n", text)
    narrative.write_text(text.replace(shown[0], ""), encoding="utf-8")
    again = build(folder, out)
    assert len(again.written) == len(first.written) - 1
    told = [item for item in again.earlier if item.path.parent.name == "pictures"]
    assert told
    assert all(item.is_removable for item in told)


def test_a_picture_of_another_report_in_the_same_folder_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    folders = [copied(tmp_path / "one"), copied(tmp_path / "two")]
    values = folders[1] / "report.yaml"
    renamed = values.read_text(encoding="utf-8").replace("阜阳市应急管理局", "阜阳市应急局")
    values.write_text(renamed, encoding="utf-8")
    one, two = (build(folder, out) for folder in folders)
    narrative = folders[1] / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    narrative.write_text(re.sub(r"(?m)^!\[.*\n", "", text), encoding="utf-8")
    again = build(folders[1], out)
    removed = remove_earlier(again.earlier)
    assert set(removed) == {item.path for item in two.written[1:]}
    assert all(item.path.is_file() for item in one.written)
