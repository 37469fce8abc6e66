"""What fuzzing has found, each once: the input in its smallest form, and what must come of it."""

from __future__ import annotations

import io
import zipfile

import pytest

from reminder.domain.readings import Verdict
from reminder.wire.archive import FileRefused, open_archive
from tests.corpus.building import moment, original_of
from tests.corpus.world import PLANNING, REQUEST, all_sent, read
from tests.hostile.test_poison import head
from tests.sandbox.mails import write_mail
from tests.wire.forms import as_open_document


def test_a_request_that_is_only_quoted_and_torn_is_no_fault() -> None:
    """All that speaks of the action stands in a quotation of a quotation: no light, and no IndexError that held the whole mail."""
    original = original_of(PLANNING)
    body = f"""Lähettäjä: Elinvoimaohjelman seuranta <seuranta@suvikoski.example>
Aihe: {original.subject}
> [1.5] Torin ympäristön yleissuunnitelma
> vastaus jää voimaan.
> Ystävällisin terveisin"""

    reading = read(
        head(Content_Type="text/plain; charset=utf-8") + b"\r\n" + body.encode(), moment(write_mail(PLANNING, REQUEST)), all_sent()
    )

    assert not [rule for rule in reading.rules if rule.startswith("fault:")]
    assert reading.answers == ()
    assert reading.verdict is Verdict.ASKED_BACK


@pytest.mark.fault("A12")
def test_an_archive_that_points_in_front_of_itself_is_damaged() -> None:
    """`zipfile` raises a plain ValueError where a torn archive's member would begin before the file."""
    whole = as_open_document([["a", "b"]])
    torn = whole[40:]
    with zipfile.ZipFile(io.BytesIO(torn)) as archive:
        assert archive.namelist() == ["mimetype", "content.xml"]

    with pytest.raises(FileRefused, match="damaged"):
        open_archive(torn).read("mimetype")
