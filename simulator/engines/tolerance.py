"""How exactly money is compared (rule 19); the compiled engine, which imports nothing of ours, repeats it."""

from __future__ import annotations

from typing import Final

MONEY_TOLERANCE: Final = 1e-9
"""How far a budget may fall short, in the scenario's money, and still pay."""
