"""`check` beyond the faults of the files: what would go out at once to everybody, in which language; and surveys in `plan`."""

from __future__ import annotations

import pytest

from tests.cli.city import City
from tests.edges.scripted import ScriptedSmtp


def edit(city: City, file: str, old: str, new: str) -> None:
    """Replaces a text of a file, which must be there once."""
    path = city.config / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def sudden(city: City, *options: str) -> list[str]:
    """What `check` says of mails that would go out at once."""
    return [line for line in city.run(*options, "check").out.splitlines() if "schedule.yaml" in line]


def test_mail_that_would_go_out_at_once_to_everybody(city: City) -> None:
    """On the day after the request, nothing sent yet, the line of the request is named with the number of those it would reach."""
    city.at("2025-02-15 09:00")

    (line,) = sudden(city)
    assert line.startswith(
        "schedule.yaml:35:14: warning: The request of round 2024, planned for Fri 14.2.2025, would go out at once to 16 of 16"
    )
    assert line.endswith("Move its date, or let `arm` skip it, as it does unless told otherwise.")
    assert city.run("check").code == 0
    assert sudden(city, "--lang", "fi")[0].startswith("schedule.yaml:35:14: varoitus: Kierroksen 2024 pyyntö, jonka päivä on pe 14.2.2025")


def test_what_was_sent_or_skipped_is_not_sudden(city: City) -> None:
    """`arm` skips what is due already, and then `check` has nothing to say of it; nor has it before the day."""
    assert sudden(city) == []
    city.at("2025-02-15 09:00")
    assert city.run("arm").code == 0
    assert sudden(city) == []


def test_edit_that_brings_a_mail_forward_is_sudden(city: City) -> None:
    """Armed and waiting, an edit that moves the request into the past would write to everybody at once."""
    city.at("2025-01-20 09:00")
    assert city.run("arm").code == 0
    assert sudden(city) == []
    edit(city, "schedule.yaml", "    request: financial_statements\n", "    request: financial_statements - 5 weeks\n")

    assert "The request of round 2024, planned for Fri 10.1.2025, would go out at once" in sudden(city)[0]


def test_findings_in_the_language_asked_for(city: City) -> None:
    """A fault, its hint and its severity in Finnish and in Swedish; in English where nothing is asked for."""
    edit(city, "schedule.yaml", "    reminders:", "    remainders:")

    assert [city.run("--lang", language, "check").err.splitlines()[0] for language in ("en", "fi", "sv")] == [
        "schedule.yaml:39:5: fault: `remainders` is not known in round 2024. Did you mean `reminders`?",
        "schedule.yaml:39:5: virhe: `remainders` on tuntematon avain kohdassa kierros 2024. Tarkoititko: `reminders`?",
        "schedule.yaml:39:5: fel: `remainders` är okänt i rundan 2024. Menade du `reminders`?",
    ]
    assert [city.run("--lang", language, "check").code for language in ("en", "fi", "sv")] == [2, 2, 2]


def test_a_survey_is_in_the_plan_and_sends_nothing(city: City) -> None:
    """Its dates stand among the others, marked as not sent; check notes it, and nothing of it is ever due."""
    steps = "request: 2025-02-17, due: 2025-02-24, closes: due + 1 week"
    survey = f"  kysely: {{kind: survey, members: [elinvoimajaosto], {steps}}}\n"
    path = city.config / "schedule.yaml"
    path.write_text(path.read_text(encoding="utf-8") + survey, encoding="utf-8")

    rows = [row for row in city.run("--json", "plan").lines if row["round"] == "elinvoima/kysely"]
    assert [(row["kind"], row["party"], row["state"], row["at"]) for row in rows] == [
        ("request", "elinvoimajaosto", "survey", "2025-02-17T06:00:00+00:00")
    ]
    assert "survey, not sent yet" in city.run("plan").out
    city.at("2025-02-18 10:00")
    assert "kysely" not in city.run("arm", "--dry-run").out
    assert "Survey kysely is only planned" in city.run("check").out


def test_line_100_is_a_place_and_no_picture(city: City) -> None:
    """`file:100:5` holds what a terminal library takes for the name of an emoji; it is printed as it is."""
    path = city.config / "schedule.yaml"
    path.write_text("\n" * 65 + path.read_text(encoding="utf-8"), encoding="utf-8")
    edit(city, "schedule.yaml", "    request: financial_statements\n", "    requst: financial_statements\n")

    assert any(line.startswith("schedule.yaml:100:5: fault: `requst`") for line in city.run("check").err.splitlines())


@pytest.mark.fault("S15")
def test_the_relay_is_asked_whether_it_takes_our_own_copy(city: City) -> None:
    """Before the first mail, by RCPT and without DATA; only where copies are wanted."""
    with ScriptedSmtp({"RCPT": ["250 OK\r\n", "550 5.1.1 no such user\r\n"]}) as relay:
        city.set(SMTP_PORT=relay.port)
        without = city.run("check", "--connect")
        city.set(CONFIRM_BY_COPY="yes")
        taken, refused = city.run("check", "--connect"), city.run("check", "--connect")
        asked = [line for line in relay.lines if line.startswith(b"RCPT")]
        sent = [line for line in relay.lines if line.startswith(b"DATA")]

    assert (without.code, taken.code, refused.code) == (0, 0, 1)
    assert "our own copy" not in without.out
    assert "takes our own copy for seuranta+check@suvikoski.example" in " ".join(taken.out.split())
    assert "does not take our own copy for seuranta+check@suvikoski.example: 550 5.1.1 no such user" in " ".join(refused.err.split())
    assert "REMINDER_CONFIRM_BY_COPY=no" in " ".join(refused.err.split())
    assert asked == [b"RCPT TO:<seuranta+check@suvikoski.example>"] * 2
    assert sent == []
