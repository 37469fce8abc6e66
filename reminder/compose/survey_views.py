"""What the mails of a survey need to know: the same for everybody who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.compose.views import Heading
from reminder.domain.messages import Item
from reminder.domain.surveys import SHOWN_FROM, Scale, SurveyTrouble


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """A question as a mail shows it; `ends` say what 1 and 5 mean."""

    item: Item
    scale: Scale
    ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView:
    """The questions, or a reminder of them."""

    heading: Heading
    questions: tuple[SurveyQuestion, ...]
    is_anonymous: bool
    is_reminder: bool
    due_on: date
    closes_on: date
    is_late: bool
    """The deadline is over, and answers are still taken."""
    shown_from: int = SHOWN_FROM

    @property
    def minutes(self) -> int:
        """How long it takes, roughly."""
        return max(2, (len(self.questions) + 4) // 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSurveyAnswer:
    """One answer of a survey that is not anonymous."""

    item: Item
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What became of a reply to a survey."""

    heading: Heading
    questions: tuple[SurveyQuestion, ...]
    is_anonymous: bool
    trouble: SurveyTrouble | None = None
    unclear: tuple[str, ...] = ()
    """Numbers of the questions whose answer was not understood."""
    recorded: tuple[RecordedSurveyAnswer, ...] = ()
    """Empty where the survey is anonymous."""
    closes_on: date | None = None
    shown_from: int = SHOWN_FROM

    @property
    def may_answer_again(self) -> bool:
        """Whether the form stands in the mail once more."""
        return self.trouble not in {None, SurveyTrouble.AGAIN, SurveyTrouble.CLOSED}
