"""The tally of a survey: the same for the same answers in whatever order; and what of it is shown."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from reminder.domain.programme import Localised
from reminder.domain.surveys import SHOWN_FROM, Question, Scale, Survey, SurveyAnswers, Tally, show_results, sum_up, without_names

SURVEY = Survey(
    questions=tuple(Question(id=scale.name, text=Localised.everywhere(scale.value), scale=scale) for scale in Scale), is_anonymous=True
)
WORDS = st.text(alphabet="aäbAÄ \n", min_size=1, max_size=6).filter(lambda text: bool(text.strip()))
REPLIES = st.fixed_dictionaries(
    {},
    optional={scale.name: st.sampled_from(scale.values) if scale.values else WORDS for scale in Scale},
)


@given(st.lists(REPLIES, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_nowhere_in_the_tally(replies: list[SurveyAnswers], chance: random.Random) -> None:
    """Not in the values, and not in the order in which they are written down."""
    shuffled = chance.sample(replies, len(replies))
    assert repr_of(sum_up(SURVEY, replies)) == repr_of(sum_up(SURVEY, shuffled))


def repr_of(tally: Tally) -> str:
    """Everything of a tally, in the order in which it stands there."""
    return repr((tally.answered, {key: dict(values) for key, values in tally.counts.items()}, dict(tally.texts)))


@given(st.lists(REPLIES, max_size=12))
def test_every_answer_is_counted_once(replies: list[SurveyAnswers]) -> None:
    """What is shown adds up to what was said, and too few are not shown."""
    shown = show_results(SURVEY, sum_up(SURVEY, replies))
    assert bool(shown) == (len(replies) >= SHOWN_FROM)
    for one in shown:
        said = [reply[one.question.id] for reply in replies if one.question.id in reply]
        assert one.answered == len(said)
        assert one.is_shown == (len(said) >= SHOWN_FROM)
        assert sum(count for _, count in one.counts) + len(one.texts) == (len(said) if one.is_shown else 0)


def test_a_repr_shows_no_answers() -> None:
    """What a log or a traceback may print."""
    assert "salaisuus" not in repr(sum_up(SURVEY, [{"TEXT": "salaisuus"}]))


def test_names_go_out_of_a_text() -> None:
    """Whole words, in whatever case; what only contains them stays."""
    assert without_names("T: maija MÄKINEN, maijala", ["Maija Mäkinen", "maija@kunta.example"]) == "T: …, maijala"
    assert without_names("Kysy maija@kunta.example", ["maija@kunta.example"]) == "Kysy …"
