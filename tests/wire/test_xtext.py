"""xtext of RFC 3461: what is written is read back, and only what the grammar allows is written."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reminder.wire.xtext import read_xtext, write_xtext

XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")
"""RFC 3461, section 4."""


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back(text: str) -> None:
    """Also one with blanks, plus signs, letters of other scripts and controls."""
    assert XTEXT.fullmatch(write_xtext(text))
    assert read_xtext(write_xtext(text)) == text


def test_the_examples_of_a_plus_address() -> None:
    """A plus address holds the one sign that most needs it."""
    assert write_xtext("seuranta+abc@kunta.example") == "seuranta+2Babc@kunta.example"
    assert read_xtext("seuranta+2Babc@kunta.example") == "seuranta+abc@kunta.example"


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """What is no xtext stays as it is."""
    assert isinstance(read_xtext(text), str)
    assert read_xtext("a+zz=b") == "a+zz=b"
