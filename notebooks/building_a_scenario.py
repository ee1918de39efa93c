# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---
# %% [markdown]
# # Building a scenario from nothing
#
# A scenario is one YAML file. We begin with the least that can be simulated, look at the answer, and add one thing of
# the world at a time. After each step the answer says what that thing does.

# %%
import simulator as sg

BARE = """
scenario: two councils
start: 2026-01-01
horizon: 2031-12-31
deadline: 2028-12-31
route:
  - stage: tender
    go_to_market: true
    duration: {lognormal: {median: 8mo, p90: 14mo}}
  - stage: build
    duration: {lognormal: {median: 14mo, p90: 24mo}}
clusters:
  Eastham: {}
  Westham: {}
schedules:
  both now: {all: 2026-04-01}
  one by one: {Eastham: 2026-04-01, Westham: 2027-01-01}
"""


def chances(scenario: sg.Scenario) -> dict[str, float]:
    """The chance that both are live by the deadline, by schedule."""
    found = {name: sg.run(scenario, name, replications=2000, seed=3).summary() for name in scenario.schedules}
    return {name: round(summary["programme"]["on_time"]["p"], 3) for name, summary in found.items()}


councils = sg.parse(BARE)
print(chances(councils))

# %% [markdown]
# Nobody gets into anybody's way yet, so whoever goes later is later. Now they share a framework with room for one.

# %%
framework = {"capacity": 1, "source": "the framework's manager, by telephone", "quality": "inferred"}
councils = sg.change(councils, {"resources": {"framework": framework}, "route.tender.holds": {"framework": 1}})
print(chances(councils))

# %% [markdown]
# The second waits in line when both go now; with dates nine months apart it hardly waits. But waiting in line costs
# nothing so far. Add the committee that every tender must pass, a risk, and the old system that will not wait.

# %%
councils = sg.change(
    councils,
    {
        "boards": {"committee": {"meets": {"every": "1mo", "from": "2026-01-13"}, "seats": 1}},
        "route.tender.board": {"name": "committee", "pass": "80%", "rework": "6w"},
        "risks": {
            "legal challenge": {"probability": "15%", "delays": {"tender": {"triangular": ["2mo", "4mo", "8mo"]}}}
        },
        "legacy": {
            "old ledger": {
                "used_by": ["Eastham", "Westham"],
                "end_of_support": "2028-06-30",
                "failures": {"supported": "0.1/y", "unsupported": "0.5/y", "growth": "30%"},
                "failure": {"cost": 0.4, "disrupts": "3w"},
            }
        },
    },
)
print(chances(councils))

# %% [markdown]
# A file with a mistake is refused, with everything that is wrong with it and what would be right.

# %%
try:
    sg.parse(BARE.replace("go_to_market", "go_to_markt").replace("14mo", "14"))
except sg.ScenarioError as error:
    print(error)

# %% [markdown]
# What did we assume? Every input is in the register, with who said so; most have nobody behind them, and the report
# says that too.

# %%
for assumption in sg.register(councils):
    if assumption.path.startswith(("resources", "risks")):
        print(f"{assumption.path} = {assumption.value} by {assumption.source or 'nobody'}")

# %% [markdown]
# And the question itself: how late may each go?

# %%
print(sg.latest(councils, "60%", replications=500, seed=3))
