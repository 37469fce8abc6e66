"""The archive package of a round: what belongs to it, what it says of itself, and that the same state gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reminder.domain.programme import Localised
from reminder.domain.setup import ArchiveRules
from reminder.edges.packages import verify_package
from reminder.flows.archive import archive_round
from reminder.store.retention import purge_bodies
from tests.flows.town import CULTURE, PRINCIPAL, Town, templates

OFFER = b"From: joku@muualla.example\r\nTo: x@y.example\r\nSubject: Tarjous\r\nMessage-ID: <1@x>\r\n\r\nOsta.\r\n"


@pytest.fixture
def told(town: Town) -> Town:
    """The requests are out; one party has answered, with a formula, and a stranger wrote about something else."""
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: =1+1 avattiin\n1.10 keltainen: kesken")
    town.source.deliver(OFFER, when=town.clock.now())
    town.read()
    town.deliver()
    author = Localised({"fi": "Jaoston sihteeri"})
    rules = ArchiveRules(record_class="00.01.02", publicity="partly_secret", retention="10 vuotta", author=author)
    town.house = replace(town.house, setup=replace(town.setup, archive=rules))
    return town


def pack(town: Town, path: Path) -> dict[str, bytes]:
    """The files of the package of the first round."""
    archive_round(town.house, town.round, templates(), path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(content: bytes) -> list[dict[str, str]]:
    """A CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_what_belongs_to_the_round(told: Town, tmp_path: Path) -> None:
    """Every request with its bytes, the reply and its acknowledgement; not the stranger's offer."""
    files = pack(told, tmp_path / "one.zip")

    mails = rows_of(files["mails/index.csv"])
    assert [one["kind"] for one in mails if one["direction"] == "in"] == ["reply"]
    assert files["mails/in/0000001.eml"] == told.stored(1).mail.raw
    sent = {one["id"]: one for one in mails if one["direction"] == "out"}
    assert len(sent) == len(told.relay.taken)
    assert {files[one["file"]] for one in sent.values()} == {mail.raw for mail in told.relay.taken}
    assert [one["answers"] for one in sent.values() if one["kind"] == "acknowledgement"] == ["1"]
    assert not any(b"Osta." in content for content in files.values())
    facts = rows_of(files["data/reports.csv"])
    assert [(one["number"], one["light"]) for one in facts] == [("1.1", "green"), ("1.10", "yellow")]
    assert facts[0]["text"].startswith("'=")
    assert "site/index.html" in files
    assert "site/data/2024.json" in files


def test_what_it_says_of_itself(told: Town, tmp_path: Path) -> None:
    """In JSON and in XML, with a role for its author and the checksum of every file that is older than they are."""
    files = pack(told, tmp_path / "one.zip")
    one, xml = json.loads(files["metadata.json"]), ElementTree.fromstring(files["metadata.xml"])

    assert (one["class"], one["publicity"], one["retention"]) == ("00.01.02", "partly_secret", "10 vuotta")
    assert one["case_number"] == told.setup.programmes["elinvoima"].decision.case_number
    assert one["author"]["role"] == {"fi": "Jaoston sihteeri"}
    assert {file["path"] for file in one["files"]} == set(files) - {"metadata.json", "metadata.xml", "manifest-sha256.txt"}
    assert xml.findtext("Class") == "00.01.02"
    assert xml.findtext("CaseNumber") == one["case_number"]
    assert {file.get("sha256") for file in xml.iter("File")} == {file["sha256"] for file in one["files"]}
    assert verify_package(tmp_path / "one.zip").faults == ()


@pytest.mark.slow
def test_the_same_state_gives_the_same_bytes(told: Town, tmp_path: Path) -> None:
    """At another hour of the day too; a reply more, and they differ."""
    pack(told, tmp_path / "one.zip")
    told.clock.advance(timedelta(hours=3))
    pack(told, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()

    told.reply(PRINCIPAL, "2.1 vihreä: tehty")
    told.read()
    pack(told, tmp_path / "three.zip")

    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "three.zip").read_bytes()


@pytest.mark.slow
def test_mails_whose_bytes_are_no_longer_kept_stand_in_the_index(told: Town, tmp_path: Path) -> None:
    """The line stays, without a file."""
    with told.house.store.begin() as conn:
        purge_bodies(conn, told.clock.now() + timedelta(days=1))

    done = archive_round(told.house, told.round, templates(), tmp_path / "one.zip")

    assert done.without_bytes == done.mails_in + done.mails_out
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".eml")]
        assert all(not one["file"] for one in rows_of(archive.read("mails/index.csv")))


def test_a_dry_run_writes_nothing(told: Town, tmp_path: Path) -> None:
    """It counts."""
    told.move_to_day(date(2025, 3, 1))
    done = archive_round(told.house, told.round, templates(), tmp_path / "one.zip", dry_run=True)

    assert (done.mails_in, done.files) == (1, 0)
    assert not list(tmp_path.glob("*.zip"))


@pytest.mark.slow
def test_the_reports_are_in_it(told: Town, tmp_path: Path) -> None:
    """In every form that can be made here, in each language; what cannot is named with its reason."""
    done = archive_round(told.house, told.round, templates(), tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = {name.removeprefix("reports/") for name in archive.namelist() if name.startswith("reports/")}

    assert {f"elinvoima-2024-{language}.html" for language in told.setup.languages} <= names
    assert {"elinvoima-2024.csv", "elinvoima-2024.json"} <= names
    wanted = {f"elinvoima-2024-{language}.{form}" for language in told.setup.languages for form in ("pdf", "docx", "xlsx")}
    assert wanted <= names | set(done.left_out)
