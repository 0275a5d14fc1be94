"""Parts and relationships become one ZIP file, whatever the parts hold."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lxml import etree

from reportgen.writers.docx.opc import Part, write_package
from tests.unit.writers.docx.docx_sample import XML

TYPE = "http://example.com/type"


def written(*parts: Part) -> ZipFile:
    stream = BytesIO()
    write_package(parts, stream)
    return ZipFile(stream)


def relationships(package: ZipFile, name: str) -> list[dict[str, str]]:
    return [attributes_of(item) for item in etree.fromstring(package.read(name))]


def attributes_of(element: XML) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()}


def test_a_part_is_found_from_the_package_and_the_next_from_the_part() -> None:
    root, main = Part(""), Part("word/main.xml", "a/main", b"<a/>")
    picture = Part("word/media/1.png", "image/png", b"picture")
    root.refer("r1", TYPE, main)
    main.refer("r2", TYPE, picture)
    package = written(picture, main, root)
    assert relationships(package, "_rels/.rels") == [
        {"Id": "r1", "Type": TYPE, "Target": "word/main.xml"}
    ]
    assert relationships(package, "word/_rels/main.xml.rels") == [
        {"Id": "r2", "Type": TYPE, "Target": "media/1.png"}
    ]


def test_an_address_outside_may_hold_any_character() -> None:
    main = Part("main.xml", "a/main")
    main.link("r1", TYPE, 'http://example.com/?a=1&b="<')
    assert relationships(written(main), "_rels/main.xml.rels") == [
        {
            "Id": "r1",
            "Type": TYPE,
            "Target": 'http://example.com/?a=1&b="<',
            "TargetMode": "External",
        }
    ]


def test_every_part_has_a_type_and_what_its_extension_says_is_not_repeated() -> None:
    package = written(Part("main.xml", "a/main"), Part("1.png", "image/png"))
    found = [attributes_of(item) for item in etree.fromstring(package.read("[Content_Types].xml"))]
    assert {item["Extension"]: item["ContentType"] for item in found[:3]} == {
        "png": "image/png",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    assert found[3:] == [{"PartName": "/main.xml", "ContentType": "a/main"}]


def test_what_is_packed_is_stored_and_the_rest_deflated() -> None:
    package = written(Part("1.png", "image/png", b"1", packed=True), Part("1.xml", "a/b", b"1"))
    assert package.getinfo("1.png").compress_type == ZIP_STORED
    assert package.getinfo("1.xml").compress_type == ZIP_DEFLATED


def test_contents_are_asked_for_one_at_a_time_and_once() -> None:
    stream = BytesIO()
    asked: list[int] = []

    def content(size: int) -> Callable[[], bytes]:
        def load() -> bytes:
            asked.append(stream.tell())
            return bytes(size)

        return load

    parts = [Part(f"{n}.png", "image/png", content(1000), packed=True) for n in range(3)]
    write_package(parts, stream)
    assert len(asked) == 3
    assert all(later - earlier > 1000 for earlier, later in pairwise(asked))
