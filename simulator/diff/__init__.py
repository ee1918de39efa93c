"""Two runs side by side: which inputs differ, and what that did to the answers."""

from simulator.diff.changes import Change
from simulator.diff.inputs import Input
from simulator.diff.two import Diff, diff

__all__ = ["Change", "Diff", "Input", "diff"]
