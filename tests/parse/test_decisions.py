"""The coordinator's one word: forgiving about how it is said, strict about doubt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.readings import Decision
from reminder.parse.decisions import read_decision

YES = [
    "hyväksyn", "Hyväksyn.", "HYVÄKSYTTY", "ok", "Ok, lähetä!", "ok, lähettäkää vain", "Kyllä, voi lähettää", "Kunnossa.", "Täsmää",
    "Ei huomautettavaa, hyväksyn.", "Hei!\n\nHyväksyn muistutukset.\n\nTerveisin\nElinvoima", "Kiitos, näyttää hyvältä, lähetä.",
    "Hyväksyn, lähetä.\n\n-- \nElinvoimakoordinaattori\nJos viesti ei ole tarkoitettu sinulle, poista se.",
    "godkänn", "Godkänner, skicka.", "Godkänns!", "ok, skicka", "Stämmer.", "Ja, skicka ut dem", "I ordning.", "Hej\n\nGodkänner.\n\nMvh",
    "Approved", "approve", "Yes, go ahead", "ok send", "I approve.", "Looks good, send them", "Correct.", "No objections, approved.",
    "Approved.\n\nSent from my phone",
]  # fmt: skip
NO = [
    "älä lähetä", "Älä lähetä vielä", "ÄLKÄÄ LÄHETTÄKÖ", "En hyväksy", "Hylkään.", "seis", "stoppa", "Skicka inte!", "Godkänner inte",
    "reject", "Don't send", "do not approve", "Hyväksyn... ei, älä lähetä", "ok men skicka inte",
]  # fmt: skip
UNCLEAR = [
    "", "?", "ok?", "Hyväksynkö?", "ok mutta korjaa päivä", "Hyväksyn, kun päivä on korjattu", "Hyväksyn huomenna", "Kiitos!",
    "Lähetä minulle lista", "Ei vielä", "Hyväksyn muut paitsi ruotsinkieliset", "Godkänner när datumet är rättat", "Skicka mig listan",
    "send me the list", "approved except the Swedish one", "Yes if the date is right", "Maybe ok", "Tämä ok, tuo väärin",
    "Onko tämä hyväksytty", "hyväksyn " + "ja vielä yksi asia " * 60,
]  # fmt: skip


@pytest.mark.parametrize("words", YES)
def test_yes(words: str) -> None:
    """Said plainly, it is an approval, whatever the greeting and the signature."""
    assert read_decision(words) is Decision.APPROVE


@pytest.mark.parametrize("words", NO)
def test_no(words: str) -> None:
    """A no wins over any yes beside it."""
    assert read_decision(words) is Decision.REJECT


@pytest.mark.parametrize("words", UNCLEAR)
def test_doubt(words: str) -> None:
    """A question, a condition, another time or another matter is neither."""
    assert read_decision(words) is Decision.UNCLEAR


@settings(max_examples=60)
@given(st.sampled_from(YES[:4]), st.sampled_from(["mutta", "jos", "kun", "vasta", "men", "om", "but", "if", "?", "paitsi", "inte"]))
def test_a_word_of_doubt_never_approves(yes: str, doubt: str) -> None:
    """Wherever it stands."""
    assert read_decision(f"{yes} {doubt} tuo") is not Decision.APPROVE
    assert read_decision(f"{yes}\n\nNiin, {doubt} se on") is not Decision.APPROVE


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    """Total, and quick: it never raises."""
    assert read_decision(text) in Decision
