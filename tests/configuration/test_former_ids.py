"""`was` in programme.yaml: what a party or an action was known by before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise, load_setup
from reminder.domain.programme import Language

Edit = Callable[[str, str, str], None]


def test_former_ids_lead_to_the_ones_of_now(folder: Path, edit: Edit) -> None:
    """One renamed party, two merged actions, and what was never renamed stays what it is."""
    edit("programme.yaml", "kind: person}", "kind: person, was: [kulttuurisihteeri]}")
    edit("programme.yaml", "title: Seuranta\n", "title: Seuranta\n                was: [arviointi, mittarit]\n")
    programme = load_or_raise(folder).programmes["elinvoima"]

    assert programme.current_party("kulttuurisihteeri") == "kulttuuri"
    assert programme.former_parties("kulttuuri") == ("kulttuurisihteeri",)
    assert [programme.current_action(action) for action in ("arviointi", "mittarit", "nayttelyt")] == ["3.10", "3.10", "nayttelyt"]


def test_an_action_that_is_still_there_keeps_its_id(folder: Path, edit: Edit) -> None:
    """A part of it names it: it was split, and nothing of it is read as the part's."""
    edit("programme.yaml", "title: Seuranta\n", "title: Seuranta\n                was: [nayttelyt]\n")

    assert load_or_raise(folder).programmes["elinvoima"].current_action("nayttelyt") == "nayttelyt"


@pytest.mark.parametrize(
    ("language", "still", "twice"),
    [
        ("en", "still a party of this file", "under `was` of two parties"),
        ("fi", "on yhä tämän tiedoston vastuutaho", "kahden vastuutahon kohdassa"),
        ("sv", "är fortfarande en ansvarig part", "hos två parter"),
    ],
)
def test_a_former_party_is_nobodys_now_and_one_partys_then(folder: Path, edit: Edit, language: Language, still: str, twice: str) -> None:
    """A party that is still there, or that two parties claim: a fault with its place, since answers would go astray."""
    edit("programme.yaml", "kind: person}", "kind: person, was: [jaosto, vanha]}")
    edit("programme.yaml", "kind: body\n", "kind: body\n        was: [vanha]\n")
    findings = load_setup(folder, language=language).findings
    found = {finding.message: (finding.line, finding.advice) for finding in findings}

    assert [line for message, (line, _) in found.items() if still in message] == [7]
    assert [line for message, (line, _) in found.items() if twice in message] == [11]
    assert all(advice for _, advice in found.values())
