"""A misspelt key is one mistake: what it would have said is taken as said, and nothing else seems to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator as sg

STARTER = Path("simulator/starter.yaml").read_text()
REAL = Path("scenarios/shared-services-2022.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (STARTER, "go_to_market", "go_to_markt"),
        (REAL, "begins_at", "begin_at"),
        (STARTER, "for_each", "foreach"),
        (STARTER, "used_by", "use_by"),
        (STARTER, "probability", "proability"),
        (STARTER, "arrives", "arrves"),
        (STARTER, "capacity", "capcity"),
        (STARTER, "duration", "durtion"),
        (STARTER, "term", "trem"),
        (STARTER, "deadline", "dedline"),
    ],
)
def test_a_misspelt_key_is_one_fault(text: str, right: str, wrong: str) -> None:
    at = text.index(f"{right}:")
    with pytest.raises(sg.ScenarioError) as refused:
        sg.parse(text[:at] + wrong + text[at + len(right) :])
    (fault,) = refused.value.faults
    assert (fault.rule, fault.found) == ("is not a key that is known here", wrong)
    assert fault.remedy == f"Did you mean {right}?"


def test_what_a_misspelt_key_would_have_said_is_not_checked_in_its_stead() -> None:
    """Both are given: the right one counts, and the wrong one is the only fault."""
    with pytest.raises(sg.ScenarioError) as refused:
        sg.parse(STARTER.replace("capacity: 1, ", "capacity: 1, capcity: 2, "))
    (fault,) = refused.value.faults
    assert fault.remedy == "Did you mean capacity?"
