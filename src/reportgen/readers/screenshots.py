"""The picture files the narrative names → :class:`Screenshot`: found, opened and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from reportgen.diagnostics import Finding, Label
from reportgen.files import NO_CACHE, Cache
from reportgen.model import Narrative, Picture, Screenshot
from reportgen.pictures import Damaged, Located, Pictures, TooLarge
from reportgen.problems import system_reason

MIN_WIDTH = 400
_METADATA = "picture-metadata"
_MAX_LISTED = 5


def read_screenshots(
    narrative: Narrative, pictures: Pictures, cache: Cache = NO_CACHE
) -> tuple[dict[str, Screenshot], list[Finding]]:
    """Return the pictures that *narrative* names, by target, and what is wrong with them.

    They are looked up in *pictures*.  A file mentioned more than once is read once; a
    finding about it is at the first mention, with a label at each further one.  What is
    expensive to find out or to make of unchanged files is kept in *cache*.
    """
    mentions: dict[str, list[Picture]] = {}
    for picture in narrative.pictures():
        mentions.setdefault(picture.target, []).append(picture)
    reader = _ScreenshotReader(pictures, cache)
    shots: dict[str, Screenshot] = {}
    for target, places in mentions.items():
        shot = reader.read(target, places)
        if shot:
            shots[target] = shot
    return shots, [*_gathered(reader.found), *_unused(narrative, pictures)]


def _gathered(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield *found* with one finding for all photographs that hold data of the camera."""
    photographs = [finding for finding in found if finding.slug == _METADATA]
    for finding in found:
        if finding.slug != _METADATA or len(photographs) == 1:
            yield finding
        elif finding is photographs[0]:
            values = {**finding.values, "张数": len(photographs)}
            yield replace(finding, values=values, wording="several", labels=())


def _unused(narrative: Narrative, pictures: Pictures) -> list[Finding]:
    """Return a hint at the pictures at hand that *narrative*, unless it is empty, does not name.

    One that was meant by a name that is wrong is named there already.
    """
    if not narrative.sections:
        return []
    targets = {picture.target for picture in narrative.pictures()}
    used = {pictures.locate(name).exact or pictures.suggestion(name) for name in targets}
    unused = [name for name in pictures.at_hand() if name not in used]
    if not unused:
        return []
    more = f"等 {len(unused)} 张" if len(unused) > _MAX_LISTED else ""
    names = "、".join(f"“{name}”" for name in unused[:_MAX_LISTED]) + more
    values = {"各图片": names, "图片": unused[0]}
    place = pictures.locate(unused[0]).path
    return [Finding("picture-unused", None, values, file=str(place or unused[0]))]


class _ScreenshotReader:
    """Reads the picture files of one report; findings gather in ``found``."""

    def __init__(self, pictures: Pictures, cache: Cache) -> None:
        self._pictures = pictures
        self._cache = cache
        self._mentions: list[Picture] = []
        self._blocked: set[str] = set()
        self.found: list[Finding] = []

    def read(self, target: str, mentions: list[Picture]) -> Screenshot | None:
        """Return the file *target* names; None after reporting why there is none."""
        self._mentions = mentions
        located = self._pictures.locate(target)
        if located.path is None:
            self._report_missing(target, located)
            return None
        if located.exact.lower() == target.lower() and located.exact != target:
            self._report("picture-case", {"图片": target, "文件": located.exact})
        shot = self._open(target, located.path)
        if shot and shot.width < MIN_WIDTH:
            self._report("picture-small", {"图片": target, "宽": shot.width})
        return shot

    def _report(
        self,
        slug: str,
        values: Mapping[str, object],
        *,
        wording: str = "",
        advice: str = "",
    ) -> None:
        first, *others = self._mentions
        labels = tuple(Label(picture.span, "这里也用到") for picture in others if picture.span)
        self.found.append(
            Finding(slug, first.span, values, wording=wording, advice=advice, labels=labels)
        )

    def _report_missing(self, target: str, located: Located) -> None:
        if located.trouble == "blocked":
            if located.exact not in self._blocked:
                self._blocked.add(located.exact)
                self._report("picture-missing", {"图片": located.exact}, wording="blocked")
        elif located.trouble == "missing":
            near = self._pictures.suggestion(target)
            self._report(
                "picture-missing",
                {"图片": target, "相近": near},
                wording="" if target else "unnamed",
                advice="similar" if near else "",
            )
        else:
            wording = "" if located.trouble == "outside" else located.trouble
            self._report("picture-outside", {"图片": target}, wording=wording)

    def _open(self, target: str, path: Path) -> Screenshot | None:
        """Return the picture found at *path*, judged; None after reporting what is wrong."""
        try:
            file = self._pictures.open(path, self._cache)
        except TooLarge as error:
            self._report("picture-too-large", {"图片": target, "原因": error})
            return None
        except Damaged as error:
            values = {"图片": target, "原因": error}
            self._report("picture-damaged", values, advice=error.advice)
            return None
        except OSError as error:
            values = {"图片": target, "原因": system_reason(error)}
            self._report("picture-damaged", values, wording="unreadable")
            return None
        verdict = file.verdict
        if verdict.has_metadata:
            self._report(_METADATA, {"图片": target})
        if verdict.see_through:
            self._report("picture-transparent", {"图片": target})
        size = (verdict.width, verdict.height)
        return Screenshot(path, verdict.printed_kind, *size, file.digest, file)
