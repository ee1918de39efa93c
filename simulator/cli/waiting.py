"""What a batch is doing, how much is left and for how long, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from simulator.wording import count, duration, shortened

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

    from simulator.batch import Standing

PATIENCE: Final = 1.0
"""Seconds before anything is shown, and before it is reckoned from them how long the rest will take."""
BAR: Final = 30
"""Signs of the bar at its longest."""
THINGS: Final = {"reading": "file", "simulating": "run"}


@contextmanager
def waiting(quiet: bool) -> Iterator[Callable[[Standing], None] | None]:
    """A function to call with how far a batch has come; it draws on a terminal only, and leaves nothing behind."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    screen = _Screen()
    try:
        yield screen
    finally:
        screen.close()


class _Screen:
    """Some lines that are drawn again whenever something has happened.

    It has no thread of its own that a forked worker would inherit.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.phase = ""
        self.phase_began = self.began
        self.in_parts = False
        """Whether part of a run was heard of: by then all is started, and time is reckoned from there."""
        self.live: Live | None = None

    def __call__(self, standing: Standing) -> None:
        now = time.monotonic()
        if standing.phase != self.phase or (standing.part and not self.in_parts):
            self.phase, self.phase_began, self.in_parts = standing.phase, now, bool(standing.part)
        if now - self.began < PATIENCE:
            return
        if self.live is None:
            self.live = _opened()
        width = self.live.console.width
        self.live.update(drawn(standing, now - self.phase_began, width), refresh=True)

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()


def drawn(standing: Standing, seconds: float, width: int) -> Text:
    """The lines: how many of how many and for how long, and what is worked on."""
    from rich.text import Text

    done = standing.done + standing.part
    left = standing.total - done
    things = f"{standing.phase} {standing.done:,} of {count(standing.total, THINGS[standing.phase])}"
    to_go = f", {duration(seconds / done * left)} to go" if done and left and seconds >= PATIENCE else ""
    filled = round(min(BAR, width // 3) * done / max(standing.total, 1))
    bar = "━" * filled + "╌" * (min(BAR, width // 3) - filled)
    part = f"{standing.part:4.0%} of " if standing.part else ""
    lines = [f"{bar} {things}{to_go}", *(f"  {part}{name}" for name in standing.now)]
    return Text("\n".join(shortened(line, width - 1) for line in lines))


def _opened() -> Live:
    from rich.console import Console
    from rich.live import Live

    live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
    live.start()
    return live
