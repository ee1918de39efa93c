"""A briefing from results to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from simulator.given import require, several
from simulator.report.briefing import briefing
from simulator.report.content import Briefing
from simulator.report.files import DOCUMENT, PAGE, WORKBOOK, put, suffixes
from simulator.report.html import page
from simulator.report.subject import Study, Subject, Told, subject
from simulator.report.verification import Check, verify
from simulator.report.word import document
from simulator.report.workbook import workbook
from simulator.result import Result
from simulator.store import versions
from simulator.studies.compare import Comparison
from simulator.studies.drivers import Drivers
from simulator.studies.latest import LatestDates
from simulator.studies.sweep import Sweep

TOLD: Final = (Result, Comparison, Drivers, Sweep, LatestDates)
WRITERS: Final[Mapping[str, Callable[[Briefing], bytes]]] = {PAGE: page, DOCUMENT: document, WORKBOOK: workbook}
"""What writes each kind of file, by suffix."""


@dataclass(frozen=True)
class Report:
    """A briefing that was written: its files, what was checked on the way, and what it says."""

    files: tuple[Path, ...]
    checks: tuple[Check, ...]
    briefing: Briefing

    @property
    def holds(self) -> bool:
        """Whether every check held."""
        return all(check.holds for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """The files and the checks, for JSON."""
        return {"files": list(map(str, self.files)), "checks": [asdict(check) for check in self.checks]}


def report(answers: Told | Sequence[Told], out: Path | str, xlsx: bool = False) -> Report:
    """Write a briefing about one or several results to ``out``, and return what was written.

    Answers of `drivers`, `sweep` and `latest` among them say what would change the answer.

    ``out`` is a file ending in .html, .docx or .xlsx, which is replaced, or a folder, which gets a web page and a Word
    document; with ``xlsx`` a workbook is written beside them. Results of the same futures are compared.

    Raises:
        StaggerError: there is nothing to report on, a library is missing, or the files cannot be written.
    """
    told = several(answers, TOLD)
    for each in told:
        require(each, TOLD, "a report needs results", "Give what run, compare or reopen returns, or a list.")
    found = [Study.of(each) for each in told if isinstance(each, Drivers | Sweep | LatestDates)]
    results = [each for each in told if isinstance(each, Result | Comparison)]
    return write(subject(results, studies=found), out, xlsx)


def write(about: Subject, out: Path | str, xlsx: bool = False) -> Report:
    """The same about a subject that was gathered already."""
    target = Path(out)
    wanted = suffixes(target, xlsx)
    checks = verify(about)
    whole = briefing(about, checks)
    files = put(target, {suffix: WRITERS[suffix](whole) for suffix in wanted}, _manifest(about))
    return Report(files, checks, whole)


def _manifest(about: Subject) -> dict[str, Any]:
    """What made the briefing, for the manifest of its folder."""
    return {
        "verb": "report",
        "scenarios": {key: world.scenario for key, world in about.worlds().items()},
        "schedules": [case.name for case in about.cases],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }
