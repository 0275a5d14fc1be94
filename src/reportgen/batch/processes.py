"""Where the reports of a batch are built: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor

from msgspec import Struct

from reportgen.problems import EnvironmentProblem

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


@contextlib.contextmanager
def open_pool(jobs: int, cluster: str | None = None) -> Iterator[Pool]:
    """Yield *jobs* processes of this machine, or the workers of the Dask *cluster*.

    The workers of a cluster must see the report folders under the same paths.  Raises
    EnvironmentProblem when Dask is not installed or the cluster does not answer.
    """
    if cluster is None:
        jobs = max(1, min(jobs, _MOST_PROCESSES))
        yield Pool(process_pool(jobs), jobs, lambda: process_pool(jobs))
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
