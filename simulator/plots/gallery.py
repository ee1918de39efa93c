"""The figures of one answer by their names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeAlias

from simulator.errors import StaggerError
from simulator.plots.figure import Illustration

Makers: TypeAlias = Mapping[str, Callable[[], Illustration]]


class Gallery(ABC):
    """Figures that are made, with their words, when they are asked for; each once."""

    @abstractmethod
    def makers(self) -> Makers:
        """What makes each figure of this answer, by its name, in the order in which a reader wants them."""

    @cached_property
    def _makers(self) -> Makers:
        return self.makers()

    @cached_property
    def _made(self) -> dict[str, Illustration]:
        return {}

    def names(self) -> tuple[str, ...]:
        """The figures that this answer has: those of legacy systems only where there are any, and so on."""
        return tuple(self._makers)

    def illustrate(self, name: str) -> Illustration:
        """A figure with its words, made once.

        Raises:
            StaggerError: this answer has no such figure.
        """
        if name not in self._makers:
            raise StaggerError(f"a figure of this answer must be one of {', '.join(self.names())} (found {name}).")
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def illustrations(self) -> tuple[Illustration, ...]:
        """All figures with their words."""
        return tuple(self.illustrate(name) for name in self.names())
