"""The whole configuration as one value: what `configuration` loads and every other room reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reminder.domain.assessments import EarlierLight
from reminder.domain.decisions import AddedStep
from reminder.domain.programme import Directory, Language, Localised, Programme
from reminder.domain.rounds import ReportingRound, SendingWindow
from reminder.domain.senders import SenderRules
from reminder.domain.workdays import Calendar


class QuietDigest(StrEnum):
    """What becomes of a digest with nobody late and nothing to decide or to know: `quiet_digest` of service.yaml."""

    WHOLE = "whole"  # goes out like any other
    SHORT = "short"  # goes out as the sentence about the round and what is sent next
    NONE = "none"  # does not go out


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who writes: the office that signs the mails, with a phone number for those who would rather call."""

    city: Localised
    name: Localised
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """How the public page looks and where it stands: `page` of service.yaml."""

    address: str = ""
    """Where the site stands on the web, with a slash at its end; empty: not told, and the feed then has no whole addresses."""
    colours: Mapping[str, str] = field(default_factory=dict)
    """Colours of the city's own, `#rrggbb`, by the name of their variable."""
    logo: bytes = b""
    """An SVG or PNG image; empty: the name of the city stands alone."""
    logo_name: str = ""
    """`logo.svg` or `logo.png`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRules:
    """What the city's plan of records says of a round's archive package; each empty where it is not told."""

    record_class: str = ""
    """The class of the task (tehtäväluokka), such as 00.01.02."""
    publicity: str = ""
    """`public`, `partly_secret` or `secret`."""
    retention: str = ""
    """How long the package is kept, in the city's own words."""
    author: Localised | None = None
    """Who has made it, as a role; None: the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that the files say, checked."""

    office: Office
    languages: tuple[Language, ...]
    programmes: Mapping[str, Programme]
    rounds: tuple[ReportingRound, ...]
    """The rounds of reports."""
    directory: Directory
    calendar: Calendar
    legend: Mapping[str, Localised] = field(default_factory=dict)
    """What the lights mean, keyed green, yellow, red; empty: the product's own words."""
    surveys: tuple[ReportingRound, ...] = ()
    """The rounds that are surveys; no mail goes out for one without questions."""
    senders: SenderRules = field(default_factory=SenderRules)
    """Whose answers count, and how."""
    publish_texts: bool = False
    """Whether free text goes onto the public page without a person's approval (DESIGN, decision 22)."""
    page: PageLook = field(default_factory=PageLook)
    """How the public page looks."""
    archive: ArchiveRules = field(default_factory=ArchiveRules)
    """What stands in the metadata of archive packages."""
    no_sign_days: int = 21
    """After so many days without any sign of life of a party that never gave one, the coordinator is told; 0: never."""
    quiet_digest: QuietDigest = QuietDigest.WHOLE
    """What becomes of a digest that has nothing to say."""
    keep_mails: int = 3
    """Years for which whole mails are kept after they have ended; 0: for ever."""
    earlier: Mapping[str, Mapping[str, EarlierLight]] = field(default_factory=dict)
    """What was reported before the service was there, by programme and id of the action: shown as last time's, never counted."""
    added: tuple[AddedStep, ...] = ()
    """Steps beside the schedule, decided by hand; the files know nothing of them."""
    version: str = ""
    """Hash of the files, so that each decision can name the configuration that it was made with (invariant R2)."""

    @property
    def has_renames(self) -> bool:
        """Whether a party or an action was known under another id before."""
        return any(programme.has_renames for programme in self.programmes.values())

    @property
    def window(self) -> SendingWindow:
        """The sending window, which the files give once for all rounds."""
        return self.rounds[0].window if self.rounds else SendingWindow()

    def round(self, programme: str, round_id: str) -> ReportingRound | None:
        """The round, or None where the files no longer know it."""
        return next((one for one in self.rounds if one.programme == programme and one.id == round_id), None)

    def survey_round(self, programme: str, round_id: str) -> ReportingRound | None:
        """The survey, or None where the files no longer know it, or know only its dates."""
        found = (one for one in self.surveys if one.programme == programme and one.id == round_id and one.survey is not None)
        return next(found, None)
