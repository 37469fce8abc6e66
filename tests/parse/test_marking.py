"""Where an answer was taken from can be pointed at, and every line of the mail is told for what it was."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from functools import lru_cache

import pytest

from reminder.domain.markings import MarkedBody, Role
from reminder.domain.messages import MailKind, SpanKind
from reminder.domain.readings import Reading
from reminder.parse.body import read_bodies
from reminder.parse.marking import mark_mail, pick_body
from reminder.parse.message import read_mail
from tests.corpus.expected import Case
from tests.corpus.stored import load_cases, load_sent
from tests.corpus.world import PLANNING, understand_case


@lru_cache(maxsize=1)
def read_corpus() -> list[tuple[Case, Reading, tuple[MarkedBody, ...]]]:
    """Every mail of the corpus with its reading and its marked text."""
    found = []
    for case in load_cases():
        understood = understand_case(case.raw, case.received_at, load_sent(), trusted_authserv=case.trusted_authserv)
        found.append((case, understood.reading, mark_mail(read_mail(case.raw), understood.context, understood.reading)))
    return found


@pytest.mark.slow
def test_each_answer_and_each_question_names_the_place_that_it_was_taken_from() -> None:
    """The words at the named line and column are those that it names, in the body that it names."""
    for case, reading, _ in read_corpus():
        bodies = {body.source: body.lines for body in read_bodies(read_mail(case.raw))}
        said = [*(one.places for one in reading.answers), *(one.places for one in reading.ask_back)]
        assert all(said), case.name
        for places in said:
            for place in places:
                if place.is_in_form:
                    continue  # a cell of an attached form, which is no text of the mail
                line = bodies[place.source][place.line - 1].text
                assert line[place.column - 1 :].startswith(place.text), (case.name, place, line)


@pytest.mark.slow
def test_the_marked_text_is_the_text_and_marks_nothing_else() -> None:
    """No letter of the mail is lost or added, and exactly the actions of the reading are marked in it."""
    for case, reading, bodies in read_corpus():
        for body in read_bodies(read_mail(case.raw)):
            marked = next(one for one in bodies if one.source == body.source)
            plain = [line.text.replace("\ue000", "").replace("\ue001", "") for line in body.lines]
            assert [line.text for line in marked.lines] == plain, case.name
        shown = {mark.number for body in bodies for line in body.lines for stretch in line.stretches for mark in stretch.marks}
        said = [(one.item.number, one.places) for one in reading.answers] + [(one.number, one.places) for one in reading.ask_back]
        assert shown == {number for number, places in said if not all(place.is_in_form for place in places)}, case.name


REPLY = """\
Hei,
1.5: vihreä, kaava on nähtävillä
Palataan asiaan.

Terveisin
kaupunkisuunnittelu

ma 3.3.2025 klo 9.00 Seuranta kirjoitti:
{quoted}
"""


def test_every_line_is_told_for_what_it_was() -> None:
    """The sender's words, what was taken of them, the signature, the client's own line and our request each have their role."""
    (request,) = [mail for mail in load_sent() if mail.recipient == PLANNING and mail.kind is MailKind.REQUEST]
    quoted = "\n".join(f"> {span.text}" for span in request.spans if span.kind is not SpanKind.LINK)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = PLANNING, "seuranta@suvikoski.example", f"VS: {request.subject}"
    mail["In-Reply-To"] = request.message_id
    mail.set_content(REPLY.format(quoted=quoted))
    understood = understand_case(bytes(mail), request.created_at + timedelta(days=1), load_sent())
    body = pick_body(mark_mail(read_mail(bytes(mail)), understood.context, understood.reading))
    assert body is not None

    said = {line.text: [stretch.role for stretch in line.stretches] for line in body.lines if line.text.strip() and not line.depth}

    assert said == {
        "Hei,": [Role.OWN],
        "1.5: vihreä, kaava on nähtävillä": [Role.OWN, Role.TAKEN],
        "Palataan asiaan.": [Role.TAKEN],
        "Terveisin": [Role.SIGNATURE],
        "kaupunkisuunnittelu": [Role.SIGNATURE],
        "ma 3.3.2025 klo 9.00 Seuranta kirjoitti:": [Role.CLIENT],
    }
    assert {stretch.role for line in body.lines if line.depth for stretch in line.stretches if stretch.text.strip()} == {Role.OURS}
