"""Work that no person asks for: small jobs that run again and again.

Several processes may run the same jobs. What must happen once is settled in the database, by the
`machine_*` function a job calls; a job that finds nothing left to do has done its work.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from app.core.clock import Clock, SystemClock
from app.core.errors import AppError
from app.core.logs import Fingerprint, get_log, log_fault
from app.core.machine import MachineClient
from app.core.reseal import reseal
from app.core.seal import Seal

BEAT_SECONDS = 30.0
SWEEP_SECONDS = 3600.0
OPENINGS_SECONDS = 60.0
RESEAL_SECONDS = 3600.0
ALERTS_SECONDS = 15.0

Report = Callable[[Fingerprint], Awaitable[None]]


@dataclass(frozen=True)
class Job:
    """`run` is called every `every` seconds, never twice at the same time, and is ended after
    `longest` seconds. Runs that were missed are not made up for."""

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
    longest: float = 60.0


@dataclass
class _State:
    due: float
    runs: int = 0
    failures: int = 0
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Runner:
    """Runs jobs until it is stopped; a failing job is reported and comes again when it is due."""

    def __init__(
        self, jobs: Sequence[Job], *, report: Report | None = None, clock: Clock | None = None
    ) -> None:
        self._clock = clock or SystemClock()
        self._report = report
        self._jobs = tuple(jobs)
        now = self._clock.monotonic()
        self._states = {job.name: _State(due=now) for job in self._jobs}
        if len(self._states) != len(self._jobs):
            raise ValueError("two jobs with one name")

    def start(self) -> None:
        """Begins in the background; every job runs at once for the first time."""
        for job in self._jobs:
            state = self._states[job.name]
            state.due = self._clock.monotonic()
            state.task = asyncio.create_task(self._repeat(job, state), name=f"job {job.name}")

    async def stop(self) -> None:
        """Ends all jobs, also those in the middle of a run."""
        tasks = [state.task for state in self._states.values() if state.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def lag(self) -> float:
        """Seconds by which the latest job is late; 0 when all are in time."""
        now = self._clock.monotonic()
        return max([0.0, *(now - state.due for state in self._states.values())])

    def runs(self, name: str) -> tuple[int, int]:
        """(finished runs, failed runs) of a job since the start."""
        state = self._states[name]
        return state.runs, state.failures

    async def _repeat(self, job: Job, state: _State) -> None:
        while True:
            await self._clock.sleep(max(0.0, state.due - self._clock.monotonic()))
            began = self._clock.monotonic()
            missed = int((began - state.due) // job.every)
            state.due += job.every * (missed + 1)
            try:
                async with asyncio.timeout(job.longest):
                    await job.run()
                state.runs += 1
            except Exception as error:
                state.failures += 1
                await self._tell(log_fault("job_failed", error, job=job.name))
            seconds = self._clock.monotonic() - began
            get_log().debug("job_ended", job=job.name, seconds=round(seconds, 3))

    async def _tell(self, mark: Fingerprint) -> None:
        if self._report is None:
            return
        try:
            await self._report(mark)
        except AppError as error:
            # The log has it; the table of errors is for when the database can be reached.
            get_log().warning("job_not_reported", code=error.code)


def core_jobs(machine: MachineClient, seal: Seal) -> list[Job]:
    """The jobs that every installation needs, done as the machine account `jobs`.

    What another key than the first of `seal` has sealed is sealed anew.
    """

    async def beat() -> None:
        await machine.db.rpc("machine_beat")

    async def sweep() -> None:
        await machine.db.rpc("machine_sweep")

    async def openings() -> None:
        await machine.db.rpc("machine_openings")

    async def forget() -> None:
        forgotten = 1
        while forgotten:
            forgotten = await machine.db.rpc("machine_forget_messages")

    async def new_key() -> None:
        moved = await reseal(machine.db, seal, seal.old_keys)
        if moved.done:
            get_log().info("texts_resealed", count=moved.done)
        if moved.broken:
            get_log().error("texts_unreadable", count=moved.broken)

    async def alerts() -> None:
        await machine.db.rpc("machine_alerts")

    return [
        Job("beat", BEAT_SECONDS, beat),
        Job("sweep", SWEEP_SECONDS, sweep),
        Job("openings", OPENINGS_SECONDS, openings),
        Job("forget", SWEEP_SECONDS, forget, longest=SWEEP_SECONDS),
        Job("reseal", RESEAL_SECONDS, new_key, longest=RESEAL_SECONDS),
        Job("alerts", ALERTS_SECONDS, alerts),
    ]
