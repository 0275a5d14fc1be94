"""Doing the same with each of many reports, on all cores of the machine or on a Dask cluster.

Any :class:`concurrent.futures.Executor` can do the work.  Only a few reports are submitted at a
time, so the memory needed does not grow with the number of folders.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
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
from typing import Generic, TypeVar

from msgspec import Struct

from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem, refused

J = TypeVar("J")
R = TypeVar("R")

CRASHED = "处理这份报告的进程意外退出，可能是内存不足"
AHEAD = 2
"""The number of reports submitted for each worker: the one it is busy with and the next."""
_ONE_AT_A_TIME = threading.Lock()  # a Dask worker may have several threads on one core


def attempt(job: J, work: Callable[[J], R], lost: Callable[[J, str], R]) -> R:
    """Return ``work(job)``; if that fails, ``lost(job, message)``, so that the others go on."""
    with _ONE_AT_A_TIME:
        try:
            return work(job)
        except EnvironmentProblem as problem:
            return lost(job, problem.message)
        except OSError as error:
            return lost(job, refused(error).message)
        except MemoryError:
            return lost(job, "内存不足")
        except Exception as error:  # one report must not stop the others
            return lost(job, f"程序内部出错（{type(error).__name__}：{error}）")
        finally:
            # Some readers and python-docx leave cycles, and a worker rarely collects garbage.
            gc.collect(0)


@contextlib.contextmanager
def working_on(
    jobs: Sequence[J],
    work: Callable[[J], R],
    lost: Callable[[J, str], R],
    *,
    processes: int | None = None,
    cluster: str | None = None,
) -> Iterator[Iterator[R]]:
    """Yield the results of *work* on *jobs*, in the order in which they become available.

    The work is done by at most so many *processes*, by default one for each core, or by the
    workers of a Dask *cluster*.  *work* handles what goes wrong with :func:`attempt`; *lost*
    makes the result of a job whose process died.  After Ctrl-C no further job is begun, and there
    are fewer results than jobs.  Within the context the working folder is one of the program's.
    Raises EnvironmentProblem if the cluster cannot be used.
    """
    count = max(1, min(processes or usable_cores(), len(jobs)))
    with interruptible() as stopped, open_pool(count, cluster) as pool:
        yield run_jobs(
            jobs,
            pool.executor,
            work,
            lost,
            window=AHEAD * pool.workers,
            renew=pool.renew,
            stopped=stopped,
        )


def run_jobs(
    jobs: Sequence[J],
    executor: Executor,
    work: Callable[[J], R],
    lost: Callable[[J, str], R],
    *,
    window: int = AHEAD,
    renew: Callable[[], Executor] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[R]:
    """Do *work* on each of *jobs* with *executor* and yield each result when it is available.

    At most *window* jobs are submitted at a time.  If a worker process dies, *renew* returns a
    new executor.  The jobs that were submitted are then done one by one, and the one that
    breaks the executor again has failed: *lost* makes its result.  When *stopped* returns true,
    no further job is begun.  The executor is shut down at the end.
    """
    run = _JobRun(executor, renew, work, lost)
    waiting = iter(jobs)
    try:
        while run.fill(waiting, window, stopped()):
            yield from run.finished()
            yield from run.repair(stopped)
    finally:
        run.close()


class _JobRun(Generic[J, R]):
    """The jobs submitted to an executor, which is replaced if a worker process dies."""

    def __init__(
        self,
        executor: Executor,
        renew: Callable[[], Executor] | None,
        work: Callable[[J], R],
        lost: Callable[[J, str], R],
    ) -> None:
        self.executor = executor
        self._renew = renew
        self._work = work
        self._result_of_lost = lost
        self._under_way: dict[Future[R], J] = {}
        self._lost: list[J] = []

    def close(self) -> None:
        """Wait for the jobs that were begun, and shut the executor down."""
        self._take_back()
        self.executor.shutdown(wait=True)

    def _take_back(self) -> None:
        for future in list(self._under_way):
            if future.cancel():
                del self._under_way[future]

    def fill(self, waiting: Iterator[J], window: int, stopped: bool) -> bool:
        """Submit jobs up to *window*, or cancel those not begun if *stopped*.

        Returns whether there are jobs whose result is not known yet.
        """
        if stopped:
            self._take_back()
        while not stopped and not self._lost and len(self._under_way) < window:
            job = next(waiting, None)
            if job is None:
                break
            self._submit(job)
        return bool(self._under_way or self._lost)

    def _submit(self, job: J) -> None:
        try:
            self._under_way[self.executor.submit(self._work, job)] = job
        except BrokenExecutor:
            self._lost.append(job)
        except OSError:  # no further process can be started
            self._renew = one_thread
            self._lost.append(job)

    def finished(self) -> Iterator[R]:
        """Wait for at least one job and yield the results; remember those lost in a crash."""
        if self._under_way:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._result(future)

    def _result(self, future: Future[R]) -> Iterator[R]:
        job = self._under_way.pop(future)
        try:
            yield future.result()
        except (BrokenExecutor, CancelledError):
            self._lost.append(job)
        except Exception as error:  # other executors raise exceptions of their own
            yield self._result_of_lost(job, f"{CRASHED}（{error}）")

    def repair(self, stopped: Callable[[], bool]) -> Iterator[R]:
        """After a crash, in which all submitted jobs are lost, do them one by one."""
        if not self._lost:
            return
        for future in list(self._under_way):
            yield from self._result(future)
        while self._lost and not stopped():
            yield self._try_alone(self._lost.pop(0))
        self._lost.clear()

    def _try_alone(self, job: J) -> R:
        if self._renew is None:
            return self._result_of_lost(job, CRASHED)
        for _ in range(2):  # the current executor may be the broken one
            try:
                return self.executor.submit(self._work, job).result()
            except (BrokenExecutor, CancelledError, OSError):
                self.executor.shutdown(wait=False)
                self.executor = self._renew()
        return self._result_of_lost(job, CRASHED)


_PACE_OVER = 50
_MOST_PROCESSES = 61 if sys.platform == "win32" else 1024  # Windows cannot wait for more
_TIMEOUT_SECONDS = 10


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_pool(jobs: int) -> Executor:
    """Return a pool of *jobs* worker processes, which are spawned on every system."""
    return ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
    )


def one_thread() -> Executor:
    """Return an executor with one thread, for machines where no worker process can start."""
    return ThreadPoolExecutor(1)


@contextlib.contextmanager
def _away() -> Iterator[None]:
    """Change the working folder to one of the program's.

    A Python process started with ``-c``, as workers are, imports modules from its working
    folder first, and the user's working folder may contain files from somebody else.
    """
    try:
        before = Path.cwd()
    except OSError:  # it was deleted
        before = None
    os.chdir(resource_folder("templates"))
    try:
        yield
    finally:
        if before is not None:
            os.chdir(before)


def _begin_worker() -> None:
    """Ignore Ctrl-C, which the parent handles, and end when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(500_000)  # see cli.main
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


class Pool(Struct, frozen=True):
    """An executor with its workers."""

    executor: Executor
    workers: int
    """The number of workers."""
    renew: Callable[[], Executor] | None = None
    """A function that returns a new executor when this one is broken; None if there is none."""


def _local_pool(jobs: int) -> Pool:
    try:
        return Pool(process_pool(jobs), jobs, lambda: process_pool(jobs))
    except (OSError, ImportError):
        return Pool(one_thread(), 1)


@contextlib.contextmanager
def open_pool(jobs: int, cluster: str | None = None) -> Iterator[Pool]:
    """Yield a pool of *jobs* local processes, or of the workers of the Dask *cluster*.

    If the machine has no shared memory (``/dev/shm``) for processes, a thread does the work.
    Within the context the working folder is one of the program's.  The workers of a cluster must
    have the report folders under the same paths.  Raises EnvironmentProblem if Dask is not
    installed or the cluster cannot be reached.
    """
    if cluster is None:
        with _away():
            yield _local_pool(max(1, min(jobs, _MOST_PROCESSES)))
        return
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise EnvironmentProblem(
            "--dask 需要 dask.distributed", '运行 pip install "dask[distributed]" 后再试'
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
    """Yield a function that returns whether Ctrl-C was pressed, for an orderly end.

    Pressing it a second time ends the program at once.
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


class Progress:
    """The progress with *total* reports; the rate is that of the last few dozen."""

    def __init__(self, total: int, now: float) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._times = deque([now], maxlen=_PACE_OVER + 1)

    def note(self, has_failed: bool, now: float) -> None:
        """Count a report that was done at *now* (seconds on any clock)."""
        self._done += 1
        self._failed += has_failed
        self._times.append(now)

    def text(self) -> str:
        """Return the progress as text: counts, rate and remaining time."""
        parts = [f"{self._done}/{self._total}"]
        if self._failed:
            parts.append(f"失败 {self._failed}")
        seconds = self._times[-1] - self._times[0]
        if seconds > 0:
            rate = (len(self._times) - 1) / seconds
            parts.append(f"每秒 {rate:.1f} 份")
            parts.append(f"还需 {duration((self._total - self._done) / rate)}")
        return "  ".join(parts)


def duration(seconds: float) -> str:
    """Return *seconds* as text; from one hour on, without seconds."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60} 分"
