"""Interrupts (Ctrl-C): the first stops the work, and those that follow leave in peace what ends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from time import monotonic
from types import FrameType, TracebackType
from typing import Any, Final

PATIENCE: Final = 2.0
"""Seconds, from the first interrupt that is held back, after which the next one is heard all the same."""


class Interrupts:
    """An interrupt stops what is done in a `with` statement; any that come while that ends are held back.

    So what is tidied up and written in the end is there however often somebody presses, and whoever goes on pressing
    gets out after `PATIENCE` seconds. With ``held``, or after `hold`, the first is held back, too, and is heard at the
    end of the statement, unless an error ends it. Where interrupts are ignored or kill, where a program that uses
    stagger hears them itself (it may want no end of the work), and outside the main thread, nothing else is changed.
    """

    def __init__(self, held: bool = False) -> None:
        self.held = held
        self.stopped = False
        """Whether the work was to stop."""
        self.since: float | None = None
        """When the first was held back."""
        self.before: Callable[[int, FrameType | None], Any] | None = None
        """Who hears them otherwise."""

    def __enter__(self) -> Interrupts:
        handler = signal.getsignal(signal.SIGINT)
        outer = _owner(handler)
        mine = threading.current_thread() is threading.main_thread()
        ours = handler is signal.default_int_handler or outer is not None
        if mine and callable(handler) and (ours or self.held) and not (outer and outer.held):
            self.before = handler
            signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.before is None:
            return
        signal.signal(signal.SIGINT, self.before)
        if self.since is not None and kind is None:
            signal.raise_signal(signal.SIGINT)

    @property
    def pressed(self) -> bool:
        """Whether one is held back."""
        return self.since is not None

    def look(self) -> None:
        """Called now and then by the work: should it have been stopped, Python has dropped the interrupt.

        It drops those that are raised where nobody can be told, such as in a destructor.

        Raises:
            KeyboardInterrupt: the work was to stop.
        """
        if self.stopped:
            raise KeyboardInterrupt

    def hold(self) -> None:
        """Hold back the first as well from now on: what is left to do is short, and wanted in any case."""
        self.held = True

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.held:
            now = monotonic()
            self.since = now if self.since is None else self.since
            if now - self.since < PATIENCE:
                return
        self._stop(number, frame)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Have the work stopped, whatever statements it is in: for all of them this was the first."""
        self.held = self.stopped = True
        outer = _owner(self.before)
        if outer is not None:
            outer.since = self.since
            outer._stop(number, frame)
        elif self.before is not None:
            self.before(number, frame)


def end_at_the_next() -> None:
    """Have another interrupt end this process in silence: all that it had to do is done."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _owner(handler: object) -> Interrupts | None:
    """Whose handler it is."""
    owner = getattr(handler, "__self__", None)
    return owner if isinstance(owner, Interrupts) else None
