"""lights.yaml: what was reported before the service was there. Read when it is there, checked like the other files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from reminder.configuration.keys import FILES
from reminder.configuration.loading import load_setup
from reminder.configuration.watching import QUIET_FOR, FileWatch
from reminder.domain.assessments import EarlierLight, Phase, TrafficLight
from reminder.errors import Severity

Edit = Callable[[str, str, str], None]
LIGHTS = """\
programmes:
  elinvoima:
    on: 20.2.2024
    lights:
      "3.1": yellow
      "3.10": {light: red, phase: ongoing, text: "Odottaa: päätöstä.", on: 2024-03-01}
"""


def put(folder: Path, text: str) -> Path:
    """Writes the file."""
    path = folder / "lights.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_the_file_tells(folder: Path) -> None:
    """By number or id, in the short or the long form; the common day counts where an entry has none of its own."""
    put(folder, LIGHTS)
    loaded = load_setup(folder)

    assert loaded.findings == ()
    assert loaded.setup is not None
    assert loaded.setup.earlier == {
        "elinvoima": {
            "nayttelyt": EarlierLight(on=date(2024, 2, 20), light=TrafficLight.YELLOW),
            "3.10": EarlierLight(on=date(2024, 3, 1), light=TrafficLight.RED, phase=Phase.ONGOING, text="Odottaa: päätöstä."),
        }
    }


def test_without_the_file_nothing_changes(folder: Path) -> None:
    """It may be missing, and then the files are what they were: the same version, no finding."""
    before = load_setup(folder).setup
    put(folder, LIGHTS)
    with_lights = load_setup(folder).setup
    (folder / "lights.yaml").unlink()
    after = load_setup(folder)

    assert before is not None
    assert with_lights is not None
    assert after.setup == before
    assert after.findings == ()
    assert with_lights.version != before.version
    assert after.contents["lights.yaml"] is None
    files = ((name, (folder / name).read_bytes()) for name in FILES)
    whole = b"".join(f"{name}\0{len(content)}\0".encode() + content for name, content in files)
    assert before.version == sha256(whole).hexdigest()[:12], "an update of the program is no edit of the files"


FAULTS = [
    ("light: red", "light: punainen", "6:23", "`punainen` is not a traffic light.", "Did you mean `red`?"),
    ('"3.1": yellow', '"3.1": orange', "5:14", "`orange` is not a traffic light.", "Known here: green, yellow, red."),
    ('"3.1": yellow', '"3.2": yellow', "5:7", "Programme elinvoima has no action `3.2`.", "Did you mean `3.1`?"),
    ('"3.10":', "nayttelyt:", "6:7", "The light of action 3.1 stands twice; first in line 5.", "Remove one of the two."),
    ('"3.10":', '"3.1":', "6:7", "`3.1` stands twice; first in line 5.", "Remove or rename one of the two."),
    ("  elinvoima:", "  elinvoma:", "2:3", "Programme `elinvoma` is not in programme.yaml.", "Did you mean `elinvoima`?"),
    ("light: red, phase: ongoing, ", "", "6:7", "Neither light nor phase is given for action 3.10.", "Add `light: green`"),
    ("    on: 20.2.2024\n", "", "4:7", "It is not said when action 3.1 was reported on.", "Add `on: 2024-02-20`"),
    ("on: 20.2.2024", "on: viime vuonna", "3:9", "`viime vuonna` is not a date.", "Write it as 2025-02-28"),
    ("phase: ongoing", "phase: going", "6:35", "`going` is not possible for `phase`.", "Did you mean `ongoing`?"),
    ("    lights:", "    light:", "4:5", "`light` is not known in programme elinvoima.", "Did you mean `lights`?"),
    ("programmes:", "programme:", "1:1", "`programme` is not known in lights.yaml.", "Did you mean `programmes`?"),
]


@pytest.mark.parametrize(("old", "new", "place", "message", "advice"), FAULTS, ids=[new.strip() or old.strip() for old, new, *_ in FAULTS])
def test_faults_are_named_where_they_stand(folder: Path, old: str, new: str, place: str, message: str, advice: str) -> None:
    """One edit, one fault, with what to do; and nothing of the files is taken up."""
    assert LIGHTS.count(old) == 1
    put(folder, LIGHTS.replace(old, new))
    loaded = load_setup(folder)

    (finding,) = loaded.findings
    assert f"{finding.file}:{finding.line}:{finding.column}" == f"lights.yaml:{place}"
    assert finding.message == message
    assert finding.advice.startswith(advice)
    assert (finding.severity, loaded.setup) == (Severity.FAULT, None)


def test_a_light_that_no_mail_would_show(folder: Path) -> None:
    """Given on the day of the last request or after it, it is a warning: the year is probably mistyped."""
    put(folder, LIGHTS.replace("20.2.2024", "14.2.2025"))

    (finding,) = load_setup(folder).findings
    assert (finding.line, finding.severity) == (5, Severity.WARNING)
    assert finding.message == (
        "The light of action 3.1 is of Fri 14.2.2025, but the last request goes out on Fri 14.2.2025; no mail will show it."
    )


def test_an_empty_file_is_a_fault_and_an_empty_table_is_none(folder: Path) -> None:
    """Who writes the file means something by it; a programme without lights is harmless."""
    put(folder, "# later\n")
    assert [finding.message for finding in load_setup(folder).findings] == ["The file is empty."]
    put(folder, "programmes:\n  elinvoima: {on: 2024-02-20}\n")
    assert load_setup(folder).findings == ()


@pytest.mark.parametrize(
    "text", ["- a", "programmes: [a]", "programmes: {elinvoima: [a]}", "programmes: {elinvoima: {on: 2024-02-20, lights: a}}"]
)
def test_other_shapes_are_faults_and_not_crashes(folder: Path, text: str) -> None:
    """Whatever stands there, it is a fault with a place."""
    put(folder, text + "\n")
    loaded = load_setup(folder)

    assert loaded.setup is None
    assert all(finding.file == "lights.yaml" and finding.line for finding in loaded.faults)


def test_a_service_that_runs_takes_it_up_and_lets_it_go(folder: Path) -> None:
    """The file appears, is broken, and goes: each is seen once it is at rest."""
    now = [100.0]
    watch = FileWatch(folder, monotonic=lambda: now[0])

    def look() -> object:
        """A look once the files have come to rest."""
        watch.look()
        now[0] += QUIET_FOR
        loaded = watch.look()
        return loaded and (len(loaded.faults), loaded.setup is not None and len(loaded.setup.earlier))

    watch.look()
    put(folder, LIGHTS)
    assert look() == (0, 1)
    put(folder, LIGHTS.replace("yellow", "yelow"))
    assert look() == (1, False)
    (folder / "lights.yaml").unlink()
    assert look() == (0, 0)


def test_a_former_id_still_finds_its_action(folder: Path, edit: Edit) -> None:
    """The lights were imported before the action got another id: what is told stays told."""
    edit("programme.yaml", "- id: nayttelyt", "- id: taide\n                was: [nayttelyt]")
    put(folder, LIGHTS.replace('"3.1":', "nayttelyt:"))
    loaded = load_setup(folder)

    assert loaded.findings == ()
    assert loaded.setup is not None
    assert set(loaded.setup.earlier["elinvoima"]) == {"taide", "3.10"}
