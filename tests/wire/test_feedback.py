"""Which mails are feedback on accessibility, by their address or their subject."""

from __future__ import annotations

import pytest

from reminder.domain.programme import LANGUAGES, Language
from reminder.wire.feedback import SUBJECTS, feedback_address, find_feedback, write_feedback_link
from reminder.wire.mailto import read_mailto

OURS = frozenset({"seuranta@suvikoski.example"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_link_opens_is_feedback(language: Language) -> None:
    """With the plus part and without it, whatever prefix the client puts before the subject."""
    for plus in (True, False):
        to = feedback_address("seuranta@suvikoski.example", uses_plus_addresses=plus)
        address, subject, body = read_mailto(write_feedback_link(to, language, programme="Elinvoimaohjelma", page="https://x.example/"))

        assert find_feedback([address], OURS, f"VS: {subject}") == language
        assert subject.startswith(SUBJECTS[language])
        assert "https://x.example/" in body


@pytest.mark.parametrize(
    ("recipient", "subject", "found"),
    [
        ("seuranta+saavutettavuus@suvikoski.example", "Kontrasti", "fi"),
        ("Seuranta+Saavutettavuus@suvikoski.example", "", "fi"),
        ("seuranta+saavutettavuus@muualla.example", "Kontrasti", None),
        ("seuranta@suvikoski.example", "SAAVUTETTAVUUSPALAUTE sivusta", "fi"),
        ("seuranta@suvikoski.example", "Tillgänglighetsfeedback", "sv"),
        ("seuranta@suvikoski.example", "Feedback on accessibility", "en"),
        ("seuranta@suvikoski.example", "Saavutettavuus paranee", None),
        ("seuranta@suvikoski.example", "Palaute", None),
    ],
)
def test_address_or_subject(recipient: str, subject: str, found: Language | None) -> None:
    """Either is enough, and neither is guessed at."""
    assert find_feedback([recipient], OURS, subject) == found
