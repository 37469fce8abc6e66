"""`archive` on the command line: a package is written once, checked, and refused where it was changed."""

from __future__ import annotations

import json
import zipfile

from tests.cli.city import City


def test_a_round_is_packed_and_checked(city: City) -> None:
    """The seal of both commands is the same; a second one is not written over the first; a changed file is named, with exit code 1."""
    path = city.folder / "kierros.zip"
    city.run("migrate")
    packed = json.loads(city.run("--json", "archive", "2024", "--out", str(path)).out)
    assert packed["written"] is True
    found = json.loads(city.run("--json", "archive", "--verify", str(path)).out)
    assert (found["sound"], found["seal"]) == (True, packed["seal"])

    again = city.run("archive", "2024", "--out", str(path))
    assert (again.code, "there already" in again.err) == (2, True)
    other = city.folder / "toinen.zip"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as changed:
        for name in archive.namelist():
            changed.writestr(name, b"x" if name == "README.txt" else archive.read(name))
    told = city.run("archive", "--verify", str(other))
    assert (told.code, "README.txt: changed" in told.out) == (1, True)


def test_what_is_missing_is_said(city: City) -> None:
    """Neither without a round nor without a file, and not both at once; --dry-run writes nothing."""
    city.run("migrate")
    for arguments, said in (
        ((), "Which round"),
        (("2024", "--verify", "x.zip"), "Either"),
        (("--verify", str(city.folder / "x.zip")), "no package"),
    ):
        told = city.run("archive", *arguments)
        assert (told.code, said in told.err) == (2, True)
    assert "Would pack" in city.run("archive", "2024", "--out", str(city.folder / "x.zip"), "--dry-run").out
    assert not (city.folder / "x.zip").exists()
