"""The JSON Schema of a scenario file, for editors to complete from: the model's types, units and descriptions."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from simulator.distributions import KINDS, Kind
from simulator.scenario import model, world
from simulator.scenario.model import Scenario
from simulator.scenario.patch import OWN as CHANGING
from simulator.scenario.quantities import MOST_RETURNS, MOST_UNITS, PATTERNS

Schema = dict[str, Any]

_NOTES: Final[Schema] = {
    "source": {"type": ["string", "number", "boolean"], "description": "Where the values come from."},
    "note": {"type": ["string", "number", "boolean"], "description": "Anything worth knowing about them."},
    "quality": {"enum": ["known", "inferred", "assumed"], "description": "How sure the values are."},
}


def _text(pattern: str, description: str) -> Schema:
    return {"type": "string", "pattern": PATTERNS[pattern], "description": description}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


_LENGTH: Final = _text("length", "A length of time: 90d, 6w, 3mo (30.4375 d) or 1.5y (365.25 d).")
_DATE: Final = _text("date", "A date: 2025-04-01.")
_MONEY: Final[Schema] = {"type": "number", "minimum": 0, "description": "Money, in the scenario's unit."}
_FACTOR: Final[Schema] = {"type": "number", "exclusiveMinimum": 0, "description": "A factor: 1.2 is a fifth more."}
_PERCENT: Final = _text("percent", "A percentage: 20%.")

_SCALARS: Final[dict[str, Schema]] = {
    "length": _LENGTH,
    "date": _DATE,
    "money": _MONEY,
    "factor": _FACTOR,
    "rate": _text("rate", "Per year: 4.5/y."),
    "probability": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _PERCENT], "description": "0.2 or 20%."},
    "share": {"anyOf": [{"type": "number", "minimum": 0}, _PERCENT], "description": "0.2 or 20%; may exceed 1."},
    "rank": {"type": "number", "minimum": -1, "maximum": 1},
    "units": _whole(0, MOST_UNITS),
    "seats": _whole(1, MOST_UNITS),
    "returns": _whole(0, MOST_RETURNS),
    "priority": _whole(-MOST_UNITS, MOST_UNITS),
    "month": _whole(1, 12),
    "month day": _whole(1, 31),
    "seed": _whole(0, 2**63 - 1),
    "span": _text("span", "A span of days, both ends included: 2024-05-25 to 2024-07-05."),
    "step": _text("step", "How often: 1mo, 2w; months and years are calendar months and years."),
    "chosen clusters": {"anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
}

_UNCERTAIN: Final[dict[str, tuple[Schema, Schema]]] = {
    "duration": (_LENGTH, _LENGTH),
    "uncertain date": (_DATE, _LENGTH),
    "uncertain money": (_MONEY, _MONEY),
    "capacity": (_whole(0, MOST_UNITS), _MONEY),
    "uncertain factor": (_FACTOR, _FACTOR),
}
"""For each quantity that may be uncertain, its value and a spread of it."""

OWN: Final = " (own values)"
"""What the name of a schema ends in where a cluster gives some of a stage's values, so that nothing is required."""


class _Generator(GenerateJsonSchema):
    """Pydantic's generator without the warnings about defaults that JSON does not know."""

    ignored_warning_kinds = {"non-serializable-default", "skipped-choice"}


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a scenario file.

    It knows keys, units, kinds of distributions and choices, and describes each; what holds between values (names,
    dates in order, cycles) only the reader knows.
    """
    raw = Scenario.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = {name: _tidy(one) for name, one in raw.pop("$defs").items()}
    _describe(definitions, raw)
    top = _tidy(raw)
    definitions |= _SCALARS
    definitions |= {name: _distribution(*parts, own=False) for name, parts in _UNCERTAIN.items()}
    _written_form(top, definitions)
    definitions |= _own_values(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stagger scenario",
        **_based(_noted(top)),
        "$defs": {name: _noted(one) for name, one in sorted(definitions.items())},
    }


def _based(top: Schema) -> Schema:
    """Either a scenario written out, or the name of another and what is changed in it."""
    path: Schema = {"type": "string", "minLength": 1}
    changes: dict[str, Schema] = {
        "base": {**path, "description": "The scenario file that this one changes."},
        "replace": {"type": "object", "description": "By path of the base: what stands there instead."},
        "remove": {
            "anyOf": [path, {"type": "array", "items": path}],
            "description": "Paths of the base that are taken out.",
        },
        "add": {
            "type": "object",
            "description": "By path: what the base has not; in a list, what goes before the item of that number.",
        },
    }
    whole = {key: top[key] for key in ("required", "oneOf")}
    rest = {key: value for key, value in top.items() if key not in ("properties", *whole)}
    return {
        **rest,
        "properties": {**changes, **top["properties"]},
        "if": {"required": ["base"]},
        "then": {"propertyNames": {"enum": list(CHANGING)}},
        "else": {**whole, "properties": dict.fromkeys(changes, False)},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name.replace(' ', '%20')}"}


def _tidy(node: Any) -> Any:
    """Quantities as references; no null and no titles or defaults made up from names."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "quantity" in node:
        told = {key: node[key] for key in ("description",) if key in node}
        return {**_ref(node["quantity"]), **told}
    kept = {key: _tidy(value) for key, value in node.items() if key not in ("title", "default")}
    if "anyOf" in kept:
        kept["anyOf"] = [option for option in kept["anyOf"] if option != {"type": "null"}]
        if len(kept["anyOf"]) == 1:
            return {**kept.pop("anyOf")[0], **kept}
    return kept


def _describe(definitions: Mapping[str, Schema], top: Schema) -> None:
    for name, texts in {**_docstrings(world), **_docstrings(model)}.items():
        properties = (top if name == "Scenario" else definitions.get(name, {})).get("properties", {})
        for key, text in texts.items():
            if key in properties:
                properties[key]["description"] = text


def _docstrings(module: ModuleType) -> dict[str, dict[str, str]]:
    """The text below each field of each class, by the key that a planner writes."""
    classes = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)]
    return {node.name: dict(_field_texts(node)) for node in classes}


def _field_texts(node: ast.ClassDef) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for field, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (text := _string(after)):
            texts.append((field.target.id.rstrip("_"), text))
    return texts


def _string(node: ast.stmt) -> str:
    """A string that stands by itself; empty for any other statement."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""


def _object(properties: Schema, required: list[str], **more: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def _written_form(top: Schema, definitions: dict[str, Schema]) -> None:
    """What a planner writes where it is not what the model holds: routes, clusters' own values, rules of schedules."""
    definitions["route"] = {
        "type": "array",
        "minItems": 1,
        "items": {"if": {"required": ["phase"]}, "then": _ref("Phase"), "else": _ref("Stage of a route")},
        "description": "Stages and phases, in order.",
    }
    steps = definitions["Resource"]["properties"]["steps"]
    steps["patternProperties"] = {PATTERNS["date"]: steps["additionalProperties"]}
    steps["additionalProperties"] = False
    stage = definitions["Stage"]
    definitions["Stage of a route"] = {**_references(stage, lambda name: name + OWN), "required": ["stage"]}
    phase = definitions["Phase"]
    phase["properties"]["stages"] |= {"items": _ref("Stage of a route"), "minItems": 1}
    cluster = definitions["Cluster"]
    cluster["properties"].pop("name")
    cluster["required"] = []
    cluster["properties"]["route"] = {"type": "string", "description": "Which of the routes; the first if not given."}
    cluster["properties"]["stages"] = {
        "type": "object",
        "additionalProperties": _ref("Stage" + OWN),
        "description": "This cluster's own values, by stage.",
    }
    properties = top["properties"]
    properties["route"] = {**_ref("route"), "description": "The route to market of all clusters."}
    several = {"type": "object", "additionalProperties": _ref("route"), "minProperties": 1}
    properties["routes"] = {**several, "description": "Several routes, by name; a cluster says which is its own."}
    properties["schedules"] = {**_schedules(), "description": properties["schedules"].get("description", "")}
    properties["clusters"]["minProperties"] = 1
    top["required"] = [key for key in top["required"] if key != "schedules"]
    top["oneOf"] = [{"required": ["route"]}, {"required": ["routes"]}]


def _schedules() -> Schema:
    order = {"anyOf": [{"const": "end_of_support"}, {"type": "array", "items": {"type": "string"}}]}
    rule = {"first": _ref("date"), "every": _ref("step"), "order": order}
    words = [{"required": [word]} for word in ("all", *rule)]
    dates = {"type": "object", "additionalProperties": _ref("date"), "not": {"anyOf": words}}
    forms = [_object({"all": _ref("date")}, ["all"]), _object(rule, list(rule)), dates]
    return {"type": "object", "additionalProperties": {"anyOf": forms}}


def _own_values(definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """Variants of what lies in a stage in which nothing is required, for values that merge into a route's."""
    found: dict[str, Schema] = {}
    open_names = ["Stage"]

    def rename(name: str) -> str:
        if name in _SCALARS:
            return name
        open_names.append(name)
        return name + OWN

    while open_names:
        name = open_names.pop()
        if name + OWN in found:
            continue
        if name in _UNCERTAIN:
            found[name + OWN] = _distribution(*_UNCERTAIN[name], own=True)
            continue
        own = _references(definitions[name], rename)
        own.pop("required", None)
        found[name + OWN] = own
    found["Stage" + OWN]["properties"] = {k: v for k, v in found["Stage" + OWN]["properties"].items() if k != "stage"}
    return found


def _references(node: Any, rename: Callable[[str], str]) -> Any:
    """A copy in which every reference goes to another name."""
    if isinstance(node, list):
        return [_references(item, rename) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _references(value, rename) for key, value in node.items()}
    if isinstance(node.get("$ref"), str):
        name = node["$ref"].removeprefix("#/$defs/").replace("%20", " ")
        copy["$ref"] = _ref(name if name in _SCALARS else rename(name))["$ref"]
    return copy


def _distribution(value: Schema, spread: Schema, own: bool) -> Schema:
    kinds = {name: _kind(kind, value, spread, own) for name, kind in KINDS.items()}
    low_high = {"type": "array", "items": {"anyOf": [value, {"type": "null"}]}, "minItems": 2, "maxItems": 2}
    truncate = {**low_high, "description": "Only what lies between [low, high]; null leaves a side open."}
    named = [{"required": [name]} for name in kinds]
    one = {"oneOf": [*named, {"not": {"anyOf": named}}] if own else named}
    written = {"type": "object", "properties": {**kinds, "truncate": truncate}, "additionalProperties": False}
    return {"anyOf": [value, {**written, **one}]}


def _kind(kind: Kind, value: Schema, spread: Schema, own: bool) -> Schema:
    roles = {
        "value": value,
        "spread": spread,
        "number": {"type": "number"},
        "values": {"type": "array", "items": value, "minItems": 1},
        "weights": {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 1},
        "bounds": {"type": "array", "items": {"anyOf": [value, {"type": "null"}]}, "minItems": 2, "maxItems": 2},
    }
    if kind.name == "constant":
        return {**value, "description": "A certain value that says where it comes from."}
    properties = {name: roles[role] for name, role in kind.parameters.items()}
    forms = [
        _object({k: properties[k] for k in (*form, *kind.optional)}, [] if own else sorted(form)) for form in kind.forms
    ]
    if kind.name == "empirical":
        forms.append(
            _object({"file": {"type": "string"}, "column": {"type": "string"}}, [] if own else ["file", "column"])
        )
    count = len(kind.listed)
    listed = [{"type": "array", "items": value, "minItems": count, "maxItems": count}] if count else []
    return {"anyOf": [*listed, *forms], "description": _written_like(kind)}


def _written_like(kind: Kind) -> str:
    if kind.listed:
        return f"[{', '.join(kind.listed)}]"
    return " or ".join(f"{{{', '.join(name for name in kind.parameters if name in form)}}}" for form in kind.forms)


def _noted(node: Any) -> Any:
    """Source, note and quality on every mapping."""
    if isinstance(node, list):
        return [_noted(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _noted(value) for key, value in node.items()}
    if node.get("type") == "object":
        copy["properties"] = {**copy.get("properties", {}), **_NOTES}
    return copy
