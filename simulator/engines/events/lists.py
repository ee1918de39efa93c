"""The network as lists, which plain Python reads faster than arrays."""

from __future__ import annotations

from simulator.network import Network


class Lists:
    """What the processes look up of a network, by activity, phase, board, window or resource."""

    def __init__(self, network: Network) -> None:
        self.network = network
        count = len(network.activities)
        self.milestones = len(network.milestone_days)
        self.cluster = network.cluster.tolist()
        self.stage = network.stage.tolist()
        self.priority = network.priority.tolist()
        self.release = network.release.tolist()
        self.predecessors = [network.predecessors[a].tolist() for a in range(count)]
        self.asks = [network.asks.of(a) for a in range(count)]
        self.spends = [network.spends.of(a) for a in range(count)]
        self.returns = [network.returns.of(a) for a in range(count)]
        self.phase = network.phase.tolist()
        self.phase_size = network.phase_size.tolist()
        self.phase_returns = [network.phase_returns.of(p) for p in range(len(network.phase_size))]
        self.learning = [network.learning[a].tolist() for a in range(count)]
        self.congestion = list(
            zip(
                network.congestion_resource.tolist(),
                network.congestion_beyond.tolist(),
                network.congestion_each.tolist(),
                strict=True,
            )
        )
        self.board = network.board.tolist()
        self.meetings = [network.meetings[b].tolist() for b in range(len(network.boards))]
        self.seats = network.seats.tolist()
        self.window = network.window.tolist()
        self.window_days = [network.window_days[w].tolist() for w in range(len(network.windows))]
        self.capacity_steps = [
            list(zip(network.capacity_days[r].tolist(), network.capacity_values[r].tolist(), strict=True))
            for r in range(len(network.resources))
        ]
        self.tranche_budget = network.tranche_budget.tolist()
        self.disrupts = [network.disrupts[system].tolist() for system in range(len(network.legacy))]
        self.leaves = [sorted({a for user in terms.users for a in user.activities}) for terms in network.legacy]
        self.first_slot = network.asks.starts.tolist()
        self.first_spend_slot = (network.spends.starts + len(network.asks)).tolist()
