"""590 project networks that nobody here made (PSPLIB j30 and Patterson), each job a cluster of one stage.

Serving jobs in line makes a feasible schedule, so no makespan may lie below the proven optimum.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import simulator as sg
from simulator.timeline import Timeline

DATA = Path(__file__).parent / "data" / "psplib"
PARTS = 24
"""The instances are checked in so many tests, so that both cores have work."""


@dataclass(frozen=True)
class Instance:
    """A project: jobs counted from 0."""

    name: str
    lengths: list[int]
    demands: list[list[int]]
    followers: list[list[int]]
    capacity: list[int]


def numbers(text: str, title: str, end: str) -> list[list[int]]:
    """The rows of numbers between a line that begins with a title and the next line that begins with `end`."""
    body = text.split(title, 1)[1].split(end, 1)[0]
    return [[int(value) for value in line.split()] for line in body.splitlines() if re.fullmatch(r"[\d\s]*\d\s*", line)]


def instance(name: str, text: str) -> Instance:
    """Read the `.sm` format (Kolisch and Sprecher, EJOR 96, 1997)."""
    precedence = numbers(text, "PRECEDENCE RELATIONS:", "*****")
    requests = numbers(text, "REQUESTS/DURATIONS:", "RESOURCEAVAIL")
    (capacity,) = numbers(text, "RESOURCEAVAILABILITIES:", "*****")
    return Instance(
        name,
        lengths=[row[2] for row in requests],
        demands=[row[3:] for row in requests],
        followers=[[job - 1 for job in row[3:]] for row in precedence],
        capacity=capacity,
    )


def older_instance(name: str, text: str) -> Instance:
    """Read Patterson's format: jobs and resources, capacities, then of each job length, demands and followers."""
    values = iter([int(value) for value in text.split()])
    jobs, resources = next(values), next(values)
    capacity = [next(values) for _ in range(resources)]
    lengths, demands, followers = [], [], []
    for _ in range(jobs):
        lengths.append(next(values))
        demands.append([next(values) for _ in range(resources)])
        followers.append([next(values) - 1 for _ in range(next(values))])
    assert next(values, None) is None, name
    return Instance(name, lengths, demands, followers, capacity)


def instances(part: int) -> list[Instance]:
    found = []
    for file, read in (("j30.zip", instance), ("patterson.zip", older_instance)):
        with zipfile.ZipFile(DATA / file) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith((".sm", ".rcp")))[part::PARTS]
            found += [read(Path(name).stem, archive.read(name).decode("ascii")) for name in names]
    return found


def optima() -> dict[str, int]:
    with (DATA / "best_known.csv").open() as lines:
        return {row["instance"]: int(row["best_lb"]) for row in csv.DictReader(lines)}


def scenario(project: Instance) -> sg.Scenario:
    """The project, each job a cluster that takes a route of its own."""
    jobs = range(len(project.lengths))
    before = {job: [b for b in jobs if job in project.followers[b]] for job in jobs}
    data = {
        "scenario": project.name,
        "start": "2025-01-01",
        "horizon": "2030-01-01",
        "resources": {f"R{r}": {"capacity": units} for r, units in enumerate(project.capacity)},
        "routes": {
            f"route {job}": [
                {
                    "stage": "work",
                    "duration": f"{project.lengths[job]}d",
                    "holds": {f"R{r}": units for r, units in enumerate(project.demands[job]) if units},
                }
            ]
            for job in jobs
        },
        "clusters": {
            f"job {job}": {"route": f"route {job}", "after": {"work": [f"job {b}/work" for b in before[job]]}}
            for job in jobs
        },
    }
    return sg.parse(json.dumps(data))


def play(project: Instance) -> Timeline:
    """Its timeline, the same by both engines."""
    case = scenario(project)
    network, draws = sg.compile(case), sg.draw(case, replications=1)
    batch, events = (sg.simulate(network, draws, engine=engine) for engine in ("batch", "events"))
    for array in Timeline.arrays():
        np.testing.assert_array_equal(getattr(batch, array), getattr(events, array), err_msg=f"{project.name}: {array}")
    return batch


@pytest.mark.parametrize("part", range(PARTS))
def test_projects(part: int) -> None:
    best = optima()
    for project in instances(part):
        timeline = play(project)
        begins, ends = timeline.started[:, 0], timeline.finished[:, 0]
        assert ends.max() >= best[project.name], project.name
        for job, followers in enumerate(project.followers):
            assert all(begins[after] >= ends[job] for after in followers), project.name
        days = np.arange(ends.max())[:, None]
        under_way = (begins <= days) & (days < ends)
        assert (under_way @ np.array(project.demands) <= project.capacity).all(), project.name


def test_all_projects_are_there() -> None:
    assert sum(len(instances(part)) for part in range(PARTS)) == len(optima()) == 480 + 110


def test_an_optimum_is_reached_somewhere() -> None:
    # Without scarcity the line reaches the optimum, so the bound above is not met by being slow.
    best = optima()
    reached = [play(p).finished.max() == best[p.name] for p in instances(0)]
    assert any(reached)
