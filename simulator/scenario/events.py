"""YAML to a parser's events: by ruamel.yaml, which reads YAML 1.2, and by libyaml, nine times as fast, where it agrees.

libyaml reads YAML 1.1. Where the two could read a text in two ways, and wherever libyaml or what is made of its events
finds fault, the text is ruamel.yaml's, with its messages; so what a file says does not depend on who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml as libyaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scanner import Scanner

DEEPEST: Final = 40
"""How many lists and mappings may lie inside one another."""

_LOADER: Final = getattr(libyaml, "CSafeLoader", None)
"""Missing where PyYAML was built without libyaml."""
_APART: Final = re.compile(
    "[\t\x85\u2028\u2029\ufeff]" r"""|\r(?!\n)|["'\]}] *:[^ \r\n]|^(?:---|\.\.\.|%)""", re.MULTILINE
)
"""Where the two differ: tabs; line breaks of YAML 1.1 and of old; a colon behind a quote or bracket with no space after
it; several documents, and directives."""
_BLOCKS: Final = ("|", ">")
_BLOCK: Final = re.compile(r"[|>][+-]?\r?\n *[^ \r\n]")
"""The beginning of a block of text whose indentation both see alike."""


class Unsure(Exception):
    """libyaml might read a text in another way, or finds fault with it."""


class _Scanner(Scanner):
    """A scanner that does not follow brackets deeper than any scenario goes."""

    def fetch_flow_collection_start(self, *arguments: Any, **options: Any) -> None:
        if len(self.flow_context) > DEEPEST:
            raise MarkedYAMLError(problem="too deep", problem_mark=self.reader.get_mark())
        super().fetch_flow_collection_start(*arguments, **options)


def events(text: str) -> Iterator[Any]:
    """The events of a text, one at a time.

    Raises:
        ruamel.yaml.error.YAMLError: the text is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    return iter(yaml.parse(text))


def quick_events(text: str) -> Iterator[Any]:
    """The same by libyaml.

    Raises:
        Unsure: they might not be the same, or there is no libyaml.
    """
    if _LOADER is None or _APART.search(text):
        raise Unsure
    try:
        for event in libyaml.parse(text, Loader=_LOADER):
            if type(event) is libyaml.ScalarEvent and (not event.value or event.style in _BLOCKS):
                _check(event, text)
            yield event
    except (libyaml.YAMLError, ValueError) as error:
        raise Unsure from error


def _check(event: libyaml.ScalarEvent, text: str) -> None:
    """That it is neither a block of text that begins strangely, nor nothing, which they place elsewhere."""
    begins_alike = _BLOCK.match(text, event.start_mark.index) is not None
    if not begins_alike if event.style in _BLOCKS else event.implicit[0]:
        raise Unsure
