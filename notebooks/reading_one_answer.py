# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Reading one answer
#
# Two clusters, one framework with a single slot, everything certain: the scenario that can be checked
# by hand. Then the real case, where nothing is certain.

# %%
from pathlib import Path

import simulator as sg

folder = Path(__file__).parent.parent / "scenarios" if "__file__" in globals() else Path("../scenarios")
small = sg.load(folder / "two-clusters.yaml")
print("schedules:", ", ".join(small.schedules))

# %% [markdown]
# A scenario and one schedule compile to a network of activities; the draws say how long everything
# takes; an engine turns both into a timeline. Every day can be read off it.

# %%
network = sg.compile(small)
draws = sg.draw(small, replications=1)
timeline = sg.simulate(network, draws, engine="events")
for name, asked, granted, finished in zip(
    timeline.activities, timeline.asked[:, 0], timeline.granted[:, 0], timeline.finished[:, 0], strict=True
):
    print(f"{name:45} asked {asked:5}  granted {granted:5}  finished {finished:5}")

# %% [markdown]
# The other engine gives the same days, only faster.

# %%
assert (sg.simulate(network, draws, engine="batch").finished == timeline.finished).all()

# %% [markdown]
# Now the five clusters of the UK's shared services as they were known in November 2022, in a thousand
# futures. The answer comes first, in one sentence.

# %%
real = sg.load(folder / "shared-services-2022.yaml")
result = sg.run(real, replications=1000, seed=7)
print(result)

# %% [markdown]
# Where does the time go? The parts of each cluster add up to the days from its scheduled date to go-live.

# %%
for name, cluster in result.summary()["clusters"].items():
    parts = {part: days for part, days in cluster["time"].items() if isinstance(days, (int, float)) and days >= 30}
    print(name, {part: round(days) for part, days in sorted(parts.items(), key=lambda item: -item[1])})

# %% [markdown]
# One future, as a picture.

# %%
axes = result.plot.gantt()
