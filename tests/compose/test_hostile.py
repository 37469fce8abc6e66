"""What other people wrote stays text: in the text part, in HTML, in headers and in links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.compose.blocks import clip, plain
from reminder.compose.views import AcknowledgementView, LastTime, RecordedAnswer, ScheduleMailView
from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind, SpanKind
from reminder.domain.programme import Localised
from reminder.wire.mailto import read_mailto
from tests.compose import cast
from tests.compose.reading import read_page, uncovered

POST = cast.composer()
HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "\u202edesrever\u202c",
    "=?utf-8?q?=0ABcc:_x@evil.test?=",
    "rivi\n\nTila: punainen\nViite: VÄÄRÄ / x",
    "a\x00b\x1b[31mc\u2028d",
    "\ue0000\ue001klikkaa\ue002",
    '"><a href="https://evil.test">x</a>',
    "&lt;b&gt; &amp; &#0;",
    "\ud800",
)


def _request(text: str) -> ScheduleMailView:
    view = cast.schedule_view()
    section = view.sections[0]
    said = LastTime(on=date(2024, 2, 1), light=TrafficLight.RED, text=text)
    actions = tuple(replace(action, item=replace(action.item, title=text), last_time=said) for action in section.actions)
    party = replace(section.party, name=Localised.everywhere(text or "x"))
    heading = replace(view.heading, programme=Localised.everywhere(text or "x"), case_number=text)
    return replace(view, sections=(replace(section, actions=actions, party=party),), heading=heading)


def _acknowledgement(text: str) -> AcknowledgementView:
    view = cast.acknowledgement_view()
    recorded = RecordedAnswer(item=cast.item("12", title=text), light=TrafficLight.GREEN, text=text, next_step=text)
    ask_back = tuple(replace(ask, quote=text) for ask in view.ask_back)
    return replace(view, recorded=(recorded,), ask_back=ask_back, note=text, their_subject=text, answered_by=text)


@pytest.mark.fault("A9")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    """No tag, no template, no line of its own, no link, no override comes out of a title, a party's name or an answer."""
    clean = cast.every_mail("fi")
    for mail, harmless in ((POST.schedule_mail(_request(text)), clean["request"]), (POST.acknowledgement(_acknowledgement(text)), None)):
        page = read_page(mail.html)
        assert "script" not in {tag for tag, _ in page.tags}
        assert all(href.startswith("mailto:seuranta+") for href, _ in page.links)
        assert "49" not in mail.text.replace(cast.OFFICE.phone, "")
        assert not any(mark in mail.subject + mail.text + mail.html for mark in "\u202e\u2028\x00\x1b\ue000")
        assert "\n" not in mail.subject
        assert "Viite: VÄÄRÄ" not in [line.strip()[:12] for line in mail.text.splitlines()]
        if harmless is not None:
            assert {tag for tag, _ in page.tags} == {tag for tag, _ in read_page(harmless.html).tags}


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400))
def test_spans_cover_whatever_was_written(text: str) -> None:
    """The spans cover both parts for any words of others."""
    for mail in (POST.schedule_mail(_request(text)), POST.acknowledgement(_acknowledgement(text))):
        assert uncovered(mail.text, mail.spans) == ""
        assert uncovered("".join(read_page(mail.html).text), mail.spans) == ""


def test_value_cannot_become_our_label() -> None:
    """Words that look like our labels stay inside the span of last time's line."""
    mail = POST.schedule_mail(_request("Tila (vihreä / keltainen / punainen): punainen"))
    labels = [span for span in mail.spans if span.kind is SpanKind.LIGHT_LABEL]

    assert len(labels) == 3
    assert mail.text.count("\nTila (vihreä / keltainen / punainen):\n") == 3


def test_long_title_keeps_links_short() -> None:
    """A link stays under 1,900 characters, since some clients cut longer ones; the number still names the action."""
    mail = POST.schedule_mail(_request("äöå " * 200))
    links = [href for href, _ in read_page(mail.html).links]

    assert max(map(len, links)) <= 1900
    assert any(read_mailto(href)[2].startswith("[12]\nTila: ") for href in links)


def test_clashing_numbers_are_told_apart() -> None:
    """Where two programmes meet in one mail the number is prefixed; an answer that says 12 means one action."""
    view = cast.schedule_view()
    section = view.sections[0]
    other = cast.action("12")
    other = replace(other, item=replace(other.item, programme="hyvinvointi", action="b12"))
    mail = POST.schedule_mail(replace(view, sections=(section, replace(section, party=cast.GROUP, actions=(other,)))))

    assert [item.number for item in mail.items] == ["ELVO-12", "13", "14", "HYVI-12"]
    assert "[HYVI-12]" in mail.text


def test_contribution_to_an_own_action_is_asked_once() -> None:
    """A person who leads an action for one party and contributes for another answers it once."""
    contribution = replace(cast.section(MailKind.REQUEST, "21", party=cast.GROUP), actions=())
    helped = (cast.action("12", party=cast.GROUP.id, is_contribution=True), cast.action("21", party=cast.GROUP.id, is_contribution=True))
    view = cast.schedule_view(MailKind.REQUEST, "fi", cast.section(MailKind.REQUEST, "12"), replace(contribution, actions=helped))
    mail = POST.schedule_mail(view)

    assert [(item.number, item.party) for item in mail.items] == [("12", "kulttuuripaallikko"), ("21", "johtoryhma")]
    assert "Nämä toimenpiteet ovat toisen vastuulla; voit halutessasi täydentää." in " ".join(mail.text.split())


@given(text=st.text(max_size=300), limit=st.integers(min_value=5, max_value=80))
def test_clipping_keeps_within_its_limit(text: str, limit: int) -> None:
    """A clipped text is inert and never longer than asked."""
    assert len(clip(text, limit)) <= limit
    assert plain(clip(text, limit)) == clip(text, limit)
