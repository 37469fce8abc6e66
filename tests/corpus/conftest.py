"""Shows the totals of the corpus at the end of a run."""

from __future__ import annotations

from _pytest.terminal import TerminalReporter

from tests.corpus.test_corpus import TOTALS


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """One line: mails, answers read, answers missed, wrong lights."""
    if TOTALS["mails"]:
        answers = TOTALS["right"] + TOTALS["missed"]
        terminalreporter.write_line(
            f"corpus: {TOTALS['mails']} mails, {TOTALS['right']} of {answers} answers read, {TOTALS['wrong']} wrong lights"
        )
