"""What the page's template needs to know of a figure: its width, and the shapes of a drawing."""

from __future__ import annotations

from functools import partial
from typing import Any, BinaryIO, TypeAlias

from reportgen.charts import ChartLabel, Drawing, Shape
from reportgen.directions import base_direction
from reportgen.document.nodes import Document, Figure, FigureGroup
from reportgen.files import FileWriter, content_key
from reportgen.pictures import PictureKind, PictureSource
from reportgen.styles import StyleSheet

PIXELS = 96 / 72
"""CSS pixels in a point."""
PICTURE_FOLDER = "pictures"
"""The folder, beside a fragment, of its pictures."""
_SUFFIXES = {PictureKind.PNG: "png", PictureKind.JPEG: "jpg"}

Data: TypeAlias = dict[str, Any]


def picture_names(document: Document) -> dict[str, str]:
    """Return the name of the file of each picture of *document*, by its digest.

    It is a relative address of ASCII letters, which begins with the number of the picture.  Its
    digits tell the picture and the report: fragments of several reports may lie in one folder, and
    a picture that one of them no longer shows is removed as its own.
    """
    title = document.metadata.title.encode("utf-8", "surrogatepass")
    groups = (block for block in document.blocks if isinstance(block, FigureGroup))
    figures = {each.digest: each for group in groups for each in group.figures}
    return {
        digest: f"{PICTURE_FOLDER}/{number:02}-{content_key(title, digest.encode())[:12]}"
        f".{_SUFFIXES[figure.kind]}"
        for number, (digest, figure) in enumerate(figures.items(), 1)
    }


def picture_files(document: Document) -> dict[str, FileWriter]:
    """Return the writer of each picture that a fragment of *document* shows, by its name."""
    groups = (block for block in document.blocks if isinstance(block, FigureGroup))
    names = picture_names(document)
    return {
        names[figure.digest]: partial(_write_picture, figure.picture)
        for group in groups
        for figure in group.figures
    }


def _write_picture(picture: PictureSource, stream: BinaryIO) -> None:
    stream.write(picture.read())


def shown_width(figure: Figure, sheet: StyleSheet) -> int:
    """Return the width in CSS pixels at which *figure* fits the type area."""
    width, height = figure.pixels
    room = sheet.page.text_width * PIXELS
    wanted = room * figure.width if figure.width else min(width, room)
    tallest = sheet.figure.max_height * PIXELS * width / height
    return max(1, round(wanted if figure.parts else min(wanted, tallest)))


def drawing_data(drawing: Drawing) -> Data:
    """Return *drawing* as the attributes of SVG elements; lengths are points."""
    return {
        "width": _length(drawing.width),
        "height": _length(drawing.height),
        "shapes": [_shape_data(shape) for shape in drawing.shapes],
        "labels": [_label_data(label) for label in drawing.labels],
    }


def _shape_data(shape: Shape) -> Data:
    return {
        "tag": "polygon" if shape.closed else "polyline",
        "points": " ".join(f"{_length(x)},{_length(y)}" for x, y in shape.points),
        "fill": f"#{shape.fill}" if shape.fill else "none",
        "stroke": f"#{shape.stroke}" if shape.stroke else "none",
        "width": _length(shape.width),
    }


def _label_data(label: ChartLabel) -> Data:
    return {
        "x": _length(label.x),
        "y": _length(label.y),
        "size": _length(label.size),
        "anchor": label.anchor,
        "colour": f"#{label.colour}",
        "text": label.text,
        "rtl": base_direction(label.text) == 1,
    }


def _length(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")
