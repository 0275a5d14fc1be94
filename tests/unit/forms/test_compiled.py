"""Forms kept between runs: they come back whole, and never as what they no longer are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from reportgen.files import Cache, resource_folder
from reportgen.forms import compiled as kept
from reportgen.forms.compiled import form_key, keep, maker_files, makers_digest, recall
from reportgen.forms.form import Form
from reportgen.forms.library import Library, read_form
from reportgen.problems import EnvironmentProblem
from tests.builders import FORMS, LIBRARY


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.mark.parametrize("name", list(FORMS))
def test_a_kept_form_comes_back_as_it_was(cache: Cache, name: str) -> None:
    form = read_form(LIBRARY, "disclosure", name)
    keep(cache, "a1", form)
    found = recall(cache, "a1")
    assert found == form
    assert found.identities == form.identities
    assert found.relations == form.relations
    assert found.statements == form.statements


def test_its_formulas_know_the_rules_of_the_form_itself(cache: Cache) -> None:
    keep(cache, "a1", FORMS["2021"])
    found = recall(cache, "a1")
    assert found is not None
    used = [bound.rule for bound in (*found.identities, *found.relations)]
    used += [bound.rule for bound in found.statements]
    assert set(map(id, used)) <= set(map(id, found.rules))


def test_a_kept_form_is_found_without_reading_its_yaml(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))
    starter = own / "disclosure" / "2021" / "starter.md"
    starter.write_text("# 本次测试独有的骨架\n", encoding="utf-8")
    first = Library((own,), cache).load("disclosure", "2021")
    moved = Path(shutil.move(own, tmp_path / "moved"))  # to this process another library
    monkeypatch.setattr("reportgen.forms.library.load_data", _never)
    assert Library((moved,), cache).load("disclosure", "2021") == first


def _never(*_: object) -> None:
    raise AssertionError("read all the same")


def test_another_content_of_a_file_is_another_form() -> None:
    before = form_key("disclosure", "2021", (("form.yaml", b"a"), ("style.yaml", b"b")))
    assert form_key("disclosure", "2021", (("form.yaml", b"ab"), ("style.yaml", b""))) != before
    assert form_key("disclosure", "2019", (("form.yaml", b"a"), ("style.yaml", b"b"))) != before


def test_a_form_made_by_another_program_is_another_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = makers_digest()
    changed = tmp_path / "rules.py"
    changed.write_text("# another way to read rules\n", encoding="utf-8")
    monkeypatch.setattr(kept, "maker_files", lambda: iter([*maker_files(), changed]))
    makers_digest.cache_clear()
    try:
        assert makers_digest() != before
    finally:
        makers_digest.cache_clear()


def test_whatever_takes_part_in_making_a_form_is_part_of_its_key() -> None:
    program = (
        "import json, sys, reportgen.forms.library, reportgen.forms.compiled;"
        "print(json.dumps([m.__file__ for n, m in sys.modules.items() if n[:9] == 'reportgen']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    needed = {Path(name) for name in json.loads(done.stdout)}
    missing = needed - set(maker_files())
    assert {path.name for path in missing} == {"__init__.py"}  # which decide nothing


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93", msgspec.msgpack.encode([1, 2, 3, 4])])
def test_what_is_no_form_is_not_found(cache: Cache, data: bytes) -> None:
    cache.put("forms", "a1", data)
    assert recall(cache, "a1") is None


def test_a_form_that_would_come_back_as_another_is_not_kept(cache: Cache) -> None:
    rule = replace(FORMS["2021"].rules[0], options={"scale": (1, 2)})  # a list, once read back
    keep(cache, "a1", replace(FORMS["2021"], rules=(rule,)))
    assert recall(cache, "a1") is None


def test_a_mistake_in_a_template_is_told_every_time(cache: Cache, tmp_path: Path) -> None:
    own = Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))
    (own / "disclosure" / "2021" / "style.yaml").write_text("page: {}\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(EnvironmentProblem, match=r"style\.yaml"):
            Library((own,), cache).load("disclosure", "2021")


def test_everything_in_a_form_is_data() -> None:
    assert not [value for value in _values(FORMS["2021"]) if callable(value)]


def _values(value: object) -> Iterator[object]:
    """Yield *value* and everything in it."""
    yield value
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from _values(item)


def test_a_form_without_a_cache_is_read_as_ever() -> None:
    form = Library(LIBRARY.roots).load("disclosure", "2021")
    assert isinstance(form, Form)
    keep(Cache(), "a1", form)
    assert recall(Cache(), "a1") is None
