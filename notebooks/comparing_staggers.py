# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---
# %% [markdown]
# # Comparing staggers
#
# Which schedule is better, and are we sure? Twelve hospital trusts buy patient records through one framework.
# Their schedules meet the same futures, so that what differs between two answers is the schedule and not luck.

# %%
from pathlib import Path

import simulator as sg

folder = Path(__file__).parent.parent / "scenarios" if "__file__" in globals() else Path("../scenarios")
trusts = sg.load(folder / "nhs-patient-records.yaml")
comparison = sg.compare(trusts, replications=2000, seed=11)
print(comparison)

# %% [markdown]
# Every pair has a difference with an interval, the chance that one beats the other in the same future, and a verdict.
# Verdicts are corrected for the number of pairs and measures, so some say "cannot tell".

# %%
for pair in comparison.pairs:
    if pair.measure == "on_time":
        low, high = pair.interval
        print(f"{pair.a} less {pair.b}: {pair.difference:+.1%} on time ({low:+.1%} to {high:+.1%}): {pair.verdict}")

# %% [markdown]
# Had each schedule met futures of its own, the same number of futures would have told much less. This is the share of
# the variance that the common futures took away.

# %%
for pair in comparison.pairs:
    if pair.measure == "unsupported_days" and pair.variance_removed is not None:
        print(f"{pair.a} and {pair.b}: {pair.variance_removed:.0%} of the variance of the difference is gone")

# %% [markdown]
# Where does the difference come from? The days that clusters take, part by part; the parts add up to the whole.

# %%
for difference in comparison.time:
    print(difference.words)

# %% [markdown]
# A stagger has a spacing, and the spacing is a number in the file. What if it were another? Every point of a sweep
# meets the same futures too.

# %%
rule = next(name for name, item in trusts.written.tree.get("schedules").items() if item.get("every"))
spacings = sg.sweep(trusts, f"schedules.{rule}.every=0mo..6mo:2mo", replications=500, seed=11)
for row in spacings.rows():
    print({key: row[key] for key in (f"schedules.{rule}.every", "on_time", "p80", "unsupported_days")})

# %% [markdown]
# More room in the framework should help everybody, and on average it does. In a single future it may not: with one
# slot more, somebody overtakes and takes the team that another would have had (R. L. Graham, 1966). So count
# futures, and do not argue from one.

# %%
wider = sg.change(trusts, {"resources.records framework.capacity": 5})
first = next(iter(trusts.schedules))
before, after = (sg.run(world, first, replications=2000, seed=11) for world in (trusts, wider))
print(f"with a fifth slot from the start, {(after.finish < before.finish).mean():.1%} of futures are done earlier,")
print(f"and {(after.finish > before.finish).mean():.1%} of them later")
