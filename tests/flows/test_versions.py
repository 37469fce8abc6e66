"""The versions of the programme as edits make them: recorded once, from the first arming on (decision 0036)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reminder.domain.versions import ProgrammeVersion
from reminder.flows.versions import record_versions
from reminder.store.configurations import save_configuration
from reminder.store.versions import load_versions
from tests.flows.town import Town


def versions(town: Town) -> tuple[ProgrammeVersion, ...]:
    """What is recorded."""
    with town.house.store.read() as conn:
        return load_versions(conn)


def retitle(town: Town, title: str, version: str) -> None:
    """Somebody edits the first action."""
    programme = town.setup.programmes["elinvoima"]
    actions = (replace(programme.actions[0], title=title), *programme.actions[1:])
    programmes = {**town.setup.programmes, "elinvoima": replace(programme, actions=actions)}
    town.house = replace(town.house, setup=replace(town.setup, programmes=programmes, version=version))


def test_a_draft_has_no_versions(town: Town) -> None:
    """Before the service is armed the files are edited freely; what stands then is the first version."""
    record_versions(town.house)
    retitle(town, "Luonnos", "2")
    record_versions(town.house)
    assert not versions(town)

    town.arm()
    record_versions(town.house)

    (first,) = versions(town)
    assert (first.number, first.content.actions[0].title) == (1, "Luonnos")


def test_an_edit_makes_one_version(town: Town) -> None:
    """However often it is looked at; an edit of something else makes none, and what was kept reads back as it was."""
    town.arm()
    record_versions(town.house)
    town.clock.advance(timedelta(days=3))
    retitle(town, "Torin talvi", "2")
    assert [record_versions(town.house) for _ in range(3)] == [1, 0, 0]
    town.house = replace(town.house, setup=replace(town.setup, version="3"))
    assert record_versions(town.house) == 0

    first, second = versions(town)
    assert (second.number, second.content.actions[0].title) == (2, "Torin talvi")
    assert second.at - first.at == timedelta(days=3)
    assert second.content.actions[1:] == first.content.actions[1:]
    assert second.content.deadlines == first.content.deadlines


def test_files_that_are_not_in_force_make_no_version(town: Town) -> None:
    """A worker that still has the old files, or has the new ones too early, would make versions to and fro."""
    town.arm()
    record_versions(town.house)
    with town.house.store.begin() as conn:
        save_configuration(conn, "in force", {}, town.clock.now())
    retitle(town, "Torin talvi", "2")

    assert record_versions(town.house) == 0
    assert len(versions(town)) == 1
