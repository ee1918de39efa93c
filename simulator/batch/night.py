"""The batch itself: what is there and whole is taken, what is not is simulated, and one table says it all."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.batch.files import Files, Problem, find_files
from simulator.batch.plan import Plan, Settings, asked_for, read
from simulator.batch.pruning import Pruning, total
from simulator.batch.simulating import Planned
from simulator.batch.standing import Progress, Standing
from simulator.batch.table import NOT_RUN, REFUSED, as_csv, as_parquet, rows_of
from simulator.batch.work import Work
from simulator.errors import StaggerError
from simulator.interrupts import Interrupts
from simulator.store.leftover import Leftover, leftovers
from simulator.store.runs import Row, Runs
from simulator.wording import count
from simulator.workers import Asked, Workers, asked, near

if TYPE_CHECKING:
    import pandas as pd

TABLE: Final = "results.parquet"
CSV: Final = "results.csv"


@dataclass(frozen=True)
class Batch:
    """What a batch came to; made by `batch`."""

    folder: Path
    paths: tuple[str, ...]
    """What was varied."""
    files: int
    table: tuple[Row, ...] = field(repr=False)
    """A row per file, variation, schedule and cluster, one for each programme, and one for each problem."""
    failed: tuple[Problem, ...]
    notes: tuple[str, ...]
    simulated: int
    reused: int
    """Runs that were there already, whole."""
    pruned: tuple[Leftover, ...] = ()
    """Runs that are none of this call's, which were there and are removed."""

    @property
    def runs(self) -> int:
        """How many different runs there are."""
        return self.simulated + self.reused

    def __str__(self) -> str:
        done = f"{count(self.simulated, 'run')} simulated" if self.simulated else "nothing to simulate"
        there = f", {self.reused:,} there already" if self.reused else ""
        failed = f" {count(len(self.failed), 'thing')} did not run." if self.failed else ""
        pruned = f" {count(len(self.pruned), 'run')} pruned ({total(self.pruned)})." if self.pruned else ""
        return f"{count(self.files, 'file')}: {done}{there}.{pruned}{failed}"

    def summary(self) -> dict[str, Any]:
        """The document of `batch --json`."""
        return {
            "folder": str(self.folder),
            "files": self.files,
            "runs": self.runs,
            "simulated": self.simulated,
            "reused": self.reused,
            "failed": [problem.as_row(self.paths) for problem in self.failed],
            "notes": list(self.notes),
            "pruned": [each.as_row() for each in self.pruned],
            "table": list(self.table),
        }

    def to_pandas(self) -> pd.DataFrame:
        """The table, as it is in `results.parquet`."""
        from pyarrow import parquet

        return parquet.read_table(self.folder / TABLE).to_pandas()


def batch(
    paths: Path | str | Sequence[Path | str],
    out: Path | str,
    schedules: str | Sequence[str] | None = None,
    vary: str | Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    figures: bool = False,
    verify: bool = False,
    outside: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
    command: str = "simulator.batch",
) -> Batch:
    """Every schedule of every file that the paths lead to, each run in a folder of its own in ``out``, and one table.

    Paths are files, folders or patterns. With ``vary`` as in `sweep`, every file is run with every combination of
    values. Runs that are there and whole are not done again; ``verify`` has every byte of them looked at. ``outside``
    lets files name others outside their folder. What is wrong with a file is in the answer's ``failed``, and the rest
    goes on. Where the work is stopped before its end, the table says which runs were not done. ``prune`` removes runs
    that lie in ``out`` and are none of the table's, if all that was asked for ran and no file was passed over; what
    else lies there stays.

    Raises:
        StaggerError: there is no file, an option is wrong, ``out`` cannot be written or another batch is at work there.
    """
    settings = Settings.of(replications, seed, sampling, engine, schedules, vary, figures, outside)
    files = find_files(paths, out)
    workers = asked(workers)
    with Interrupts() as interrupts, Runs(out, verify) as store:
        if prune and not store.sure:
            raise StaggerError(f"{store.root} must have locks for its runs to be pruned (its file system has none).")
        store.log({"begins": _now(), "command": command})
        heard = _heard(progress, interrupts)
        plan = _planned(store, files, settings, workers, heard)
        work = Work(store, plan, settings, workers, heard)
        reused = _simulate_missing(work, interrupts)
        order = list(_order(work))
        table = tuple(_table(order, settings.variations.paths))
        _publish(store, table, settings.variations.paths)
        failed = tuple(each for each in order if isinstance(each, Problem))
        pruning = Pruning.of(list(leftovers(store.root / "runs", asked_for(plan))), prune, failed, files.passed)
        pruned = _pruned(store, pruning.runs, interrupts)
        store.log({"ends": _now(), "simulated": work.simulated, "reused": reused, "failed": len(failed)})
    return Batch(
        folder=store.root,
        paths=settings.variations.paths,
        files=len(files.names),
        table=table,
        failed=failed,
        notes=(*files.notes, *plan.notes, *pruning.notes),
        simulated=work.simulated,
        reused=reused,
        pruned=pruned,
    )


def _heard(progress: Progress | None, interrupts: Interrupts) -> Progress:
    """Who is told how far the batch has come; if it should have stopped before, it stops there."""

    def heard(standing: Standing) -> None:
        interrupts.look()
        if progress is not None:
            progress(standing)

    return heard


def _planned(store: Runs, files: Files, settings: Settings, workers: Asked, heard: Progress) -> Plan:
    """What the files ask for, and what is wrong with the others."""
    meanwhile = settings.get_ready if near(workers) == workers else None
    with Workers(near(workers), "events", apart=True) as crew:
        plan = read(files.names, settings, store.memory, crew, heard, meanwhile)
    store.remember()
    for problem in files.problems:
        plan.refuse(problem)
    return plan


def _pruned(store: Runs, runs: Sequence[Leftover], interrupts: Interrupts) -> tuple[Leftover, ...]:
    """Remove runs until somebody wants an end of it; which were removed."""
    if not runs:
        return ()
    store.log({"prunes": [each.key.name for each in runs]})
    gone: list[Leftover] = []
    for each in runs:
        if interrupts.pressed:
            break
        store.prune(each.key.name)
        gone.append(each)
    store.memory.forget({each.key.name for each in gone})
    return tuple(gone)


def _simulate_missing(work: Work, interrupts: Interrupts) -> int:
    """Simulate what is not there; how many were. However it ends, its table is not to be interrupted."""
    different: dict[str, Planned] = {}
    for planned in work.plan.runs:
        different.setdefault(planned.key.name, planned)  # files that say the same are one run, the first's
    missing = [each for each in different.values() if not work.store.whole(each.key, work.settings.figures)]
    try:
        work.do(missing)
        interrupts.hold()
    except BaseException:
        interrupts.hold()
        with suppress(Exception):  # what stopped the work may keep a table from being written, and is what is told
            _publish_what_is_done(work, missing)
        raise
    return len(different) - len(missing)


def _publish_what_is_done(work: Work, missing: Sequence[Planned]) -> None:
    """The table of work that was stopped: runs that are not in the store are said not to have run."""
    left = {each.key.name for each in missing if not work.store.whole(each.key, work.settings.figures)}
    table = tuple(_table(list(_order(work, left)), work.settings.variations.paths))
    _publish(work.store, table, work.settings.variations.paths)


@dataclass(frozen=True)
class _Told:
    """A run with its rows; None where it is not done yet."""

    planned: Planned
    rows: Sequence[Row] | None


def _order(work: Work, left: Container[str] = ()) -> Iterator[_Told | Problem]:
    """What ran and what did not, in the order of the table; ``left`` are the names of runs that are not done yet."""
    for each in work.plan.order:
        yield each if isinstance(each, Problem) else _told(work, each, left)


def _told(work: Work, planned: Planned, left: Container[str]) -> _Told | Problem:
    reason = work.failed.get(planned.key.name)
    try:
        if reason is None:
            done = planned.key.name not in left
            return _Told(planned, work.store.rows(planned.key, rows_of) if done else None)
    except StaggerError as error:
        reason = str(error)
    return Problem(planned.world.file, reason, planned.world.values, planned.schedule)


def _table(order: Sequence[_Told | Problem], paths: Sequence[str]) -> Iterator[Row]:
    """The rows of all in order; ``paths`` are what was varied."""
    for each in order:
        if isinstance(each, Problem):
            yield {**each.as_row(paths), "status": REFUSED}
        elif each.rows is None:
            yield {**each.planned.as_row(paths), "run": None, "status": NOT_RUN}
        else:
            about = each.planned.as_row(paths)
            yield from ({**about, **row} for row in each.rows)


def _publish(store: Runs, table: Sequence[Row], paths: Sequence[str]) -> None:
    """Write the table, unless it is there; a Parquet file costs more to make than to leave."""
    csv = as_csv(table, paths)
    sha256 = hashlib.sha256(csv).hexdigest()
    there = (store.root / TABLE).is_file() and store.memory.knows(TABLE, store.root / TABLE, sha256)
    store.publish({CSV: csv} if there else {CSV: csv, TABLE: as_parquet(table, paths)})
    if not there:
        store.memory.note(TABLE, store.root / TABLE, sha256)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
