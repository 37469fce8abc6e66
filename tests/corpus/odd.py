"""Bytes, conversations, senders, machines, and what must never be taken for an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage

from reminder.domain.messages import OutgoingMessage
from reminder.sandbox.clients import POLICY, gmail_web, iphone, outlook_desktop, owa, plain, start_mail, thunderbird
from reminder.sandbox.machines import bounce, out_of_office
from reminder.sandbox.originals import Filled, Original, Typed, Writer, fill_text, read_original
from tests.corpus.building import answer, applied, asked, held, ignored, moment, original_of, writer_for
from tests.corpus.clients import add_header, bare_line_ends, mutt, reply_headers, write
from tests.corpus.expected import Case, Expected, Said, green, red, yellow
from tests.corpus.world import (
    CITY,
    COLLEGE,
    CULTURE,
    DIRECTOR,
    HOMES,
    JOBS,
    LYCEUM,
    PLANNING,
    REMINDER,
    REQUEST,
    TOURISM,
    TRAVEL,
    acknowledgement,
)
from tests.sandbox.mails import OFFICE, write_mail

WORDS = "Käynnissä, pää, åäö, €, –"


def list_cases() -> Iterator[Case]:
    """All of this file."""
    yield from _bytes()
    yield from _never_answers()
    yield from _attached()
    yield from _conversations()
    yield from _senders()
    yield from _machines()


def _bytes() -> Iterator[Case]:
    rows = (
        ("utf-8", "utf-8", "utf-8", "8bit", WORDS),
        ("utf-8-base64", "utf-8", "utf-8", "base64", WORDS),
        ("utf-8-quoted", "utf-8", "utf-8", "quoted-printable", WORDS),
        ("windows-1252", "cp1252", "windows-1252", "quoted-printable", WORDS),
        ("windows-1252-8bit", "cp1252", "windows-1252", "8bit", WORDS),
        ("latin-1-label-on-windows", "cp1252", "iso-8859-1", "8bit", WORDS),
        ("latin-9", "iso-8859-15", "iso-8859-15", "base64", "Käynnissä, pää, åäö, €"),
        ("utf-16", "utf-16", "utf-16", "base64", WORDS),
        ("utf-8-labelled-latin-1", "utf-8", "iso-8859-1", "8bit", WORDS),
        ("windows-labelled-utf-8", "cp1252", "utf-8", "quoted-printable", WORDS),
        ("windows-labelled-ascii", "cp1252", "us-ascii", "8bit", WORDS),
        ("unknown-label", "utf-8", "x-unknown", "8bit", WORDS),
    )
    mail, original = write_mail(PLANNING, REQUEST), original_of(PLANNING)
    when, writer = moment(mail), writer_for(PLANNING)
    filled = {"1.5": Filled(light="vihreä", done="Ylläpitosopimus tehtiin."), "4.4": Filled(light="keltainen", done="ARVO")}
    for name, charset, label, cte, words in rows:
        quoted = "\n".join(f"> {line}".rstrip() for line in fill_text(original, filled).replace("ARVO", words).split("\n"))
        quoted = quoted.translate({ord(mark): "-" for mark in "●▲■"} | ({ord("–"): "-"} if "–" not in words else {}))
        expected = applied({"1.5": green("Ylläpitosopimus tehtiin."), "4.4": Said(light="yellow", text=words)}, missing=())
        raw = write(reply_headers(original, writer, when), f"Vastaukset alla.\n\n{quoted}", charset=charset, label=label, cte=cte)
        yield Case(name=f"bytes-{name}", raw=raw, received_at=when, expected=expected)
    twice = "1.5: vihreä".encode().decode("cp1252")
    raw = write(reply_headers(original, writer, when), f"{twice}\n4.4: keltainen\n")
    yield Case(name="bytes-encoded-twice", raw=raw, received_at=when, expected=applied({"1.5": green(), "4.4": yellow()}))
    both = applied({"1.5": green(""), "4.4": yellow("")}, missing=())
    yield answer("bytes-lf-only", gmail_web, PLANNING, both, top="1.5: vihreä\n4.4: keltainen", changes=[bare_line_ends])
    yield answer(
        "bytes-cr-only", plain, PLANNING, both, top="1.5: vihreä\n4.4: keltainen", changes=[lambda raw: raw.replace(b"\r\n", b"\r")]
    )
    lost = write(reply_headers(original, writer, when), "1.5: vihre?\n4.4: keltainen\n")
    yield Case(name="bytes-letter-lost", raw=lost, received_at=when, expected=applied({"4.4": yellow("")}, asks={"1.5": "question_mark"}))


def _never_answers() -> Iterator[Case]:
    signature = "Terveisin\nKaavoitus\nVihreä katu 12\nPunainen talo, 2. krs\n--\nHae Outlook for Android"
    yield answer(
        "signature-with-colours", owa, PLANNING, applied({"1.5": yellow("")}, missing=("4.4",)), top="1.5: keltainen", signature=signature
    )
    yield answer("signature-alone", outlook_desktop, PLANNING, asked(missing=("1.5", "4.4")), top="Palaan asiaan.", signature=signature)
    disclaimer = "Tämä viesti on luottamuksellinen. 4.4 Punainen merkintä tarkoittaa salassa pidettävää tietoa, vihreä julkista."
    yield answer("disclaimer", gmail_web, PLANNING, applied({"1.5": green("")}, missing=("4.4",)), top="1.5: vihreä", signature=disclaimer)
    legend = "> ● vihreä: Toteutunut tai etenee suunnitellusti, toimia ei tarvita.\n> ▲ keltainen: Viivästynyt tai toteutunut osittain.\n\n"
    yield answer(
        "legend-quoted", thunderbird, PLANNING, asked(missing=("1.5", "4.4")), top=legend + "Mitä tämä tarkoittaa meidän kohdalla?"
    )
    foreign = "> Kaisa kirjoitti:\n> 1.5 punainen\n> 4.4 punainen\n\n1.5: vihreä"
    yield answer("foreign-quotation", mutt, PLANNING, applied({"1.5": green("")}, missing=("4.4",)), top=foreign)
    yield answer(
        "printing-advice",
        owa,
        PLANNING,
        asked(missing=("1.5", "4.4")),
        top="Kiitos viestistä.",
        signature="Ajattele vihreästi ennen kuin tulostat.",
    )
    older = _with_older_round(original_of(PLANNING))
    yield answer(
        "older-round-quoted",
        outlook_desktop,
        PLANNING,
        applied({"1.5": yellow("")}, missing=("4.4",)),
        top="1.5: keltainen",
        edit=lambda _: older,
    )
    yield answer("older-round-alone", mutt, PLANNING, asked(missing=("1.5", "4.4")), top="Katso alta.", edit=lambda _: older)


def _attached() -> Iterator[Case]:
    mail, original = write_mail(PLANNING, REQUEST), original_of(PLANNING)
    when = moment(mail)
    carrier = start_mail(writer_for(PLANNING), to=original.reply_to, subject="Re: " + original.subject, when=when)
    carrier.set_content("Ohessa kollegan viesti.\n", cte="8bit")
    inner = EmailMessage(policy=POLICY)
    inner["From"], inner["Subject"] = "kollega@muu.example", "asia"
    inner.set_content("1.5: punainen\n4.4: punainen\n")
    carrier.add_attachment(inner)
    carrier.set_boundary("raja-1")
    yield Case(name="attached-mail", raw=bytes(carrier), received_at=when, expected=asked(missing=("1.5", "4.4")))
    document = start_mail(writer_for(PLANNING), to=original.reply_to, subject="Re: " + original.subject, when=when)
    document.set_content("Vastaukset liitteenä.\n", cte="8bit")
    document.add_attachment(b"PK\x03\x04 nothing to read", maintype="application", subtype="vnd.ms-excel", filename="vastaus.xls")
    document.set_boundary("raja-2")
    yield Case(name="attached-document", raw=bytes(document), received_at=when, expected=held(trust="listed"))
    text = start_mail(writer_for(PLANNING), to=original.reply_to, subject="Re: " + original.subject, when=when)
    text.set_content("1.5: vihreä\n", cte="8bit")
    text.add_attachment("4.4: punainen\n", filename="muistio.txt")
    text.set_boundary("raja-3")
    yield Case(name="attached-text-file", raw=bytes(text), received_at=when, expected=applied({"1.5": green("")}, missing=("4.4",)))


def _with_older_round(original: Original) -> Original:
    """The request quotes, below its reference line, a filled form of the year before."""
    old = "\n\nLähettäjä: Kaavoitus\nLähetetty: 20. helmikuuta 2024 9.00\nAihe: VS: Elinvoimaohjelma\n\n"
    form = "[1.5] Torin ympäristön yleissuunnitelma\nTila (vihreä / keltainen / punainen): punainen\n[4.4] Yritystontit\nTila: vihreä\n"
    rich = old.replace("\n", "<br>") + form.replace("\n", "<br>")
    return replace(original, text=original.text + old + form, html=original.html.replace("</body>", rich + "</body>"))


def _conversations() -> Iterator[Case]:
    request, reminder = write_mail(JOBS, REQUEST), write_mail(JOBS, REMINDER)
    several = replace(read_original(reminder.raw), references=request.message_id)
    yield answer(
        "references-hold-several", gmail_web, JOBS, applied({"2.2": green(""), "2.6": red("")}, missing=()), kind=REMINDER,
        top="2.2: vihreä\n2.6: punainen", edit=lambda _: several,
    )  # fmt: skip
    yield answer(
        "request-answered-after-the-reminder", outlook_desktop, CULTURE, applied({"1.1": green(""), "3.8": yellow("")}, missing=("1.10",)),
        top="", filled={"1.1": Filled(light="vihreä"), "3.8": Filled(light="keltainen")}, hours=24 * 25,
    )  # fmt: skip
    thanks = read_original(acknowledgement().raw)
    when = moment(acknowledgement())
    for name, client in (("gmail", gmail_web), ("outlook", outlook_desktop), ("iphone", iphone)):
        raw = client(thanks, writer_for(PLANNING), Typed(top="1.5: keltainen\nKorjaus: hyväksyminen siirtyi."), when)
        expected = applied({"1.5": yellow("Korjaus: hyväksyminen siirtyi.")})
        yield Case(name=f"correction-{name}", raw=raw, received_at=when, expected=expected)
    raw = gmail_web(thanks, writer_for(PLANNING), Typed(top="Kiitos!"), when)
    yield Case(name="thanks-for-the-acknowledgement", raw=raw, received_at=when, expected=asked())
    two = applied({"4.2": green("Yksitoista vierailua."), "4.3": yellow("Syksyn julkaisu jäi.")}, missing=())
    filled = {"4.2": Filled(light="vihreä", done="Yksitoista vierailua."), "4.3": Filled(light="keltainen", done="Syksyn julkaisu jäi.")}
    yield answer("two-parties-form", outlook_desktop, DIRECTOR, two, filled=filled)
    yield answer("two-parties-lines", iphone, DIRECTOR, applied({"4.2": red(""), "4.3": green("")}), top="4.2 punainen\n4.3 vihreä")
    yield answer("closed-round", owa, PLANNING, applied({"1.5": green("")}, missing=("4.4",)), top="1.5: vihreä", hours=24 * 200)
    yield answer(
        "contribution-beside-own",
        gmail_web,
        LYCEUM,
        applied({"2.1": green(""), "2.4": red("")}, missing=()),
        top="2.1: vihreä\n2.4: punainen",
    )


def _fresh(
    sender: str, body: str, *, subject: str = "Raportti", to: str = OFFICE.address, mail: OutgoingMessage | None = None
) -> tuple[bytes, OutgoingMessage]:
    """A new mail in no thread."""
    ours = mail or write_mail(PLANNING, REQUEST)
    fresh = start_mail(Writer(address=sender, name="Kirjoittaja"), to=to, subject=subject, when=moment(ours))
    fresh.set_content(body, cte="8bit")
    return bytes(fresh), ours


def _senders() -> Iterator[Case]:
    one = Expected(answers={"1.5": green("")}, missing=("4.4",), trust="listed", provisional=True)
    raw, mail = _fresh(PLANNING, "1.5: vihreä\n")
    yield Case(name="no-token-listed", raw=raw, received_at=moment(mail), expected=one)
    raw, mail = _fresh("joku@muualla.example", "1.5: vihreä\n")
    yield Case(name="no-token-stranger", raw=raw, received_at=moment(mail), expected=held("other", "stranger"))
    raw, mail = _fresh("suvikodit.toimitusjohtaja@pikaposti.example", "1.3: vihreä, valmis\n", mail=write_mail(HOMES, REQUEST))
    yield Case(name="forged-without-token", raw=raw, received_at=moment(mail), expected=held("other", "stranger"))
    stranger = Writer(address="konsultti@muualla.example", name="Konsultti")
    yield answer("token-stranger", gmail_web, PLANNING, held(trust="stranger"), top="1.5: vihreä", writer=stranger)
    fail = "mx.suvikoski.example; spf=fail smtp.mailfrom=x.example; dmarc=fail header.from=suvikoski.example"
    passed = "mx.suvikoski.example; dkim=pass; dmarc=pass header.from=suvikoski.example"
    trusted = "mx.suvikoski.example"
    yield answer(
        "dmarc-fail", owa, PLANNING, held(trust="refused"), top="1.5: vihreä", changes=[add_header("Authentication-Results", fail)],
        trusted_authserv=trusted,
    )  # fmt: skip
    sure = applied({"1.5": green("")}, missing=("4.4",), provisional=False)
    unsure = applied({"1.5": green("")}, missing=("4.4",), provisional=True)
    yield answer(
        "dmarc-pass",
        owa,
        PLANNING,
        sure,
        top="1.5: vihreä",
        changes=[add_header("Authentication-Results", passed)],
        trusted_authserv=trusted,
    )
    yield answer("dmarc-unsaid", owa, PLANNING, unsure, top="1.5: vihreä", trusted_authserv=trusted)
    forged = passed.replace("mx.suvikoski", "mx.evil")
    yield answer(
        "dmarc-of-somebody-else", owa, PLANNING, unsure, top="1.5: vihreä", changes=[add_header("Authentication-Results", forged)],
        trusted_authserv=trusted,
    )  # fmt: skip
    two_from = [add_header("From", f"<{PLANNING}>")]
    yield answer("two-from-fields", owa, PLANNING, held(trust="stranger"), top="1.5: vihreä", changes=two_from)
    raw, mail = _fresh(PLANNING, "1.5: vihreä\n", to=original_of(PLANNING).reply_to.upper())
    yield Case(name="token-in-upper-case", raw=raw, received_at=moment(mail), expected=sure)
    raw, mail = _fresh(PLANNING, f"1.5: vihreä\n\nViite: ELVO-XXXX / {original_of(PLANNING).reply_to[9:43]}\n")
    yield Case(name="token-in-the-body", raw=raw, received_at=moment(mail), expected=sure)
    raw, mail = _fresh(PLANNING, "2.3: vihreä\n", to=original_of(f"sivistysjohtaja@{CITY}").reply_to)
    yield Case(
        name="token-of-another-party", raw=raw, received_at=moment(mail), expected=Expected(answers={"2.3": green("")}, trust="domain")
    )
    raw, mail = _fresh(TRAVEL, "1.5: vihreä\n", to=original_of(PLANNING).reply_to)
    yield Case(name="token-of-another-organisation", raw=raw, received_at=moment(mail), expected=held(trust="stranger"))


def _machines() -> Iterator[Case]:
    request, original = write_mail(JOBS, REQUEST), original_of(JOBS)
    when = moment(request, 0.1)
    for language, address in (("fi", JOBS), ("sv", COLLEGE), ("en", TOURISM)):
        mail = write_mail(address, REQUEST)
        raw = out_of_office(original_of(address), writer_for(address), date(2025, 2, 24), moment(mail, 0.1))
        yield Case(name=f"away-{language}", raw=raw, received_at=moment(mail, 0.1), expected=ignored("auto_reply", "2025-02-24"))
    legacy = start_mail(writer_for(JOBS), to=original.reply_to, subject="Poissa: " + original.subject, when=when)
    legacy["X-Auto-Response-Suppress"] = "All"
    legacy.set_content("Olen lomalla 3.3.2025 saakka. Vihreä linja palvelee.\n", cte="8bit")
    yield Case(name="away-legacy", raw=bytes(legacy), received_at=when, expected=ignored("auto_reply", "2025-03-03"))
    raw = bounce(request.raw, envelope_sender=OFFICE.address, recipient=JOBS, when=when)
    yield Case(name="bounce-failed", raw=raw, received_at=when, expected=Expected(kind="bounce", verdict="applied"))
    raw = bounce(request.raw, envelope_sender=OFFICE.address, recipient=JOBS, when=when, status="4.4.1").replace(
        b"Action: failed", b"Action: delayed"
    )
    yield Case(name="bounce-delayed", raw=raw, received_at=when, expected=Expected(kind="bounce", verdict="applied"))
    raw = bounce(b"From: x@y.example\r\nMessage-ID: <a@y.example>\r\n\r\n", envelope_sender=OFFICE.address, recipient=JOBS, when=when)
    yield Case(name="bounce-of-no-mail-of-ours", raw=raw, received_at=when, expected=ignored("bounce"))
    raw = bounce(request.raw, envelope_sender=OFFICE.address, recipient="muu@suvikoski.example", when=when)
    yield Case(name="bounce-of-another-recipient", raw=raw, received_at=when, expected=ignored("bounce"))
    yield Case(name="own-mail", raw=request.raw, received_at=when, expected=ignored("own"))
    yield from _receipts(when)
    yield answer(
        "list-mail",
        gmail_web,
        PLANNING,
        applied({"1.5": green("")}),
        top="1.5: vihreä",
        changes=[add_header("List-Id", "<kaavoitus.suvikoski.example>")],
    )
    yield answer("spam-flag", gmail_web, PLANNING, held(trust="listed"), top="1.5: vihreä", changes=[add_header("X-Spam-Flag", "YES")])
    no = [add_header("Auto-Submitted", "no")]
    yield answer("auto-submitted-no", gmail_web, PLANNING, applied({"1.5": green("")}), top="1.5: vihreä", changes=no)
    late = moment(request) + timedelta(days=1)
    loop = b"".join(b"Received: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\r\n" for _ in range(51)) + request.raw.replace(
        b"X-Reminder", b"X-Other"
    )
    yield Case(name="loop", raw=loop.replace(b"From: ", b"From: x <x@y.example>\r\nX-Old: "), received_at=late, expected=ignored("other"))


def _receipts(when: object) -> Iterator[Case]:
    mail, original = write_mail(JOBS, REQUEST), original_of(JOBS)
    at = moment(mail, 0.1)
    token = hashlib.sha256(original.message_id.encode()).hexdigest()[:16]
    head = f"From: {JOBS}\r\nTo: {original.reply_to}\r\nSubject: Luettu\r\nMessage-ID: <{token}@suvikoski.example>\r\nMIME-Version: 1.0\r\n"
    receipt = (
        f'{head}Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n"
        "2.2: vihreä\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822;{JOBS}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    yield Case(name="read-receipt", raw=receipt.encode(), received_at=at, expected=ignored("read_receipt"))
    complaint = receipt.replace("disposition-notification", "feedback-report").replace("Final-Recipient", "Feedback-Type: abuse\r\nX")
    yield Case(name="complaint", raw=complaint.encode(), received_at=at, expected=ignored("complaint"))
    calendar = (
        f'{head}Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n2.2: vihreä\r\n--b\r\n'
        "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    yield Case(name="calendar-reply", raw=calendar.encode(), received_at=at, expected=ignored("calendar"))
    sealed = f"{head}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
    yield Case(name="encrypted", raw=sealed.encode(), received_at=at, expected=held("encrypted"))
