# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---
# %% [markdown]
# # What the engines do at one instant
#
# Time is whole days, so things happen on the same day all the time, and who is first decides who waits. The rules
# are in `simulator.engines`, numbered; here is one crowded day, looked at from all sides.
#
# Three clusters want the one slot of a framework. Ash holds it. Birch has been in line for longest; Cedar comes later
# but has the better priority. A board with one seat meets on the very day on which Ash's case is ready.

# %%
from datetime import timedelta

import numpy as np
from matplotlib.figure import Figure

import simulator as sg

CROWDED = """
scenario: one crowded day
start: 2026-01-01
horizon: 2026-12-31
resources: {framework: {capacity: 1}}
boards: {board: {meets: {dates: [2026-03-02, 2026-04-01, 2026-05-01]}, seats: 1}}
route:
  - stage: tender
    go_to_market: true
    holds: {framework: 1}
    duration: 60d
    board: {name: board}
  - stage: build
    duration: 30d
clusters:
  Ash: {}
  Birch: {priority: 2, stages: {tender: {duration: 25d}}}
  Cedar: {priority: 1, stages: {tender: {duration: 0d}}}
schedules:
  as planned: {Ash: 2026-01-01, Birch: 2026-01-15, Cedar: 2026-03-02}
"""
scenario = sg.parse(CROWDED)
network, draws = sg.compile(scenario), sg.draw(scenario, replications=1)
timeline = sg.simulate(network, draws, engine="events")

# %% [markdown]
# Day 60 is 2 March 2026. Everything that happens on it, in the order of the model: Ash's work ends and its case stands
# before the board (happenings, 9); the board hears it and has no seat left (10); Ash's finish takes effect at once and
# the slot is free (12); Cedar, whose date it is, asks on this same day and is granted before Birch, which has
# waited for 46 days, since its priority is better (11). Cedar's work has no length, so it ends in the next round
# (12), and its case comes to the board on a day whose only seat is taken: it will be heard on 1 April.

# %%
crowded = 60
assert scenario.start + timedelta(days=crowded) == scenario.start.replace(month=3, day=2)
columns = ("asked", "granted", "started", "worked", "finished")
print(f"{'':14}", *(f"{name:>9}" for name in columns))
for a, name in enumerate(timeline.activities):
    print(f"{name:14}", *(f"{int(getattr(timeline, column)[a, 0]):9}" for column in columns))

days = {name: a for a, name in enumerate(timeline.activities)}
ash, birch, cedar = (days[f"{name}/tender"] for name in ("Ash", "Birch", "Cedar"))
assert timeline.worked[ash, 0] == timeline.finished[ash, 0] == crowded
assert timeline.granted[cedar, 0] == timeline.worked[cedar, 0] == crowded
assert timeline.finished[cedar, 0] == timeline.granted[birch, 0] == 90

# %% [markdown]
# The same as a picture: thin while in line, thick while the slot is held. At no instant are there two thick lines.

# %%
figure = Figure(figsize=(8, 2.4), layout="constrained")
axes = figure.add_subplot()
for row, a in enumerate((ash, birch, cedar)):
    asked, granted, worked, finished = (
        int(getattr(timeline, name)[a, 0]) for name in ("asked", "granted", "worked", "finished")
    )
    axes.plot([asked, granted], [row, row], color="#999999", linewidth=2)
    axes.plot([granted, worked], [row, row], color="#0072B2", linewidth=9, solid_capstyle="butt")
    axes.plot([worked, finished], [row, row], color="#56B4E9", linewidth=9, solid_capstyle="butt")
axes.axvline(crowded, color="black", linewidth=0.8, linestyle="--")
axes.set_yticks(range(3), ["Ash", "Birch", "Cedar"])
axes.invert_yaxis()
axes.set_xlabel("days since 1 January 2026; dashed: the crowded day; pale: waiting to be heard")
figure  # noqa: B018 - a notebook shows what its cell ends with

# %% [markdown]
# Two engines keep these rules: SimPy processes that one can read, and a compiled loop that is fast. They must agree on
# every day of every activity, ties included. A tie resolved by the order of events in memory, as a plain priority queue
# does it, would differ exactly here.

# %%
batch = sg.simulate(network, draws, engine="batch")
for name in columns:
    assert np.array_equal(getattr(timeline, name), getattr(batch, name)), name
print("the two engines agree on all", len(columns) * len(timeline.activities), "days")

# %% [markdown]
# If the board had two seats, Cedar would be heard on the same day, the slot would change hands a third time, and Birch
# would begin its tender before the day is over: three rounds in one day.

# %%
two_seats = sg.change(scenario, {"boards.board.seats": 2})
timeline = sg.simulate(sg.compile(two_seats), draws, engine="events")
assert timeline.finished[cedar, 0] == timeline.granted[birch, 0] == crowded
print("with two seats Birch is granted on day", int(timeline.granted[birch, 0]))
