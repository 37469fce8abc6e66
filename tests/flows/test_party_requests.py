"""A party asks, the coordinator decides by one line of the digest, and the party is told (decision 0033)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from reminder.domain.messages import MailKind
from reminder.parse.message import read_mail
from reminder.wire.mailto import read_mailto
from tests.flows.test_desk import order
from tests.flows.town import COORDINATOR, CULTURE, PRINCIPAL, Town, text_of

PARTY = "kulttuuripaallikko"
MAIJA = "maija.meri@suvikoski.example"


@pytest.fixture
def asked(town: Town) -> Town:
    """The requests have gone out, and the culture manager asks for more time beside a light."""
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: avattiin\n\nMuuhun pyydämme lisäaikaa 15.4. asti, koska olemme lomalla.\n\nTerveisin K")
    town.read()
    town.deliver()
    town.go(date(2025, 2, 24))
    return town


def links(town: Town) -> list[str]:
    """The first lines that the links of the newest digest write."""
    html = "\n".join(read_mail(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw).html)
    return [read_mailto(unescape(url))[2].splitlines()[0] for url in re.findall(r'href="(mailto:[^"]+)"', html)]


def test_more_time_is_asked_for_and_granted_by_one_click(asked: Town) -> None:
    """The light beside it counts, the deadline stays until it is granted, and who asked is told."""
    assert [fact.text for fact in asked.facts()] == ["avattiin"]
    assert "Välitimme myös pyyntösi" in text_of(asked.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    due = asked.progress(PARTY).deadline.due_on
    assert due != date(2025, 4, 15)
    digest = text_of(asked.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Pyytää lisäaikaa: kulttuuripäällikkö" in digest
    (granting,) = [line for line in links(asked) if line.startswith("lisäaikaa kulttuuripäällikkö 15.4.2025")]

    told = order(asked, granting)

    assert "Pyytäjälle kerrotaan" in told
    assert asked.progress(PARTY).deadline.due_on == date(2025, 4, 15)
    outcome = text_of(asked.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert "saat lisäaikaa. Uusi määräaikasi on" in outcome
    assert "15.4.2025" in outcome
    asked.go(date(2025, 3, 3))
    assert "Pyytää lisäaikaa" not in text_of(asked.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)


def test_a_request_is_refused_with_its_reason(asked: Town) -> None:
    """Nothing changes, the reason reaches who asked, and a second refusal finds nothing."""
    due = asked.progress(PARTY).deadline.due_on
    told = order(asked, "ei lisäaikaa kulttuuripäällikölle: kokous on jo 3.4.")

    assert "pyyntöön vastattiin kieltävästi" in told
    assert asked.progress(PARTY).deadline.due_on == due
    outcome = text_of(asked.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert "lisäaikaa ei voitu antaa" in outcome
    assert "kokous on jo 3.4." in outcome
    assert "mitään pyyntöä ei odota" in order(asked, "ei lisäaikaa kulttuuripäällikölle", kind=MailKind.DESK)


def test_a_request_alone_is_no_answer_and_no_misunderstanding(town: Town) -> None:
    """No light is recorded, the sender is told that a person decides, and the digest does not call it not understood."""
    town.ask()
    town.reply(PRINCIPAL, f"Tämä ei kuulu meille. Oikea vastaanottaja: {MAIJA}")
    town.read()
    town.deliver()
    assert town.facts() == ()
    told = text_of(town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert "Välitimme pyyntösi koordinaattorille" in told

    town.go(date(2025, 2, 24))
    digest = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Kertoo, ettei asia kuulu sille: lukion rehtori" in digest
    assert "vastausta ei ymmärretty" not in digest
    (line,) = [line for line in links(town) if line.startswith("uusi yhteyshenkilö lukion rehtori")]
    assert line.endswith(MAIJA)
    assert f"yhteyshenkilö on nyt {MAIJA}" in order(town, line)
    assert "ohjannut asian oikealle" in text_of(town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)[-1].raw)


def test_a_stranger_asks_for_nothing(town: Town) -> None:
    """Held: what it says is shown with it, and no request comes of it."""
    town.ask()
    town.reply(CULTURE, "Pyydän lisäaikaa 15.4. asti", sender="joku@muualla.example")
    town.read()
    town.clock.advance(timedelta(hours=1))
    town.go(date(2025, 2, 24))
    assert "Pyytää lisäaikaa" not in text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
