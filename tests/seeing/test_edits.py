"""What `plan --against` says of an edit in the middle of a round: the sentence in the table, the whole in `words/`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reminder.errors import EXIT_DONE, EXIT_USAGE
from tests.cli.city import City
from tests.seeing.edits import EDITS, Edit, make_edit

WORDS = Path(__file__).parent / "words"
BY_NAME = {edit.name: edit for edit in EDITS}

SENTENCES = {
    "nothing": "No mail to come changes; nothing already sent is affected.",
    "anchor-later": "106 viestiä siirtyy; muutos koskee sitä, mitä 17 vastuutaholle on jo kerrottu.",
    "due-later": "105 viestiä siirtyy, 1 on uusi; muutos koskee sitä, mitä 16 vastuutaholle on jo kerrottu.",
    "due-earlier": "75 mails move, 31 are cancelled; what 16 parties have already been told is affected.",
    "no-last-call": "15 last calls are cancelled; nothing already sent is affected.",
    "last-call-earlier": "15 sista påminnelser flyttas; inget som redan har skickats berörs.",
    "second-reminder-moved": "15 reminders move; nothing already sent is affected.",
    "second-reminder-gone": "15 reminders are cancelled; nothing already sent is affected.",
    "reminder-added-before": "15 reminders move; what 16 parties have already been told is affected.",
    "overdue-weekly": "30 muistutusta määräajan jälkeen siirtyy; mitään jo lähetettyä muutos ei koske.",
    "no-overdue": "75 påminnelser efter sista svarsdag ställs in; inget som redan har skickats berörs.",
    "closes-earlier": "34 meddelanden ställs in; inget som redan har skickats berörs.",
    "digest-tuesday": "8 koostetta siirtyy; mitään jo lähetettyä muutos ei koske.",
    "digest-hour": "8 digests move; nothing already sent is affected.",
    "window-later": "105 meddelanden flyttas; inget som redan har skickats berörs.",
    "closed-day": "90 viestiä siirtyy, 1 on uusi; muutos koskee sitä, mitä 16 vastuutaholle on jo kerrottu.",
    "rule-previous": "No mail to come changes; nothing already sent is affected.",
    "round-gone": "113 mails are cancelled, 137 new; what 17 parties have already been told is affected.",
    "new-address": "1 viesti on uusi, 7 lähtee toiseen osoitteeseen; mitään jo lähetettyä muutos ei koske.",
    "action-moved": "1 mail is new, 14 ask for other actions; what 2 parties have already been told is affected.",
    "action-for-a-new-year": "1 viesti on uusi, 7 kysyy eri toimenpiteitä; muutos koskee sitä, mitä 1 vastuutaholle on jo kerrottu.",
    "years-changed": "10 mails are new, 70 ask for other actions; what 11 parties have already been told is affected.",
    "party-renamed": "No mail to come changes; nothing already sent is affected.",
    "notice-earlier": "No mail to come changes; what 17 parties have already been told is affected.",
}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_is_told_in_these_words(city: City, tmp_path: Path, edit: Edit) -> None:
    """Every word: the sentence, what to be careful of, each mail with old and new date and the reason, and what has gone already."""
    edited = make_edit(city.config, tmp_path / edit.name, edit)

    told = city.run("--lang", edit.lang, "plan", "--against", str(edited))

    assert told.code == EXIT_DONE
    assert told.out.splitlines()[0] == SENTENCES[edit.name]
    assert told.err + told.out == (WORDS / f"{edit.name}.txt").read_text(encoding="utf-8")


def test_there_are_at_least_twenty_edits_and_all_languages() -> None:
    """The table is as long as it is meant to be, and each of its edits is a real one."""
    assert len(SENTENCES) == len(EDITS) >= 20
    assert {edit.lang for edit in EDITS} == {"fi", "sv", "en"}
    assert len({sentence.split(";")[0] for sentence in SENTENCES.values()}) >= 17


def test_asking_changes_nothing(city: City, tmp_path: Path) -> None:
    """The question what an edit would do leaves the database as it is."""
    before = city.dump()
    city.run("plan", "--against", str(make_edit(city.config, tmp_path / "edit", BY_NAME["due-earlier"])))

    assert city.dump() == before


def test_each_mail_stands_in_the_document(city: City, tmp_path: Path) -> None:
    """For a program every mail by itself, with its address, both instants, the cause, and whether it would leave at once."""
    edited = make_edit(city.config, tmp_path / "edit", BY_NAME["due-earlier"])

    document = city.run("--json", "plan", "--against", str(edited)).document

    at_once = [change for change in document["changes"] if change["at_once"]]
    assert document["summary"] == SENTENCES["due-earlier"]
    assert len(document["changes"]) == 75 + 31
    assert len(at_once) == 15
    assert {change["after"]["at"] for change in at_once} == {"2025-02-24T10:00:00+00:00"}
    assert {change["cause"] for change in document["changes"]} == {"rule", "step", "closes"}


def test_a_faulty_edit_is_named_with_its_place(city: City, tmp_path: Path) -> None:
    """A fault in the other folder is told as `check` tells it, with exit code 2."""
    edited = make_edit(city.config, tmp_path / "edit", Edit(name="x", file="schedule.yaml", old="reminders:", new="remainders:"))

    told = city.run("plan", "--against", str(edited))

    assert told.code == EXIT_USAGE
    assert "schedule.yaml" in told.err
    assert "Did you mean `reminders`?" in told.err


def test_without_a_database_the_whole_schedule_is_compared(city: City, tmp_path: Path) -> None:
    """Before anything is set up the edit is told for the whole year, whatever the date is today."""
    lonely = shutil.copytree(city.config, tmp_path / "lonely", ignore=shutil.ignore_patterns(".env*"))
    edited = make_edit(lonely, tmp_path / "edit", BY_NAME["anchor-later"])

    told = City(folder=tmp_path, capsys=city.capsys)
    tmp_path.joinpath("config").symlink_to(lonely)

    assert told.run("plan", "--against", str(edited)).out.splitlines()[0] == "161 mails move; nothing has been sent yet."
