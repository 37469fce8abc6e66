"""Every mail in every language: whole as text and as HTML, covered by its spans, and usable without seeing colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest

from reminder.compose.meeting_views import Change
from reminder.compose.views import AcknowledgementTone, DigestProblem, ReportStanding
from reminder.compose.words import SHAPES, format_date, format_on
from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import DraftMessage, MailKind, SpanKind
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.readings import AskBack, AskReason
from reminder.wire.answer_block import BLOCK_WORDS, write_reference
from reminder.wire.mailto import read_mailto
from tests.compose import cast
from tests.compose.reading import read_page, uncovered

NAMES = (
    *(kind.value for kind in cast.KINDS),
    "request_two_parties",
    "request_with_form",
    "reminder_with_form",
    "acknowledgement_with_documents",
    "reminder_not_understood",
    "overdue_not_understood",
    "reminder_bounced",
    "overdue_bounced",
    "escalation_warning",
    "escalation_named",
    "escalation_above",
    "two_programmes",
    "request_after_deadline",
    *(f"acknowledgement_{tone.value}" for tone in AcknowledgementTone),
    "standing",
    "standing_complete",
    *(f"invitation_{change.value}" for change in Change),
    "invitation_seminar",
    "digest",
    "alert",
)
every_mail = cache(cast.every_mail)
each_mail = pytest.mark.parametrize("name", NAMES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def _mail(language: Language, name: str) -> DraftMessage:
    return every_mail(language)[name]


@each_mail
@each_language
def test_spans_cover_the_text(language: Language, name: str) -> None:
    """Everything of ours that a plain reply can quote is a span, in order; else parsing takes it for the sender's words."""
    mail = _mail(language, name)

    assert uncovered(mail.text, mail.spans) == ""


@each_mail
@each_language
def test_spans_cover_the_page(language: Language, name: str) -> None:
    """What the HTML part shows when turned to text is covered too, light links and preheader with it."""
    mail = _mail(language, name)

    assert uncovered("".join(read_page(mail.html).text), mail.spans) == ""


@each_mail
@each_language
def test_every_span_is_shown_somewhere(language: Language, name: str) -> None:
    """A span that stands in neither part would be subtracted from what the sender wrote."""
    mail = _mail(language, name)
    shown = "".join(mail.text.split()) + "".join("".join(read_page(mail.html).text).split())

    assert [span.text for span in mail.spans if "".join(span.text.split()) not in shown] == []


@each_mail
@each_language
def test_reference_line_is_our_last(language: Language, name: str) -> None:
    """The reference line marks the end of our text in a quotation (replies.md section 9)."""
    mail = _mail(language, name)
    reference = write_reference(language, "ELVO-7K3Q", cast.TOKEN)

    assert mail.spans[-1] == reference
    assert mail.text.rstrip().splitlines()[-1] == reference.text
    assert "".join(read_page(mail.html).text).rstrip().endswith(reference.text)


@each_mail
@each_language
def test_lines_of_text_fit(language: Language, name: str) -> None:
    """Prose is wrapped at 72; labels with their longest light stay under 76, where Gmail re-wraps quoted lines."""
    mail = _mail(language, name)
    free = {span.text for span in mail.spans if span.kind in {SpanKind.HEAD, SpanKind.LEGEND, SpanKind.REFERENCE}}
    lines = [line for line in mail.text.splitlines() if line not in free and "http" not in line and not line.startswith("  ")]
    longest = max(len(word) for word in BLOCK_WORDS[language].lights.values())

    assert [line for line in lines if len(line) > 72] == []
    assert all(len(span.text) + 1 + longest < 76 for span in mail.spans if span.kind is SpanKind.LIGHT_LABEL)


@each_mail
@each_language
def test_page_is_self_contained(language: Language, name: str) -> None:
    """No image, script or remote style; language set; links only to mail and web; the tag is in the subject."""
    mail = _mail(language, name)
    page = read_page(mail.html)
    names = {tag for tag, _ in page.tags}

    assert names.isdisjoint({"img", "script", "link", "iframe", "form", "object", "svg"})
    assert not re.search(r"url\(|@import|src=|background=", mail.html)
    assert ("html", {"lang": language}) in page.tags
    assert all(href.startswith(("mailto:", "https://")) for href, _ in page.links)
    assert mail.subject.endswith("[ELVO-7K3Q]")
    assert len(mail.html) < 102_000  # Gmail clips longer ones.


@each_mail
@each_language
def test_no_sign_of_the_machinery(language: Language, name: str) -> None:
    """Neither marks of ours nor of Jinja or Python are left in what a person reads, and no blank line runs on."""
    mail = _mail(language, name)

    for part in (mail.subject, mail.text, mail.html):
        assert not re.search("[\ue000-\uf8ff]|None|True|False|Localised|undefined|{{|{%", part)
    assert "\n\n\n" not in mail.text
    assert not re.search(r" [,.;:]|\.\.| {2}", re.sub(r"^  .*$", "", mail.text, flags=re.MULTILINE))


@each_language
def test_request_offers_three_lights_for_each_action(language: Language) -> None:
    """Word and shape and colour; each opens a reply that names action, light and reference."""
    mail = _mail(language, "request")
    words = BLOCK_WORDS[language]
    shown = [span for span in mail.spans if span.kind is SpanKind.LINK and span.item is not None]
    buttons = [span.text for span in shown if span.text[0] in SHAPES.values()]
    bodies = [read_mailto(href) for href, _ in read_page(mail.html).links if href.startswith("mailto:")]

    assert buttons == [f"{SHAPES[light]} {words.lights[light]}" for _ in mail.items for light in TrafficLight]
    assert all(address == f"seuranta+{cast.TOKEN}@suvikoski.example" for address, _, _ in bodies)
    assert all(body.rstrip().endswith(cast.TOKEN) for _, _, body in bodies)
    assert f"[13] {cast.TITLES['13']}\n{words.light}: {words.lights[TrafficLight.YELLOW]}\n" in bodies[4][2]


@each_language
def test_request_has_the_form_in_both_parts(language: Language) -> None:
    """Head, last time and the three labels follow each other, in the order of the actions."""
    mail = _mail(language, "request")
    structure = [(span.kind, span.item) for span in mail.spans if span.item is not None and span.kind is not SpanKind.LINK]
    labels = (SpanKind.LIGHT_LABEL, SpanKind.DONE_LABEL, SpanKind.NEXT_LABEL)

    assert structure == [
        *[(kind, 0) for kind in (SpanKind.HEAD, SpanKind.LAST_TIME, *labels)],
        *[(kind, 1) for kind in (SpanKind.HEAD, *labels)],
        *[(kind, 2) for kind in (SpanKind.HEAD, *labels)],
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "digest"])  # the digest asks for no light
@each_language
def test_bare_colour_words_stand_only_where_they_are_marked(language: Language, name: str) -> None:
    """A colour in prose could be read as an answer: only label, legend, last time and links may hold one (replies.md 9.8)."""
    mail = _mail(language, name)
    words = "|".join(BLOCK_WORDS[language].lights.values())
    loose = [span.text for span in mail.spans if span.kind in {SpanKind.PROSE, SpanKind.HEAD} and re.search(rf"\b(?:{words})\b", span.text)]

    assert loose == []


def test_chasing_mail_thanks_first_and_asks_for_the_rest() -> None:
    """A party that has answered a part is thanked before it is asked for the other part; nothing scolds."""
    for name in ("reminder", "last_call", "overdue"):
        mail = _mail("fi", name)
        assert mail.text.index("kiitos") < mail.text.index("puuttuu")
        assert [item.number for item in mail.items] == ["12", "14"]


def test_consequence_is_named_only_late() -> None:
    """The request does not threaten; last call and overdue say what happens without an answer."""
    assert "ilman arviota" not in _mail("fi", "request").text
    assert "näkyvät kokouksessa ilman arviota" in " ".join(_mail("fi", "last_call").text.split())
    assert "näkyvät kokouksessa ilman arviota" in " ".join(_mail("fi", "overdue").text.split())


def test_request_subject_says_all() -> None:
    """Programme, how many, by when with the weekday, tag; in the grammar of each language."""
    assert _mail("fi", "request").subject == "Elinvoimaohjelma 2024–2027: 3 toimenpidettä raportoitavana pe 28.2.2025 mennessä [ELVO-7K3Q]"
    assert _mail("sv", "request").subject == "Livskraftsprogrammet 2024–2027: 3 åtgärder att rapportera senast fre 28.2.2025 [ELVO-7K3Q]"
    assert _mail("en", "request").subject == "Vitality Programme 2024–2027: 3 actions to report on by Fri 28 Feb 2025 [ELVO-7K3Q]"


def test_one_action_is_singular() -> None:
    """1 toimenpide, not 1 toimenpidettä."""
    post = cast.composer()
    view = cast.schedule_view(MailKind.REQUEST, "fi", cast.section(MailKind.REQUEST, "12"))

    assert "1 toimenpide raportoitavana" in post.schedule_mail(view).subject


def test_acknowledgement_keeps_to_the_thread() -> None:
    """The subject is theirs with one Re:, and the tag once."""
    assert _mail("fi", "acknowledgement_partial").subject == "Re: Elinvoimaohjelma 2024–2027: 3 toimenpidettä [ELVO-7K3Q]"


def test_acknowledgement_tells_what_was_recorded() -> None:
    """Light, phase, words, next step with its date, what it was before, what is provisional, what is missing or unclear."""
    text = " ".join(_mail("fi", "acknowledgement_partial").text.split())

    assert "[12] Taidenäyttelyt tyhjiin liiketiloihin ● vihreä (oli: ▲ keltainen) ”Palvelu avattiin.”" in text
    assert "▲ keltainen, käynnissä ”Hankinta viivästyi.” Jatko: Sopimus allekirjoitetaan, to 15.5.2025 Vahvistamatta" in text
    assert "Kirjoitit: ”vihreä tai keltainen” Vastauksessa on kaksi eri tilaa. Kumpi pitää paikkansa?" in text
    assert text.index("Puuttuu vielä, määräaika pe 28.2.2025") < text.index("[15]")
    assert [item.number for item in _mail("fi", "acknowledgement_partial").items] == ["12", "13", "14", "15"]


@each_language
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, {"fi": "mennessä; aikaa on 8 arkipäivää", "sv": "det är 8 arbetsdagar kvar", "en": "8 working days from now"}),
        ({"is_extended": True}, {"fi": "(lisäaika)", "sv": "(förlängd tid)", "en": "(extended)"}),
        ({"due_on": cast.TODAY}, {"fi": "tarvitaan tänään", "sv": "i dag", "en": "today"}),
        ({"working_days_late": 1}, {"fi": "1 arkipäivä sitten", "sv": "för 1 arbetsdag sedan", "en": "1 working day ago"}),
        ({"is_closed": True}, {"fi": "päättyi", "sv": "avslutades", "en": "closed on"}),
        ({"request_on": cast.DUE}, {"fi": "vastata jo nyt", "sv": "svara redan nu", "en": "to answer now"}),
    ],
)
def test_who_asks_is_told_by_when(language: Language, change: Mapping[str, Any], says: Mapping[str, str]) -> None:
    """Before the request, before, on and after the deadline, with more time, and after the close; nothing of ours stays in sight."""
    view = cast.standing_view(language)
    mail = cast.composer().standing(replace(view, sections=(replace(view.sections[0], **change),)))
    text = " ".join(mail.text.split())

    assert says[language] in text
    assert not re.search("[\ue000-\uf8ff]|None", mail.text)
    assert [item.number for item in mail.items] == ["12", "13", "14", "15"]


def test_digest_opens_with_one_sentence_and_names_commands() -> None:
    """One sentence, then what needs a decision with its command, then the table."""
    text = " ".join(_mail("fi", "digest").text.split())

    assert text.startswith("Hei, 4 vastuutahosta 1 on vastannut kaikkeen, 1 osittain; 1 on myöhässä, määräaika oli 28.2.2025.")
    assert "Hyväksy 12, Hylkää 12 tai Ohita 12" in text
    assert text.index("reminder outbox show abcdefghijkl") < text.index("Keneltä puuttuu") < text.index("Liikennevalot")


@each_language
def test_digest_tells_who_is_away_and_who_disagrees(language: Language) -> None:
    """Last day, the reminder that waits and the one that gives way, the substitutes and how to add them; both lights of an action."""
    text = " ".join(_mail(language, "digest").text.split())
    says = {
        "fi": ("Sihteeri on poissa pe 14.3.2025 asti", "siirtyy: lähtee ma 17.3.2025", "jää pois", "deputies", "paluupäivää ei kerrottu"),
        "sv": ("Sihteeri är borta till och med fre 14.3.2025", "flyttas: skickas mån 17.3.2025", "utgår", "deputies", "ingen återkomstdag"),
        "en": ("Sihteeri is away until Fri 14 Mar 2025", "moved: goes out Mon 17 Mar 2025", "left out", "deputies", "no day of return"),
    }

    assert [words for words in says[language] if words not in text] == []
    assert "meri.malli@suvikoski.example" in text
    assert re.search(r"12 Taidenäyttelyt tyhjiin liiketiloihin: \S.* ● \S+, .* ■ \S+", text)


@each_language
def test_digest_says_who_is_late_for_the_first_time(language: Language) -> None:
    """First time, not the first time, and nothing where no earlier round was followed; never of a party that is not late."""
    first, again = {
        "fi": ("ensimmäistä kertaa", "myöhässä myös aiemmin"),
        "sv": ("första gången", "försenad även tidigare"),
        "en": ("for the first time", "was late before too"),
    }[language]
    view, told = cast.digest_view(language), []
    for known in (False, True, None):
        rows = tuple(replace(row, was_late_before=known) for row in view.rows)
        text = " ".join(cast.composer().digest(replace(view, rows=rows)).text.split())
        told.append((text.count(first), text.count(again)))

    assert told == [(1, 0), (0, 1), (0, 0)]


@each_language
def test_what_is_only_good_to_know_comes_last(language: Language) -> None:
    """A long note stood between the first sentence and what waits for a decision; why this reader gets the digest stays in front."""
    view = replace(cast.digest_view(language), notes=("NOTE",), opening="OPENING")
    text = cast.composer().digest(view).text
    waits = {"fi": "Odottaa sinua", "sv": "Väntar på dig", "en": "Waiting for you"}[language]

    assert text.index("OPENING") < text.index(waits) < text.index("▲") < text.index("NOTE")


@each_language
def test_what_bounced_and_what_is_handed_over_have_their_links(language: Language) -> None:
    """Who is no longer reached is replaced, and who has had all reminders is given time, by one click; no command of a shell."""
    problems = tuple(DigestProblem(kind=kind, what="kulttuuripäällikkö", reason=kind) for kind in ("bounced", "enough"))
    mail = cast.composer().digest(replace(cast.digest_view(language), problems=problems))
    new, more = {
        "fi": ("uusi yhteyshenkilö kulttuuripäällikkö: [osoite]", "lisäaikaa kulttuuripäällikkö [päivä] asti"),
        "sv": ("ny kontaktperson kulttuuripäällikkö: [adress]", "mera tid kulttuuripäällikkö till [dag]"),
        "en": ("new contact kulttuuripäällikkö: [address]", "extend kulttuuripäällikkö until [day]"),
    }[language]
    links = unquote(mail.html)

    assert new in links
    assert more in links
    assert "reminder outbox" not in mail.text


@each_language
def test_an_all_clear_is_two_sentences(language: Language) -> None:
    """The sentence about the round, that nothing waits, and what goes out next; each thing that a digest tells of is something to say."""
    view = cast.digest_view(language)
    quiet = tuple(row for row in view.rows if row.standing in {ReportStanding.PARTIAL, ReportStanding.COMPLETE})
    clear = replace(view, rows=quiet, problems=(), warnings=(), absent=(), disagreements=(), oldest_due_on=None)
    mail = cast.composer().digest(replace(clear, is_short=True))

    assert clear.is_clear
    for told in ("rows", "problems", "warnings", "absent", "disagreements"):
        assert not replace(clear, **{told: getattr(view, told)}).is_clear, told
    assert not replace(clear, notes=("x",)).is_clear
    assert {"fi": "Mikään ei odota päätöstäsi.", "sv": "Inget väntar på ditt beslut.", "en": "Nothing waits for your decision."}[
        language
    ] in mail.text
    assert "▲" not in mail.text
    assert mail.text.count("\n\n") == 6
    assert uncovered(mail.text, mail.spans) == ""


@each_language
def test_the_lights_of_the_rounds_are_coloured_cells_and_lines_of_words(language: Language) -> None:
    """No count is told by its colour alone: its cell bears the sign of the light, its line of the text part the word, and that once."""
    mail = _mail(language, "digest")
    light = BLOCK_WORDS[language].lights[TrafficLight.YELLOW]

    assert re.search(r'<td class="cell yellow[^>]*background-color:#f2c744[^>]*>▲ 3</td>', mail.html)
    assert "<img" not in mail.html
    assert re.search(rf"^  ▲ {light} +3$", mail.text, re.MULTILINE)


def test_person_with_two_parties_gets_one_mail() -> None:
    """Two sections under their names; numbers and items of both."""
    mail = _mail("fi", "request_two_parties")

    assert mail.text.index("Kulttuuripäällikkö") < mail.text.index("[12]") < mail.text.index("Johtoryhmä") < mail.text.index("[21]")
    assert [item.party for item in mail.items] == ["kulttuuripaallikko", "kulttuuripaallikko", "johtoryhma"]


@each_language
@pytest.mark.parametrize("reason", AskReason)
def test_each_reason_has_its_question(language: Language, reason: AskReason) -> None:
    """Whatever was not understood is quoted with a question, with or without an action that it belongs to."""
    asks = (AskBack(number="99", reason=reason, quote="ehkä"), AskBack(number="14", reason=reason, item=cast.item("14")))
    mail = cast.composer().acknowledgement(replace(cast.acknowledgement_view(language), ask_back=asks))

    assert mail.text.count("?") >= 2
    assert "ehkä" in mail.text
    assert uncovered(mail.text, mail.spans) == ""


def test_digest_of_nobody_and_of_all() -> None:
    """The one sentence is right for none, one and all, and says so when nobody is late."""
    view = replace(cast.digest_view(), problems=(), warnings=(), lights=(), upcoming=(), oldest_due_on=None)
    done = tuple(row for row in view.rows if row.standing is ReportStanding.COMPLETE)
    waiting = tuple(row for row in view.rows if not row.working_days_late and row not in done)
    post = cast.composer()
    sentences = [" ".join(post.digest(replace(view, rows=rows)).text.split()) for rows in (done, done * 17, waiting)]

    assert sentences[0].startswith("Hei, Vastuutaho on vastannut.")
    assert sentences[1].startswith("Hei, Kaikki 17 vastuutahoa ovat vastanneet.")
    assert sentences[2].startswith("Hei, 2 vastuutahosta yksikään ei ole vielä vastannut kaikkeen, 1 osittain; kukaan ei ole myöhässä.")


@each_language
def test_contributor_is_invited_to_add(language: Language) -> None:
    """A party that only contributes is asked to add, not to report."""
    section = replace(cast.section(MailKind.REQUEST), actions=(cast.action("12", is_contribution=True),))
    mail = cast.composer().schedule_mail(cast.schedule_view(MailKind.REQUEST, language, section))

    assert {"fi": "täydennettävänä", "sv": "att komplettera", "en": "to add to"}[language] in mail.subject


@each_language
def test_how_things_stand_decides_the_words(language: Language) -> None:
    """Nothing came, a part came, something was not understood, our mail came back: four openings, none the same."""
    post = cast.composer()
    own = cast.section(MailKind.OVERDUE, "12", "14")
    standings = (ReportStanding.SILENT, ReportStanding.NOT_UNDERSTOOD, ReportStanding.BOUNCED)
    sections = [replace(own, standing=standing) for standing in standings] + [replace(own, answered=(cast.action("13"),))]
    openings = {post.schedule_mail(cast.schedule_view(MailKind.OVERDUE, language, one)).text.split("\n\n")[1] for one in sections}

    assert len(openings) == 4
    assert all(opening[0].isupper() != (language == "fi") for opening in openings), "in Finnish the sentence goes on after the greeting"


@each_language
def test_the_managers_copy_says_why_the_manager_gets_it(language: Language) -> None:
    """It begins with the reason; the party's own mail says who is told, and when, and neither holds the other's words."""
    above, warning = _mail(language, "escalation_above").text, _mail(language, "escalation_warning").text
    word = {"fi": "esihenkilö", "sv": "chef", "en": "manager"}[language]
    because = {"fi": "koska", "sv": "för att", "en": "because"}[language]

    first = " ".join(above.split("\n\n")[1].split())
    assert word in first
    assert because in first
    assert cast.CULTURE.name.in_language(language)[1:] in first
    assert because not in " ".join(warning.split("\n\n")[1].split())
    assert format_on(date(2025, 3, 21), language) in " ".join(warning.split())


@each_language
def test_two_programmes_in_one_mail_are_told_apart(language: Language) -> None:
    """A number that both have gets the tag of its programme, each section names its programme and its day, and the head its own only."""
    mail = _mail(language, "two_programmes")

    assert [item.number for item in mail.items] == ["ELVO-12", "14", "HYVO-12"]
    assert {item.programme for item in mail.items} == {"elinvoima", "hyvinvointi"}
    assert "2" in mail.subject.split(": ")[1]
    assert format_date(date(2025, 3, 28), language) in " ".join(mail.text.split())


@each_language
def test_a_mail_with_a_form_says_so_in_one_sentence(language: Language) -> None:
    """The sentence and the file come together, and the rest of the mail is what it is without them."""
    plain, offered = _mail(language, "request"), _mail(language, "request_with_form")
    (form,) = offered.attachments
    added = " ".join(line for line in offered.text.splitlines() if line not in plain.text.splitlines())

    assert plain.attachments == ()
    assert form.name == "a.xlsx"
    assert added.count(".") == 1
    assert offered.items == plain.items
