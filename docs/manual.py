"""Make the manual in ``manual/`` from its chapters in ``docs/manual/``.

``python docs/manual.py`` runs the commands that the chapters show, writes what they print into the
chapters, and renders all chapters as one web page; with ``--check`` nothing is written and the exit
code is 1 when chapters, page or pictures are old.  ``--pictures`` draws the old pictures anew
(:mod:`tools.manual_pictures`).

A chapter is a file of Markdown.  Its first heading is followed by a comment with the words that
``reportgen help`` finds it by.  Blocks of ``console`` are transcripts (:mod:`tests.transcripts`),
run in a folder of the chapter's own with copies of some samples; a comment ``<!-- desk: fill 目录
-->`` does a step of :mod:`tools.manual_desk` before the next command.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.transcripts import BLOCK, replayed  # noqa: E402
from tools.manual_desk import STEPS  # noqa: E402
from tools.manual_pictures import FOLDER as IMAGES  # noqa: E402
from tools.manual_pictures import draw, old_pictures  # noqa: E402 - after the path is set

SOURCES = ROOT / "docs" / "manual"
MADE = ROOT / "manual"
REFERENCE = ROOT / "docs" / "report-folder.md"
"""What a folder may hold: a document of its own, and the last chapter of the manual."""
REFERENCE_TITLE = "全部写法（查阅）"
REFERENCE_TOPICS = ("写法", "填写", "报告目录", "report.yaml", "占位符", "函数", "横排")
FOR_PROGRAMS = "\n## 给程序用的输出"
"""The first section of it that is not for clerks."""
SAMPLES = ("broken-2024", "yunxi-market-2024", "fuyang-emergency-2020", "published")

_DESK = re.compile(r"^<!-- desk: (\w+) (\S+) -->$", re.M)
_TOPICS = re.compile(r"^<!-- topics: (.*) -->$", re.M)
_COMMENT = re.compile(r"^<!-- (?:topics|desk): .* -->\n", re.M)
_CHAPTER_LINK = re.compile(r"(?:\d\d-)?([\w-]+)\.md")


@dataclass(frozen=True)
class Chapter:
    """A chapter: its Markdown, and how it is found."""

    name: str
    """Its anchor on the page, and the name of the file that leads there."""
    text: str
    topics: tuple[str, ...]


# Running the commands


def rerun(text: str) -> str:
    """Return the chapter *text* with what its commands print now."""
    with desk():
        parts, end = [], 0
        for found in sorted([*BLOCK.finditer(text), *_DESK.finditer(text)], key=re.Match.start):
            parts.append(text[end : found.start()])
            end = found.end()
            if found.re is BLOCK:
                parts.append(f"```console\n{replayed(found[1])}```")
            else:
                STEPS[found[1]](Path(found[2]))
                parts.append(found[0])
    return "".join(parts) + text[end:]


@contextlib.contextmanager
def desk() -> Iterator[None]:
    """Work in a new folder with copies of the samples, and with a terminal of a fixed size."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        for sample in SAMPLES:
            ignored = shutil.ignore_patterns("output")
            shutil.copytree(
                ROOT / "samples" / sample, Path(name, "samples", sample), ignore=ignored
            )
        os.environ.update(LINES="40", COLUMNS="80")
        os.chdir(name)
        try:
            yield
        finally:
            os.chdir(before)


# Rendering


def chapters(texts: Sequence[tuple[str, str]]) -> list[Chapter]:
    """Return the chapters of *texts*, each a file's stem and its text, and then the reference."""
    found = []
    for stem, text in texts:
        topics = _TOPICS.search(text)
        if topics is None:
            raise SystemExit(f"docs/manual/{stem}.md says no topics")
        found.append(Chapter(stem[3:], _COMMENT.sub("", text), tuple(topics[1].split())))
    reference = REFERENCE.read_text(encoding="utf-8").partition(FOR_PROGRAMS)[0]
    _title, _english, body = reference.split("\n\n", 2)
    text = f"# {REFERENCE_TITLE}\n\n{body}"
    return [*found, Chapter(REFERENCE.stem, text, REFERENCE_TOPICS)]


@dataclass(frozen=True)
class Rendered:
    """A chapter as HTML."""

    name: str
    title: str
    topics: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    """Anchor and title of each section."""
    body: str


def rendered(chapter: Chapter) -> Rendered:
    """Return *chapter* as HTML; its headings are one level lower, with anchors."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("softbreak", _no_space)
    tokens = markdown.parse(chapter.text)
    title, sections = "", []
    for opening, inline in itertools.pairwise(tokens):
        if opening.type != "heading_open":
            continue
        plain = "".join(child.content for child in inline.children or ())
        level = int(opening.tag[1])
        if level == 1:
            title, anchor = plain, chapter.name
        else:
            anchor = f"{chapter.name}-{len(sections) + 1}"
            if level == 2:
                sections.append((anchor, plain))
        if level <= 2:
            opening.attrSet("id", anchor)
        opening.tag = f"h{level + 1}"
    for token in tokens:
        if token.type == "heading_close":
            token.tag = f"h{int(token.tag[1]) + 1}"
        _adapt_links(token.children or ())
    body = markdown.renderer.render(tokens, markdown.options, {})
    return Rendered(chapter.name, title, chapter.topics, tuple(sections), body)


def _adapt_links(tokens: Sequence[Token]) -> None:
    """Point links to chapters to their anchors and pictures to their files; drop other links."""
    dropped = False
    for token in tokens:
        if token.type == "image":
            source = str(token.attrs["src"]).replace("../../manual/", "")
            token.attrs.update(src=source, loading="lazy")
        elif token.type == "link_open":
            target = str(token.attrs["href"])
            chapter = _CHAPTER_LINK.fullmatch(target.removeprefix("../"))
            known = {path.stem[3:] for path in SOURCES.glob("*.md")} | {REFERENCE.stem}
            if chapter and chapter[1] in known:
                token.attrs["href"] = f"#{chapter[1]}"
            elif not target.startswith("#"):
                dropped = True
                token.hidden, token.tag, token.attrs = True, "span", {}
        elif token.type == "link_close" and dropped:
            dropped = False
            token.hidden, token.tag = True, "span"


def _no_space(*_: object) -> str:
    """Return what stands for the end of a line in a paragraph of Chinese."""
    return ""


def _fence(self: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """Return a block of code; in a transcript what is typed is marked, exit codes are left out."""
    token = tokens[index]
    text = token.content.rstrip("\n")
    if token.info != "console":
        return f'<pre class="{token.info or "text"}">{_escaped(text)}</pre>\n'
    lines = [
        f"<kbd>{_escaped(line[2:])}</kbd>" if line.startswith("$ ") else _escaped(line)
        for line in text.split("\n")
        if not re.fullmatch(r"\? \d+", line)
    ]
    return f'<pre class="console">{chr(10).join(lines)}</pre>\n'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def made_files(texts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return every file of the manual but its pictures, by name: the page, and what leads to it.

    A file for each chapter leads to its place on the page, because systems drop what follows the
    ``#`` of an address when they open a browser.
    """
    found = [rendered(chapter) for chapter in chapters(texts)]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = environment.get_template("page.html.j2").render(chapters=found)
    leading = environment.get_template("leading.html.j2")
    topics = [
        {"page": f"{item.name}.html", "title": item.title, "topics": item.topics,
         "sections": [title for _, title in item.sections]}
        for item in found
    ]  # fmt: skip
    return {
        "index.html": page,
        **{f"{item.name}.html": leading.render(chapter=item) for item in found},
        "topics.json": json.dumps(topics, ensure_ascii=False, indent=1) + "\n",
    }


def main(arguments: list[str]) -> int:
    """Write the manual, or say what of it is old."""
    paths = sorted(SOURCES.glob("[0-9]*.md"))
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in paths]
    current = [(stem, rerun(text)) for stem, text in texts]
    files = {path: text for path, (_, text) in zip(paths, current, strict=True)}
    files |= {MADE / name: text for name, text in made_files(current).items()}
    old = [
        path
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    old += [path for path in MADE.glob("*.*") if path not in files]
    if "--check" in arguments:
        pictures = [IMAGES / name for name in old_pictures()]
        for path in [*old, *pictures]:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale\n")
        if old or pictures:
            sys.stderr.write("run: python docs/manual.py --pictures\n")
        return 1 if old or pictures else 0
    for path in old:
        if path in files:
            path.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    if "--pictures" in arguments:
        draw(old_pictures())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
