"""YAML to a tree of nodes: safely, within limits, every value with its line and column."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from simulator.errors import Fault, ScenarioError
from simulator.regular import NotRegular, beginning
from simulator.scenario.events import DEEPEST, Unsure, events, quick_events
from simulator.scenario.quantities import shown
from simulator.scenario.sources import heard
from simulator.scenario.tree import Node, Place

SMALLER: Final = "Put observations in a CSV file and name it with empirical: {file, column}."
FLATTER: Final = "Is a bracket left open?"
LARGEST_FILE: Final = 2_000_000
"""Bytes of the largest scenario file."""
MOST_VALUES: Final = 200_000
"""Values, keys included, in the largest scenario file."""

REPEATED: Final = 20_000
"""Scalars whose values are remembered: the files of a folder say much that is the same."""
SHORT: Final = 60
"""Characters of the longest of them."""
Place2: TypeAlias = tuple[int, int]
"""A line and a column."""

_FOREIGN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.2 (section 5.1) does not count as printable."""
_HALF: Final = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}


def read_file(path: Path) -> str:
    """The text of a scenario file.

    Raises:
        ScenarioError: the file cannot be read, is no regular file, is too large or is not UTF-8.
    """
    try:
        data = beginning(path, LARGEST_FILE + 1)
    except NotRegular:
        remedy = "Save what it gives in a file, and name that."
        raise _refused(str(path), "must be a regular file", "a pipe or a device", remedy) from None
    except OSError as error:
        raise _refused(str(path), "the file must be readable", error.strerror or "") from None
    heard(path, Path(os.path.realpath(path)), data)
    return decode(data, str(path))


def decode(data: bytes, file: str) -> str:
    """Bytes of a scenario file as text."""
    if len(data) > LARGEST_FILE:
        raise _refused(file, f"a scenario must not be larger than {LARGEST_FILE:,} bytes", "", SMALLER)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        found = f"byte 0x{data[error.start]:02x}"
        raise _refused(file, "the file must be UTF-8", found, "Save it as UTF-8.", line, column) from None


def read_text(text: str, file: str) -> Node:
    """The one mapping that a scenario's text holds, as a tree.

    Raises:
        ScenarioError: the text is not YAML, or more of YAML than a scenario needs.
    """
    _check_text(text, file)
    tree = _quick_tree(text, file)
    return _tree(text, file) if tree is None else tree


def _quick_tree(text: str, file: str) -> Node | None:
    """The tree by the quick parser; None where there is anything to say about it."""
    faults: list[Fault] = []
    try:
        tree = _Composer(quick_events(text), file, faults).document()
    except (Unsure, ScenarioError):
        return None
    return None if faults or not tree.is_mapping else tree


def _tree(text: str, file: str) -> Node:
    faults: list[Fault] = []
    try:
        tree = _Composer(events(text), file, faults).document()
    except MarkedYAMLError as error:
        raise ScenarioError([*faults, _syntax(error, file)]) from None
    except (YAMLError, ValueError) as error:
        raise _refused(file, "the file must be YAML", shown(str(error))) from None
    if faults:
        raise ScenarioError(faults)
    if not tree.is_mapping:
        found = "nothing" if tree.value is None else "a list" if isinstance(tree.value, tuple) else shown(tree.value)
        remedy = "Begin with scenario: and a name; `stagger new` writes a starter."
        raise _refused(file, "a scenario must be a mapping", found, remedy, tree.line, tree.column)
    return tree


def read_value(text: str) -> Node:
    """One value written in YAML, as on a command line.

    Raises:
        ScenarioError: the text is not YAML, or more of YAML than a scenario needs.
    """
    faults: list[Fault] = []
    _check_text(text, "")
    try:
        tree = _Composer(events(text), "", faults).document()
    except YAMLError:
        raise _refused("", "the value must be YAML", shown(text)) from None
    if faults:
        raise ScenarioError(faults)
    return tree


def _refused(file: str, rule: str, found: str, remedy: str = "", line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Fault(file, line, column, "", rule, found, remedy)])


def _check_text(text: str, file: str) -> None:
    if len(text) > LARGEST_FILE:
        raise _refused(
            file, f"a scenario must not be larger than {LARGEST_FILE:,} bytes", f"{len(text):,} characters", SMALLER
        )
    if bad := _FOREIGN.search(text):
        before = text[: bad.start()]
        line, column = before.count("\n") + 1, bad.start() - before.rfind("\n")
        found = f"U+{ord(bad[0]):04X}"
        raise _refused(file, "the file must be text without control characters", found, "Remove it.", line, column)


_PROBLEMS: Final = (
    ("\\t", "lines must be indented with spaces", "a tab", "Replace the tab by spaces."),
    ("too deep", f"lists and mappings must not lie more than {DEEPEST} deep", "", FLATTER),
    ("mapping values are not allowed", "one line holds one key", "a second colon", "Put text with a colon in quotes."),
    (
        "unexpected end of stream",
        "a quote must be closed",
        "no other quote to the end of the file",
        "Add the closing quote.",
    ),
    ("expected ',' or '}'", "a { must be closed by a }", "neither a comma nor a }", "Add what is missing."),
    ("expected ',' or ']'", "a [ must be closed by a ]", "neither a comma nor a ]", "Add what is missing."),
    ("could not find expected ':'", "a key must be followed by a colon", "none", "Write key: value."),
    ("cannot start any token", "text that begins with this character needs quotes", "", 'Put it in "quotes".'),
    ("expected <block end>", "keys of one mapping must be indented alike", "", "Align the line with its neighbours."),
)


def _syntax(error: MarkedYAMLError, file: str) -> Fault:
    quoted_text = "quoted scalar" in (error.context or "")
    mark = error.context_mark if quoted_text else error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    problem = error.problem or "unreadable"
    for pattern, rule, found, remedy in _PROBLEMS:
        if pattern in problem:
            quoted = re.search(r"'(.)'", problem)
            return Fault(file, line, column, "", rule, found or (quoted[1] if quoted else ""), remedy)
    return Fault(file, line, column, "", "the file must be YAML", shown(problem), "")


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; ``key`` is the key whose value comes next."""

    line: int
    column: int
    items: list[Node] | None
    entries: dict[str, Node]
    keys: dict[str, Place]
    key: str | None = None
    key_place: Place2 = (0, 0)


class _Composer:
    """Builds the tree from the parser's events, one at a time, so that limits hold before memory is used."""

    def __init__(self, events: Iterable[Any], file: str, faults: list[Fault]) -> None:
        self.events = events
        self.file = file
        self.faults = faults
        self.stack: list[_Open] = []
        self.count = 0
        self.documents = 0
        self.blank = Node(None, file=file)
        self.root: Node | None = None

    def document(self) -> Node:
        kinds: dict[type, Callable[[Any, Place2], None]] = {}  # both parsers name their classes alike
        for event in self.events:
            mark = event.start_mark
            take = kinds.get(type(event))
            if take is None:
                take = kinds[type(event)] = self._taker(type(event).__name__)
            take(event, (mark.line + 1, mark.column + 1))
        return self.root or Node(None, 1, 1, file=self.file)

    def _taker(self, name: str) -> Callable[[Any, Place2], None]:
        match name:
            case "ScalarEvent":
                return self._scalar
            case "MappingStartEvent" | "SequenceStartEvent":
                return self._open_mapping if name == "MappingStartEvent" else self._open_list
            case "MappingEndEvent" | "SequenceEndEvent":
                return self._close
            case "DocumentStartEvent":
                return self._begin
            case "AliasEvent":
                return self._check
        return self._count

    def _begin(self, event: Any, place: Place2) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _refused(self.file, "a file holds one scenario", "a second document", "Remove the --- line.", *place)
        if event.tags or tuple(event.version or (1, 2)) != (1, 2):
            raise _refused(self.file, "a scenario is YAML 1.2 without directives", "a % line", "Remove it.", *place)

    def _count(self, event: Any, place: Place2) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _refused(self.file, f"a scenario must not hold more than {MOST_VALUES:,} values", "more", "", *place)

    def _check(self, event: Any, place: Place2) -> None:
        """That a value is not more of YAML than a scenario needs."""
        self._count(event, place)
        if event.anchor:
            sign = ("*" if type(event).__name__ == "AliasEvent" else "&") + str(event.anchor)
            raise _refused(self.file, "anchors and aliases are not read", sign, "Write the value out.", *place)
        if event.tag:
            raise _refused(self.file, "tags are not read", str(event.tag), "Remove the tag.", *place)

    def _open_mapping(self, event: Any, place: Place2) -> None:
        self._check(event, place)
        self._open(_Open(*place, None, {}, {}))

    def _open_list(self, event: Any, place: Place2) -> None:
        self._check(event, place)
        self._open(_Open(*place, [], {}, {}))

    def _open(self, new: _Open) -> None:
        if len(self.stack) >= DEEPEST:
            rule = f"lists and mappings must not lie more than {DEEPEST} deep"
            raise _refused(self.file, rule, "", FLATTER, new.line, new.column)
        if self.stack and self.stack[-1].items is None and self.stack[-1].key is None:
            raise _refused(self.file, "a key must be text", "a list or mapping", "", new.line, new.column)
        self.stack.append(new)

    def _close(self, event: Any, place: Place2) -> None:
        self._count(event, place)
        done = self.stack.pop()
        value = done.entries if done.items is None else tuple(done.items)
        self._add(self.blank.but(value=value, line=done.line, column=done.column, keys=done.keys))

    def _scalar(self, event: Any, place: Place2) -> None:
        self._check(event, place)
        parent = self.stack[-1] if self.stack else None
        written: str = event.value
        text = written if written.isascii() else self._text(written, place)
        if parent and parent.items is None and parent.key is None:
            self._key(parent, text, place)
        else:
            value = resolved(text) if event.implicit[0] else text
            self._add(self.blank.but(value=value, line=place[0], column=place[1], text=text))

    def _text(self, written: str, place: Place2) -> str:
        r"""Text whose escapes stand for characters; two halves of one, as JSON writes them (``\ud83d``), are one."""
        half = _HALF.search(written)
        if half is None:
            return written
        try:
            return written.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            found = f"U+{ord(half[0]):04X}"
            rule = "an escape must stand for a whole character"
            raise _refused(self.file, rule, found, "Remove it.", *place) from None

    def _key(self, parent: _Open, key: str, place: Place2) -> None:
        if key == "<<":
            self.faults.append(Fault(self.file, *place, "", "merge keys are not read", key, "Write the keys out."))
        if key in parent.keys:
            first = parent.keys[key]
            rule = "a key must not be given twice"
            found = f"{shown(key)}, first on line {first[0]}"
            self.faults.append(Fault(self.file, *place, "", rule, found, "Keep one of the two."))
        parent.key, parent.key_place = key, place

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if parent.items is not None:
            parent.items.append(node)
            return
        assert parent.key is not None
        parent.entries.setdefault(parent.key, node)
        parent.keys.setdefault(parent.key, (*parent.key_place, self.file))
        parent.key = None


def resolved(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2 (section 10.3.2)."""
    return _remembered(text) if len(text) <= SHORT else _resolved(text)


def _resolved(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > 40:
            return float("inf")
        return int(text, {"o": 8, "x": 16}.get(text[1:2], 10) if text[0] == "0" else 10)
    return float(text) if _REAL.fullmatch(text) else text


_remembered = lru_cache(maxsize=REPEATED)(_resolved)
