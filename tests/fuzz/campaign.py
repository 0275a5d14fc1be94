"""Every reader fed with unsound files, each within a bar of time and memory.

    python -m tests.fuzz.campaign --minutes 1
    python -m tests.fuzz.campaign --inputs 200000 --seed 7 picture workbook
    python -m tests.fuzz.campaign --replay build/fuzz/picture-0123456789ab

An input is a find when the program raises, says nothing in Chinese, takes more than ten seconds
of processor time, or when the process grows beyond 500 MB.  It is kept in ``build/fuzz``; once the
cause is mended it goes to ``tests/fuzz/cases``, where a test replays it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from random import Random
from threading import Timer

from msgspec import Struct

from tests.fuzz.targets import TARGETS, known

SECONDS = 10
"""Of processor time for one input."""
MEGABYTES = 500
"""The most a process may grow to while it reads inputs one after the other."""
_NO_MORE = 2_000
"""Megabytes of addresses: more is refused, so that a find does not take the machine down."""
_LONGEST_TURN = 16
"""Shares of a target that a process reads in a turn: at first one, then two, four, and so on.

So every target has its turn in a minute, and later little time goes into beginning processes.
"""
_HANGS = 120
"""Seconds without a sign of life after which a process is ended."""
FINDS = Path("build/fuzz")


MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - folders of single inputs, by unguessable names
"""Where the folders of the inputs lie, if it is there: a disk would take most of the time."""


class Tried(Struct, frozen=True):
    """An input that was read."""

    seed: str
    wrong: str = ""
    """What is wrong with how it was dealt with; empty when nothing is."""
    seconds: float = 0.0
    """Processor time."""
    megabytes: int = 0
    """The most that the process has had until then."""


class TooSlow(BaseException):
    """Raised by the alarm clock into whatever takes too long."""


def _ring(_number: int, _frame: object) -> None:
    raise TooSlow


def replay(name: str, data: bytes) -> str:
    """Return what is wrong with how the target *name* deals with *data*; empty when nothing is."""
    signal.signal(signal.SIGPROF, _ring)
    with tempfile.TemporaryDirectory() as folder:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            TARGETS[name].run(data, Path(folder))
        except TooSlow:
            return f"slow: more than {SECONDS} s\n{traceback.format_exc()}"
        except MemoryError:
            return f"large: more than {_NO_MORE} MB\n{traceback.format_exc()}"
        except Exception as error:
            return f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    if _peak() > MEGABYTES:
        return f"large: {_peak()} MB"
    return ""


def _peak() -> int:
    """Return the most megabytes this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def make(name: str, seed: str) -> bytes:
    """Return the input of the target *name* that *seed* stands for."""
    chance, target = Random(f"{name} {seed}"), TARGETS[name]
    return target.damage(chance.choice(target.seeds()), chance, target.words)


def work(name: str, seeds: Sequence[str]) -> None:
    """Read the inputs of *seeds*, saying on standard output how each ended."""
    resource.setrlimit(resource.RLIMIT_AS, (_NO_MORE << 20, _NO_MORE << 20))
    gc.set_threshold(500_000)  # see reportgen.cli
    if os.access(MEMORY_DISK, os.W_OK):
        tempfile.tempdir = str(MEMORY_DISK)
    for seed in seeds:
        print(json.dumps({"begun": seed}), flush=True)  # noqa: T201 read by the parent
        data = make(name, seed)
        begun = time.process_time()
        wrong = replay(name, data)
        gc.collect(0)  # python-docx leaves reference cycles
        seconds = round(time.process_time() - begun, 3)
        told = {"seed": seed, "wrong": wrong, "seconds": seconds, "megabytes": _peak()}
        print(json.dumps({"ended": told}), flush=True)  # noqa: T201
        if wrong.startswith("large"):
            return  # the process stays as large as it was


def run_slice(name: str, seeds: list[str]) -> Iterator[Tried]:
    """Yield how the inputs of *seeds* were dealt with in a process of their own."""
    while seeds:
        tried = list(_attempt(name, seeds))
        if not tried:
            raise SystemExit(f"the target {name} does not begin")
        yield from tried
        seeds = seeds[len(tried) :]


def _attempt(name: str, seeds: Sequence[str]) -> Iterator[Tried]:
    words = [sys.executable, "-m", "tests.fuzz.campaign", "--work", name, *seeds]
    with (
        tempfile.TemporaryFile() as trouble,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=trouble, text=True) as process,
    ):
        begun, lines = "", _lines(process)
        for line in lines:
            told = json.loads(line)
            begun = told.get("begun", "")
            if "ended" in told:
                yield Tried(**told["ended"])
        if process.wait() and begun:
            trouble.seek(0)
            last = trouble.read()[-2_000:].decode("utf-8", "replace")
            yield Tried(begun, f"the process ended with {process.returncode}\n{last}")


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what *process* says; it is ended when it has said nothing for too long."""
    assert process.stdout is not None
    while True:
        clock = Timer(_HANGS, process.kill)
        clock.start()
        line = process.stdout.readline()
        clock.cancel()
        if not line:
            return
        yield line


def _rounds(names: Sequence[str], seed: int, inputs: int) -> Iterator[list[tuple[str, list[str]]]]:
    """Yield rounds with a slice of each target of *names*, *inputs* in all (0: without end)."""
    number, shares = 0, 1
    while not inputs or number < inputs:
        slices = []
        for name in names:
            most = TARGETS[name].share * shares
            most = min(most, inputs - number) if inputs else most
            if most > 0:
                slices.append((name, [f"{seed}-{number + step}" for step in range(most)]))
            number += most
        yield slices
        shares = min(2 * shares, _LONGEST_TURN)


class Campaign:
    """Targets run in turn, on several processes, until inputs or minutes are used up."""

    def __init__(self, names: Sequence[str], minutes: float) -> None:
        self._names = names
        self._end = time.monotonic() + minutes * 60 if minutes else float("inf")
        self._read: Counter[str] = Counter()
        self._slowest = dict.fromkeys(names, 0.0)
        self._largest = dict.fromkeys(names, 0)
        self._causes: dict[str, set[str]] = {name: set() for name in names}

    def run(self, seed: int, inputs: int, jobs: int) -> int:
        """Read *inputs* (0: until the time is over) that *seed* gives; return the finds.

        The counts so far are printed after each round and at the end, so that a run that is
        interrupted counts too.
        """
        with ThreadPoolExecutor(jobs) as pool:
            running: set[Future[None]] = set()
            for slices in _rounds(self._names, seed, inputs):
                for name, seeds in slices:
                    if time.monotonic() > self._end:
                        break
                    running.add(pool.submit(self._take_turn, name, seeds))
                    if len(running) >= jobs:
                        running = _finish(running, FIRST_COMPLETED)
                if time.monotonic() > self._end:
                    break
                self._tell()
            _finish(running, ALL_COMPLETED)
        self._tell()
        return sum(map(len, self._causes.values()))

    def _tell(self) -> None:
        print(self.table(), file=sys.stderr, flush=True)  # noqa: T201

    def _take_turn(self, name: str, seeds: list[str]) -> None:
        for tried in run_slice(name, seeds):
            self._read[name] += 1
            self._slowest[name] = max(self._slowest[name], tried.seconds)
            self._largest[name] = max(self._largest[name], tried.megabytes)
            if tried.wrong and (cause := _cause(tried.wrong)) not in self._causes[name]:
                self._causes[name].add(cause)
                _keep(name, tried.seed, tried.wrong)
            if time.monotonic() > self._end:
                return

    def table(self) -> str:
        """Return of each target the inputs read, the causes found, the slowest, the largest."""
        rows = [
            f"{name:16} {self._read[name]:8} {len(self._causes[name]):6}"
            f" {self._slowest[name]:10.2f} {self._largest[name]:10}"
            for name in self._names
        ]
        head = f"{'target':16} {'inputs':>8} {'finds':>6} {'slowest s':>10} {'largest MB':>10}"
        finds = sum(map(len, self._causes.values()))
        return "\n".join([head, *rows, f"{'all':16} {sum(self._read.values()):8} {finds:6}"])


def _finish(running: set[Future[None]], when: str) -> set[Future[None]]:
    """Wait for one (or all) of *running*, raise what went wrong in it, and return the others."""
    done, others = wait(running, return_when=when)
    for future in done:
        future.result()
    return others


def _cause(wrong: str) -> str:
    """Return what tells one cause from another: the kind, and the last place in our code."""
    places = [line.strip() for line in wrong.splitlines() if "/reportgen/" in line]
    return wrong.split(":")[0] + (places[-1] if places else "")


def _keep(name: str, seed: str, wrong: str) -> None:
    data = make(name, seed)
    path = FINDS / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    FINDS.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(f"{seed}\n{wrong}", encoding="utf-8")
    print(f"{path}: {wrong.splitlines()[0][:200]}", file=sys.stderr)  # noqa: T201


def main() -> int:
    """Read the command line and run what it asks for; return 1 when there are finds."""
    parser = argparse.ArgumentParser(description="unsound files for every reader")
    parser.add_argument("targets", nargs="*", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=0, help="how long (without end)")
    parser.add_argument("--inputs", type=int, default=0, help="how many inputs (without end)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other inputs")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--replay", nargs="+", metavar="FILE", help="files whose names begin so")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.work:
        work(words.work[0], words.work[1:])
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
        os._exit(0)  # threads of libraries are of no interest
    if words.replay:
        return _replay_files(words.replay)
    run = Campaign(known(words.targets), words.minutes)
    return min(run.run(words.seed, words.inputs, words.jobs), 1)


def target_of(path: Path) -> str:
    """Return the target whose input the file *path* is, by its name."""
    return max((name for name in TARGETS if path.name.startswith(f"{name}-")), key=len)


def _replay_files(paths: Sequence[str]) -> int:
    wrong = 0
    for path in map(Path, paths):
        result = replay(target_of(path), path.read_bytes())
        wrong += bool(result)
        print(f"{path}: {result or 'fine'}", file=sys.stderr)  # noqa: T201
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
