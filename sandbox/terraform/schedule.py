"""
The order of the stacks: dependencies first, the others side by side.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from ..errors import StackFailure, StepFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .sandbox_estate import SandboxEstate
    from .sandbox_stack import SandboxStack


def run_in_order(
    step: str,
    estate: SandboxEstate,
    work: Callable[[SandboxStack], None],
    *,
    lanes: int,
    backwards: bool = False,
) -> None:
    """
    Run *work* for every stack, as many at once as there are lanes.

    A stack that fails keeps those that depend on it from running, and no others. The step then
    raises with everything that failed. On Ctrl-C it returns at once; the owner of the processes
    ends them.
    """
    pool = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix=f"sandbox-{step}")
    try:
        failures, skipped = _run(pool, _graph(estate, backwards=backwards), estate, work)
    finally:
        # On Ctrl-C the threads wait for Terraform, and the owner of the processes ends it.
        pool.shutdown(wait=False, cancel_futures=True)
    if failures:
        raise StepFailed(step, failures, sorted(skipped))


def _graph(estate: SandboxEstate, *, backwards: bool) -> dict[str, set[str]]:
    """
    Return the stacks that have to run before each stack, among those that run at all.
    """
    known = estate.stacks
    before = {
        stack.name: {name for name in stack.dependencies if name in known} for stack in estate
    }
    if not backwards:
        return before
    return {name: {other for other in known if name in before[other]} for name in known}


def _run(
    pool: ThreadPoolExecutor,
    graph: Mapping[str, set[str]],
    estate: SandboxEstate,
    work: Callable[[SandboxStack], None],
) -> tuple[list[StackFailure], set[str]]:
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    running: dict[Future[None], str] = {}
    failures: list[StackFailure] = []
    failed: set[str] = set()
    while sorter.is_active():
        for name in sorter.get_ready():
            # A stack that is skipped counts as failed, so that those after it are skipped too.
            if graph[name] & failed:
                failed.add(name)
                sorter.done(name)
            else:
                running[pool.submit(work, estate.stacks[name])] = name
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name = running.pop(future)
            found = _failures(future)
            failures.extend(found)
            failed.update([name] if found else [])
            sorter.done(name)
    return failures, failed - {failure.stack for failure in failures}


def _failures(future: Future[None]) -> tuple[StackFailure, ...]:
    """
    Return what a stack failed with; anything but a failed stack is raised here.
    """
    try:
        future.result()
    except StepFailed as error:
        return error.failures
    return ()
