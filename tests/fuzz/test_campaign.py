"""Every input that was a find once is dealt with, and so are a few of each target."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import campaign
from tests.fuzz.campaign import Campaign, Tried, make, replay, target_of
from tests.fuzz.mutation import LONGEST
from tests.fuzz.targets import TARGETS, Target

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no alarm clock, no limits")

CASES = sorted(path for path in Path(__file__).with_name("cases").glob("*") if path.is_file())
FEW = 6


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_what_was_a_find_is_dealt_with(path: Path) -> None:
    assert wrong_in_a_process(target_of(path), str(path)) == ""


def wrong_in_a_process(name: str, path: str) -> str:
    """Return what is wrong with the file *path* in a process whose memory is watched."""
    program = "import sys; from pathlib import Path; from tests.fuzz.campaign import replay\n"
    program += "sys.exit(replay(sys.argv[1], Path(sys.argv[2]).read_bytes()))"
    words = [sys.executable, "-c", program, name, path]
    return subprocess.run(words, capture_output=True, text=True).stderr.strip()


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_inputs_of_each_target(name: str) -> None:
    for number in range(FEW if TARGETS[name].share >= 40 else 1):
        assert _without_memory(replay(name, make(name, f"test-{number}"))) == ""


def _without_memory(wrong: str) -> str:
    """Return *wrong*, unless it is the size of this process, which has run other tests."""
    return "" if wrong.startswith("large: ") and "Traceback" not in wrong else wrong


def test_sound_inputs_are_read(tmp_path: Path) -> None:
    for number, (name, target) in enumerate(TARGETS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        seeds = target.seeds()
        assert seeds, name
        target.run(seeds[0], folder)


@pytest.mark.parametrize("name", TARGETS)
def test_an_input_is_the_same_each_time_and_bounded(name: str) -> None:
    made = [make(name, f"again-{number}") for number in range(20)]
    assert made == [make(name, f"again-{number}") for number in range(20)]
    assert len(set(made)) > 10
    assert max(map(len, made)) <= LONGEST + 100_000  # what packs a package comes on top


def _failing(kind: str) -> Target:
    def run(_data: bytes, _place: Path) -> None:
        if kind == "slow":
            while True:
                pass
        if kind == "large":
            raise MemoryError
        if kind == "wrong":
            raise KeyError(kind)

    return Target(lambda: [b"seed"], run, lambda data, _chance, _words: data)


@pytest.mark.parametrize("kind", ["slow", "large", "wrong"])
def test_a_find_is_told(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "SECONDS", 0.2)
    monkeypatch.setitem(TARGETS, "failing", _failing(kind))
    told = "KeyError" if kind == "wrong" else kind
    assert replay("failing", b"").startswith(told)


def test_a_find_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "FINDS", tmp_path)
    results = [Tried("0-1", "KeyError: a\n", 1.5, 60), Tried("0-2", "KeyError: b\n"), Tried("0-3")]
    monkeypatch.setattr(campaign, "run_slice", lambda _name, _seeds: iter(results))
    run = Campaign(["data"], 0)
    assert run.run(0, 3, 1) == 1
    assert run.table().splitlines()[1].split() == ["data", "3", "1", "1.50", "60"]
    (kept,) = tmp_path.glob("data-????????????")
    assert target_of(kept) == "data"
    assert kept.read_bytes() == make("data", "0-1")


def test_counts_are_told_after_each_round(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    share = TARGETS["cache"].share

    def stopped_in_the_second_round(_name: str, seeds: list[str]) -> Iterator[Tried]:
        if seeds[0] != "0-0":
            raise KeyboardInterrupt
        return map(Tried, seeds)

    monkeypatch.setattr(campaign, "run_slice", stopped_in_the_second_round)
    with pytest.raises(KeyboardInterrupt):
        Campaign(["cache"], 0).run(0, 0, 1)
    assert capsys.readouterr().err.splitlines()[-1].split() == ["all", str(share), "0"]


def test_a_process_that_dies_names_the_input_it_died_of() -> None:
    tried = list(campaign.run_slice("published-json", ["0-1", "0-2"]))
    assert [(one.seed, one.wrong) for one in tried] == [("0-1", ""), ("0-2", "")]
    assert all(one.megabytes > 0 for one in tried)


def test_damage_keeps_what_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        target = TARGETS["templates"]
        seed = target.seeds()[0]
        damaged = target.damage(seed, Random(number), target.words)
        assert damaged.split(b"\n")[0] == seed.split(b"\n")[0]
