"""Scenarios of any size, as text: one route, and supply that grows with the clusters."""

from __future__ import annotations

from typing import Final

DEPARTMENTS: Final = 3
DATES: Final = ("2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01")
"""When clusters go to market, in turn: the load per unit of supply is the same at any size."""

HEAD: Final = """\
scenario: {clusters} clusters, generated
start: 2022-12-01
horizon: 2042-12-31
deadline: 2030-12-31
money: {{unit: £m, price_base: 2022-12, discount_rate: 3.5%}}

resources:
  framework: {{capacity: {framework}}}
  control team: {{capacity: {control}}}
  integrators: {{capacity: {integrators}}}
  cutover crews: {{capacity: {crews}}}

budgets:
  funding:
    - {{arrives: 2022-12-01, amount: {first}}}
    - {{arrives: {{triangular: [2024-04-01, 2025-04-01, 2026-04-01]}}, amount: {second}}}

boards:
  investment committee: {{meets: {{every: 1mo, from: 2022-12-06}}}}
  spend controls: {{meets: {{every: 1mo, from: 2022-12-13}}, seats: {seats}}}
  Treasury approval: {{meets: {{every: 1mo, from: 2022-12-20}}, seats: {seats}}}

windows:
  cutover: {{months: [1, 5, 6, 7, 9, 10, 11], day: 1}}

milestones:
  standards agreed: {{triangular: [2023-03-01, 2023-09-01, 2024-06-01]}}

risks:
  slip: {{probability: 100%, stretches: {{build: {{lognormal: {{median: 1.35, p90: 2.5}}}}}}}}
  restart: {{probability: 20%, delays: {{tender: {{triangular: [6mo, 10mo, 18mo]}}}}}}
"""

ROUTE: Final = """
route:
  - stage: outline case
    duration: {triangular: [1mo, 2mo, 4mo]}
    cost: {per_month: 0.3}
    board: {name: investment committee, pass: 75%, rework: {triangular: [2w, 4w, 10w]}, returns: 3}
  - stage: approval to procure
    duration: {triangular: [2w, 4w, 8w]}
    holds: {control team: 1}
    board: {name: spend controls, pass: 80%, rework: {triangular: [2w, 4w, 8w]}, returns: 3}
  - phase: competition
    holds: {framework: 1}
    stages:
      - stage: tender
        go_to_market: true
        duration: {lognormal: {median: 7mo, p90: 19mo}}
        cost: {per_month: 0.3}
      - stage: full case
        duration: {triangular: [6w, 2.5mo, 4.5mo]}
        holds: {control team: 1}
        board: {name: Treasury approval, pass: 75%, rework: {triangular: [2w, 4w, 10w]}, returns: 3}
      - stage: award
        duration: 30d
        marks: award
  - phase: implementation
    holds: {integrators: 1}
    stages:
      - stage: build
        duration: {uniform: [21mo, 27mo]}
        spends: {funding: 70}
        cost: {fixed: {lognormal: {median: 92, p90: 162}}, per_month: 0.5}
      - stage: rollout
        for_each: department
        holds: {cutover crews: 1}
        window: cutover
        duration: {triangular: [2mo, 3mo, 6mo]}
"""

LEGACY: Final = """\
  {name} ledger:
    used_by: [{name}]
    contract_end: 2025-12-31
    end_of_support: {{triangular: [2024-12-31, 2027-06-30, 2030-12-31]}}
    extension: {{until: 2027-12-31, cost: 3/y}}
    failures: {{supported: 0.02/y, extended: 0.05/y, unsupported: 0.15/y, growth: 40%}}
    failure: {{cost: {{lognormal: {{median: 0.5, p90: 3}}}}, disrupts: {{triangular: [1w, 3w, 8w]}}}}
"""

FIVE: Final = """\
scenario: five clusters, two slots
start: 2020-01-01
horizon: 2200-12-31
money: {unit: £m, price_base: 2020-01, discount_rate: 0%}
resources: {slots: {capacity: 2}}
route:
  - {stage: work, duration: {exponential: {mean: 300d}}, holds: {slots: 1}}
clusters: {A: {}, B: {}, C: {}, D: {}, E: {}}
"""
"""Work of exponential length, two at a time, and nothing else: what every simulation library can say."""


def scenario_text(clusters: int) -> str:
    """A scenario of so many clusters, with 2 places on the framework, 4 integrators and so on for every five."""
    names = [f"cluster {number}" for number in range(1, clusters + 1)]
    supply = {"framework": 2, "control": 2, "integrators": 4, "crews": 4, "seats": 2, "first": 280, "second": 70}
    head = HEAD.format(clusters=clusters, **{what: max(1, each * clusters // 5) for what, each in supply.items()})
    dates = ", ".join(f"{name}: {DATES[number % len(DATES)]}" for number, name in enumerate(names))
    return "\n".join(
        [
            head + ROUTE,
            "clusters:",
            *(_cluster(name) for name in names),
            "\nlegacy:",
            *(LEGACY.format(name=name) for name in names),
            f"schedules:\n  stagger: {{{dates}}}\n",
        ]
    )


def _cluster(name: str) -> str:
    departments = ", ".join(f"department {number}: {{}}" for number in range(1, DEPARTMENTS)) + ", small: {joins: 75%}"
    return (
        f"  {name}:\n    departments: {{{departments}}}\n    after: {{build: [standards agreed]}}\n"
        "    savings: {full_rate: 9/y, ramp: 12mo}\n"
        "    contract: {term: 6y, from: award, reprocurement: {cost: 10, gap: 12mo}}"
    )
