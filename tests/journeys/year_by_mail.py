"""The town's year as its people live it: whole passes of the service on each working day, and a coordinator with nothing but mail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import unescape
from pathlib import Path

from reminder.configuration.loading import load_or_raise
from reminder.domain.messages import MailKind
from reminder.edges.site import DirectorySite
from reminder.flows.tick import tick
from reminder.parse.message import read_mail
from reminder.resources import find_example
from reminder.wire.mailto import read_mailto
from tests.fakes import TakenMail
from tests.flows.meetings import hearings
from tests.flows.town import COORDINATOR, Town, templates, text_of

DAY = timedelta(days=1)
SATURDAY = 5
CODE = re.compile(r"koodi ([A-Z2-7]{4}-[A-Z2-7]{4})")


@dataclass(slots=True)
class YearByMail:
    """A town that lives from day to day, and whoever sits at its desk."""

    town: Town
    site: Path
    coordinator: str = COORDINATOR
    said: list[str] = field(default_factory=list)
    """What the coordinator was answered, in order."""

    @classmethod
    def begin(cls, town: Town, site: Path) -> YearByMail:
        """The example's own files, with its approvals and its list of contacts, an afternoon of hearings, and a real page."""
        setup = load_or_raise(find_example())
        one = replace(setup.rounds[0], meetings=(hearings(),))
        setup = replace(setup, rounds=(one, *setup.rounds[1:]))
        town.house = replace(town.house, setup=setup, site=DirectorySite(site))
        town.move_to_day(date(2024, 12, 19))
        town.arm()
        return cls(town=town, site=site)

    def live_until(self, day: date) -> None:
        """Days go by, each with a pass in the morning, on working days one in the afternoon too, until the morning of this day."""
        local = self.town.clock.now().astimezone(self.town.setup.calendar.zone)
        one = local.date()
        while one < day:
            for clock in (time(9, 0), time(15, 0)) if one.weekday() < SATURDAY else (time(9, 0),):
                if (one, clock) > (local.date(), local.time()):
                    self._pass(one, clock)
            one += DAY
        self._pass(day, time(9, 0))

    def _pass(self, day: date, clock: time) -> None:
        self.town.move_to_day(day, clock)
        self.tick()

    def tick(self) -> None:
        """One pass of everything; nothing may go wrong in it."""
        trouble = tick(self.town.house, templates()).trouble
        assert trouble == (), trouble

    def mail(self, kind: MailKind, holding: str = "") -> TakenMail:
        """The newest mail of a kind that the coordinator has, with these words in it."""
        return next(mail for mail in reversed(self.town.sent(self.coordinator, kind)) if holding in text_of(mail.raw))

    def links(self, kind: MailKind, holding: str = "") -> dict[str, str]:
        """The links of that mail, each by the line that it writes."""
        html = "\n".join(read_mail(self.mail(kind, holding).raw).html)
        urls = [unescape(url) for url in re.findall(r'href="(mailto:[^"]+)"', html)]
        return {read_mailto(url)[2].splitlines()[0]: url for url in urls}

    def click(self, line: str, *, kind: MailKind = MailKind.DIGEST, fill: str = "") -> str:
        """A link is clicked, a bracket filled in, and the mail sent that the mail program opens: a new one, in no thread."""
        links = self.links(kind)
        assert line in links, f"{line} is not among {sorted(links)}"
        to, subject, body = read_mailto(links[line])
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.coordinator, to, subject
        mail["Date"] = format_datetime(self.town.clock.now())
        mail["Message-ID"] = f"<{len(self.said)}.click@{self.coordinator.rpartition('@')[2]}>"
        mail.set_content((re.sub(r"\[[^\]]+\]", fill, body, count=1) if fill else body) + "\n")
        return self._send(bytes(mail))

    def write(self, words: str, *, kind: MailKind = MailKind.DIGEST) -> str:
        """An answer to the newest mail of a kind, typed in one's own words."""
        raw = self.town.write_reply(self.town.original(self.coordinator, kind), words, sender=self.coordinator)
        return self._send(raw)

    def _send(self, raw: bytes) -> str:
        self.town.clock.advance(timedelta(minutes=3))
        self.town.source.deliver(raw, when=self.town.clock.now())
        before = len(self.town.sent(self.coordinator))
        self.tick()
        answers = [text_of(mail.raw) for mail in self.town.sent(self.coordinator)[before:]]
        self.said.append("\n".join(answers))
        return self.said[-1]

    def confirm(self) -> str:
        """The code of the last answer is sent back."""
        (code,) = CODE.findall(self.said[-1])
        return self.write(code, kind=MailKind.DESK)

    def hear(self, sender: str, words: str, *, of: str = "", kind: MailKind = MailKind.REQUEST) -> None:
        """A party answers, or somebody else to whom the mail of `of` was forwarded."""
        self.town.clock.advance(timedelta(minutes=2))
        self.town.reply(of or sender, words, sender=sender, kind=kind)
        self.tick()

    def page(self) -> str:
        """Everything on the public site."""
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.site.rglob("*.html")))
