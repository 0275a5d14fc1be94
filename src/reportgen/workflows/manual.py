"""``help``: the pages of the manual."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from reportgen.files import read_file, resource_folder
from reportgen.problems import EnvironmentProblem
from reportgen.text import most_similar

_MANUAL = "manual"
_TOPICS_LIMIT = 1_000_000
_RULE = re.compile(r"[A-Za-z]\d{3}")
"""The code of a rule, which the manual has no page about."""


class Topic(Struct, frozen=True):
    """A chapter of the manual."""

    page: str
    """The name of the file that leads to it."""
    title: str
    topics: tuple[str, ...]
    """Other words for it, the names of commands among them."""
    sections: tuple[str, ...]
    """The titles of its sections."""

    def is_about(self, word: str) -> bool:
        """Return whether *word* is the title or another word for this chapter."""
        return word.casefold() in (self.title.casefold(), *map(str.casefold, self.topics))


def manual_topics() -> tuple[Topic, ...]:
    """Return the chapters of the manual; EnvironmentProblem if it is not installed."""
    path = resource_folder(_MANUAL) / "topics.json"
    try:
        return msgspec.json.decode(read_file(path, _TOPICS_LIMIT), type=tuple[Topic, ...])
    except (OSError, msgspec.MsgspecError) as error:
        raise EnvironmentProblem("安装不完整：读不出使用手册", "请重新安装 reportgen") from error


def manual_page(word: str) -> Path:
    """Return the page of the manual about *word*, or its first page if *word* is empty.

    *word* is a title, another word for a chapter, or part of the title of a chapter or section.
    Raises EnvironmentProblem, with the most similar words, when the manual has no such page.
    """
    topics = manual_topics()
    folder = resource_folder(_MANUAL)
    if not word:
        return folder / "index.html"
    exact = [topic for topic in topics if topic.is_about(word)]
    titled = [topic for topic in topics if word.casefold() in topic.title.casefold()]
    inside = [
        topic for topic in topics if any(word.casefold() in s.casefold() for s in topic.sections)
    ]
    for found in (exact, titled, inside):
        if found:
            return folder / found[0].page
    if _RULE.fullmatch(word):
        raise EnvironmentProblem(
            f"手册里没有“{word}”", f"规则的说明用 reportgen explain {word.upper()} 查"
        )
    known = [name for topic in topics for name in (topic.title, *topic.topics)]
    near = most_similar(word, known)
    shown = f"是否应为“{near}”？" if near else f"手册的各章：{'、'.join(t.title for t in topics)}"
    raise EnvironmentProblem(f"手册里没有“{word}”", shown)
