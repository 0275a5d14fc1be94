"""``batch``: every report folder below a folder, on every core or on a Dask cluster.

Any :class:`concurrent.futures.Executor` does the work.  Only a few reports are
handed to it at a time, so ten thousand folders need no more memory than ten.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from pathlib import Path

from msgspec import Struct

from reportgen.batch.unit import Outcome, Unit, broken, build_unit
from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem
from reportgen.readers import DATA_FILE, OUTPUT_FOLDER, find_report_folders

CRASHED = "处理这份报告的进程意外退出，可能是内存不足"
AHEAD = 2
"""How many reports a worker should have at hand: the one it builds and the next."""


def find_units(
    root: Path,
    out: Path | None,
    formats: Sequence[str],
    *,
    draft: bool,
    key: bytes = b"",
) -> list[Unit]:
    """Return the reports below *root*, each to be written below *out* or to its own ``output``.

    *key* seals what is noted about each, so that it can be believed the next time.

    Raises EnvironmentProblem when there is none, or *out* is itself a report folder.
    """
    if not root.is_dir():
        raise EnvironmentProblem(f"没有找到目录 {root}", "检查路径是否写对")
    home = root.resolve()
    out = out.resolve() if out else None
    units = []
    for folder in find_report_folders(home, out):
        name = folder.relative_to(home).as_posix()
        target = out / name if out else folder / OUTPUT_FOLDER
        shown = home.name if name == "." else name
        units.append(Unit(shown, folder, target, tuple(formats), draft, key))
    if not units:
        raise EnvironmentProblem(f"{root} 下没有报告目录", f"报告目录里要有 {DATA_FILE}")
    if mixed := next((unit for unit in units if (unit.out / DATA_FILE).exists()), None):
        raise EnvironmentProblem(f"输出目录 {mixed.out} 是报告目录", "用 -o 另选一个目录")
    return units


def run_batch(
    units: Sequence[Unit],
    executor: Executor,
    *,
    window: int = AHEAD,
    renew: Callable[[], Executor] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    work: Callable[[Unit], Outcome] = build_unit,
) -> Iterator[Outcome]:
    """Build *units* with *executor* and yield each outcome as it comes.

    At most *window* reports are under way at a time.  When a worker process dies
    *renew* gives another executor; the reports that were under way are then tried
    one by one, and the one that breaks the executor again is named.  Once *stopped*
    says so, no other report is begun.  The executor is shut down at the end.
    """
    run = _BatchRun(executor, renew, work)
    waiting = iter(units)
    try:
        while run.fill(waiting, window, stopped()):
            yield from run.finished()
            yield from run.repair(stopped)
    finally:
        run.close()


class _BatchRun:
    """The reports under way on an executor that may have to be replaced."""

    def __init__(
        self,
        executor: Executor,
        renew: Callable[[], Executor] | None,
        work: Callable[[Unit], Outcome],
    ) -> None:
        self.executor = executor
        self._renew = renew
        self._work = work
        self._under_way: dict[Future[Outcome], Unit] = {}
        self._lost: list[Unit] = []

    def close(self) -> None:
        """Let the reports that were begun finish, and the workers go."""
        self._take_back()
        self.executor.shutdown(wait=True)

    def _take_back(self) -> None:
        for future in list(self._under_way):
            if future.cancel():
                del self._under_way[future]

    def fill(self, waiting: Iterator[Unit], window: int, stopped: bool) -> bool:
        """Hand on reports up to *window*, or take back those not begun; return if any is left."""
        if stopped:
            self._take_back()
        while not stopped and not self._lost and len(self._under_way) < window:
            unit = next(waiting, None)
            if unit is None:
                break
            self._submit(unit)
        return bool(self._under_way or self._lost)

    def _submit(self, unit: Unit) -> None:
        try:
            self._under_way[self.executor.submit(self._work, unit)] = unit
        except BrokenExecutor:
            self._lost.append(unit)
        except OSError:  # the machine lets no other process begin
            self._renew = one_thread
            self._lost.append(unit)

    def finished(self) -> Iterator[Outcome]:
        """Wait for a report and yield the outcomes that have come; note those lost."""
        if self._under_way:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._outcome(future)

    def _outcome(self, future: Future[Outcome]) -> Iterator[Outcome]:
        unit = self._under_way.pop(future)
        try:
            yield future.result()
        except (BrokenExecutor, CancelledError):
            self._lost.append(unit)
        except Exception as error:  # executors of other kinds raise their own
            yield broken(unit, f"{CRASHED}（{error}）")

    def repair(self, stopped: Callable[[], bool]) -> Iterator[Outcome]:
        """After a crash, which loses all that was under way: try each report lost alone."""
        if not self._lost:
            return
        for future in list(self._under_way):
            yield from self._outcome(future)
        while self._lost and not stopped():
            yield self._try_alone(self._lost.pop(0))
        self._lost.clear()

    def _try_alone(self, unit: Unit) -> Outcome:
        if self._renew is None:
            return broken(unit, CRASHED)
        for _ in range(2):  # the executor at hand may be the one that is broken
            try:
                return self.executor.submit(self._work, unit).result()
            except (BrokenExecutor, CancelledError, OSError):
                self.executor.shutdown(wait=False)
                self.executor = self._renew()
        return broken(unit, CRASHED)


_MOST_PROCESSES = 61 if sys.platform == "win32" else 1024  # Windows waits for no more at once
_TIMEOUT_SECONDS = 10


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_pool(jobs: int) -> Executor:
    """Return *jobs* worker processes, started afresh: the same on every system."""
    return ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
    )


def one_thread() -> Executor:
    """Return a thread of this process, for a machine that lets none share its memory."""
    return ThreadPoolExecutor(1)


@contextlib.contextmanager
def _away() -> Iterator[None]:
    """Work in a folder of the program while processes begin.

    A new Python looks for its modules in the working folder before anywhere else (up to 3.10
    in any case), and that is where reports of others are.
    """
    try:
        before = Path.cwd()
    except OSError:  # it is gone
        before = None
    os.chdir(resource_folder("templates"))
    try:
        yield
    finally:
        if before is not None:
            os.chdir(before)


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(500_000)  # as the command line does, for its reason
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


class Pool(Struct, frozen=True):
    """An executor, how many workers it has, and how another is made when it breaks."""

    executor: Executor
    workers: int
    renew: Callable[[], Executor] | None = None


def _local_pool(jobs: int) -> Pool:
    try:
        return Pool(process_pool(jobs), jobs, lambda: process_pool(jobs))
    except (OSError, ImportError):
        return Pool(one_thread(), 1)


@contextlib.contextmanager
def open_pool(jobs: int, cluster: str | None = None) -> Iterator[Pool]:
    """Yield *jobs* processes of this machine, or the workers of the Dask *cluster*.

    Without shared memory (``/dev/shm``), which processes need to work together, a thread does
    their work.  Meanwhile the working folder is another.  The workers of a cluster must see the
    report folders under the same paths.  Raises EnvironmentProblem when Dask is not installed or
    the cluster does not answer.
    """
    if cluster is None:
        with _away():
            yield _local_pool(max(1, min(jobs, _MOST_PROCESSES)))
        return
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise EnvironmentProblem(
            "--dask 需要 dask.distributed", '运行 pip install "reportgen[cluster]" 后再试'
        ) from error
    try:
        client = Client(cluster, timeout=_TIMEOUT_SECONDS)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(
            f"连不上 Dask 集群 {cluster}", "检查地址，确认调度器在运行"
        ) from error
    with client:
        workers = len(client.nthreads())
        if not workers:
            raise EnvironmentProblem(f"Dask 集群 {cluster} 没有工作进程", "先启动 dask worker")
        yield Pool(client.get_executor(pure=False), workers)


@contextlib.contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C ask for an orderly end; yields whether it was pressed.

    Pressed again it ends the program at once, as ever.
    """
    pressed = threading.Event()

    def on_interrupt(_number: int, _frame: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
