"""Open Packaging Conventions (ECMA-376 Part 2): parts and their relationships → one ZIP file.

The same parts give the same bytes: entries are in a fixed order, without a date and
without a trace of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from msgspec import Struct, field

from reportgen.writers.docx.markup import XML_HEAD, attribute

_DEFAULT_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
}
"""The media types that an extension alone says (clause 7.2.3.3)."""
_ALWAYS = ("rels", "xml")
_TYPES_NAME = "[Content_Types].xml"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
_NO_DATE = (1980, 1, 1, 0, 0, 0)


class Part(Struct):
    """One file of the package, and what it refers to (clause 6.2, 6.5).

    ``name`` has no leading slash; the package itself is the part without a name.  A
    ``content`` to be called is asked for its bytes when it is written, and not kept.
    ``packed`` bytes are compressed already and stored as they are.
    """

    name: str
    media_type: str = ""
    content: bytes | Callable[[], bytes] = b""
    packed: bool = False
    _relationships: list[str] = field(default_factory=list)

    def refer(self, id_: str, type_: str, target: Part) -> None:
        """Add a relationship to the part *target*, which lies in the same folder or below."""
        self._relate(id_, type_, target.name.removeprefix(self._folder))

    def link(self, id_: str, type_: str, address: str) -> None:
        """Add a relationship to an *address* outside the package."""
        self._relate(id_, type_, address, ' TargetMode="External"')

    def _relate(self, id_: str, type_: str, target: str, mode: str = "") -> None:
        self._relationships.append(
            f'<Relationship Id="{id_}" Type="{type_}" Target="{attribute(target)}"{mode}/>'
        )

    @property
    def _folder(self) -> str:
        """The name up to the last slash, which is included."""
        return self.name[: self.name.rfind("/") + 1]

    def relationships_part(self) -> Part | None:
        """Return the part that lists the relationships of this one; None if it has none."""
        if not self._relationships:
            return None
        name = f"{self._folder}_rels/{self.name.removeprefix(self._folder)}.rels"
        content = "".join(self._relationships)
        root = f'<Relationships xmlns="{_NAMESPACE}/relationships">{content}</Relationships>'
        return Part(name, _DEFAULT_TYPES["rels"], f"{XML_HEAD}{root}".encode())


def write_package(parts: Sequence[Part], stream: BinaryIO) -> None:
    """Write *parts* to *stream*; one of them is the package itself, the part without a name."""
    named = [part for part in parts if part.name]
    listed = [found for part in parts if (found := part.relationships_part())]
    types = Part(_TYPES_NAME, content=_types_xml(named))
    entries = [types, *sorted([*named, *listed], key=lambda part: part.name)]
    with ZipFile(stream, "w") as package:
        for part in entries:
            info = ZipInfo(part.name, _NO_DATE)
            info.create_system = 0
            info.compress_type = ZIP_STORED if part.packed else ZIP_DEFLATED
            package.writestr(info, part.content() if callable(part.content) else part.content)


def _types_xml(parts: Sequence[Part]) -> bytes:
    """Return ``[Content_Types].xml``: the type of each extension, and of each part that differs."""
    extensions = {part.name.rpartition(".")[2] for part in parts} & _DEFAULT_TYPES.keys()
    defaults = "".join(
        f'<Default Extension="{extension}" ContentType="{_DEFAULT_TYPES[extension]}"/>'
        for extension in sorted(extensions.union(_ALWAYS))
    )
    overrides = "".join(
        f'<Override PartName="/{part.name}" ContentType="{part.media_type}"/>'
        for part in sorted(parts, key=lambda part: part.name)
        if _DEFAULT_TYPES.get(part.name.rpartition(".")[2]) != part.media_type
    )
    root = f'<Types xmlns="{_NAMESPACE}/content-types">{defaults}{overrides}</Types>'
    return f"{XML_HEAD}{root}".encode()
