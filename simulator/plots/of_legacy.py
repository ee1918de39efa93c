"""What figures of a result say of its legacy systems: how long they are used, and how long without support."""

from __future__ import annotations

from simulator.analysis.bands import Band
from simulator.analysis.estimate import rank
from simulator.analysis.reductions import Days, Share
from simulator.days import NEVER
from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.gantt import support_spans
from simulator.plots.gantt_bands import Row
from simulator.plots.tables import band_of, chance, some, source_of
from simulator.plots.unsupported import Exposure, unsupported
from simulator.result import Futures, Result
from simulator.scenario.support import ending
from simulator.words.bands import Outlived
from simulator.words.live import Kept
from simulator.words.risk import exposure_alt, exposure_finding
from simulator.words.said import NOT_APPLICABLE
from simulator.words.said import name as named


def system_rows(result: Result) -> list[Row]:
    """Legacy systems that anyone uses, until when, and until when they are supported."""
    inputs, rows = result.sample.inputs, []
    for row, terms in enumerate(result.model.network.legacy):
        retired: Days = result.tally["legacy", terms.name, "retired"]
        if retired.at(retired.size) > 0:
            extended = chance(result.tally["legacy", terms.name, "extended"]) > 0
            rows.append(
                Row(
                    terms.name,
                    Band(0, 0, 0),
                    band_of(retired),
                    Band.of(inputs.end_of_support[row]),
                    NEVER if terms.contract_end is None else terms.contract_end,
                    NEVER if terms.extended_until is None or not extended else terms.extended_until,
                    is_legacy=True,
                )
            )
    return rows


def outlived(result: Result) -> list[Outlived]:
    """The chance of each legacy system whose support ends to be used past that, and without any."""
    found = []
    for name in ending(result.scenario):
        past: Share = result.tally["legacy", name, "in_use_past_end_of_support"]
        found.append(Outlived(name, chance(past), some(result.tally["legacy", name, "unsupported_days"])))
    return found


def kept(futures: Futures) -> list[Kept]:
    """How long each legacy system is used after its end of support in the first of some futures."""
    found = []
    for system, terms in enumerate(futures.timeline.network.legacy):
        days = {kind: stops - begins for begins, stops, kind in support_spans(futures, system)}
        found.append(Kept(terms.name, days.get("extended", 0), days.get("unsupported", 0)))
    return found


def exposures(result: Result) -> Illustration:
    """How long each legacy system is used without support."""
    systems, cut, ends = [], False, ending(result.scenario)
    for name in ends:
        days: Days = result.tally["legacy", name, "unsupported_days"]
        retired: Days = result.tally["legacy", name, "retired"]
        p10, p50, p90 = (days.at(rank(p, days.size)) for p in (0.1, 0.5, 0.9))
        systems.append(Exposure(name, some(days), p10, p50, p90))
        cut |= retired.never > 0
    systems.sort(key=lambda each: (-each.any, -each.p50))
    told = [(each.name, each.any, each.p50, each.p90) for each in systems]
    always = [name for name in result.scenario.legacy if name not in ends]
    rows: list[tuple[Cell, ...]] = [(named(each.name), each.any, each.p10, each.p50, each.p90) for each in systems]
    rows += [(named(name), *[NOT_APPLICABLE] * 4) for name in always]
    return Illustration(
        name="unsupported",
        finding=exposure_finding(told, cut),
        alt=exposure_alt(told, cut, always),
        table=Table(
            ("legacy system", "any day without support", "P10", "P50", "P90"),
            ("text", "share", "days", "days", "days"),
            tuple(rows),
        ),
        source=source_of(result),
        draw=lambda ax: unsupported(systems, ax, always),
    )
