"""Several files that are one report: a document, a workbook with its tables, pictures beside them.

Their blocks stand one after the other, each with its place in its own file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from reportgen.published.found import FoundBlock, FoundFile, FoundParagraph, FoundPicture

_AROUND = re.compile(r"[\s【】\[\]（）()<>《》“”]|此处|插入|放|图片|配图|插图|截图[：:]|[：:。]")
"""What people write around the name of a picture that belongs there."""
_LONGEST_NAME = 80
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")


def put_together(files: Sequence[FoundFile], pictures: Mapping[str, bytes]) -> FoundFile:
    """Return *files*, at least one, as one; a paragraph naming one of *pictures* becomes it.

    *pictures* are files by name, with their suffix.
    """
    first, *others = files
    names = _names(pictures)
    blocks = [_placed(block, names, pictures) for file in files for block in file.blocks]
    return replace(
        first,
        blocks=tuple(blocks),
        title=next((file.title for file in files if file.title), ""),
        body=None if others else first.body,
        stated={key: value for file in reversed(files) for key, value in file.stated.items()},
    )


def _names(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Return the name of each picture by what a text may call it, if that can only be one."""
    called: dict[str, list[str]] = {}
    for name in pictures:
        for call in {_plain(name), _plain(PurePosixPath(name).stem)}:
            called.setdefault(call, []).append(name)
    return {call: names[0] for call, names in called.items() if call and len(names) == 1}


def _plain(text: str) -> str:
    return _AROUND.sub("", text).lower()


def _placed(
    block: FoundBlock, names: Mapping[str, str], pictures: Mapping[str, bytes]
) -> FoundBlock:
    if not isinstance(block, FoundParagraph) or len(block.text) > _LONGEST_NAME:
        return block
    name = names.get(_plain(block.text))
    if name is None:
        return block
    stem = PurePosixPath(name).stem
    caption = stem if _CHINESE.search(stem) else ""
    return FoundPicture(name, caption, block.place, pictures[name])
