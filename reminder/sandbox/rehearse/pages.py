"""The pages of a rehearsal, written into its folder."""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader

from reminder.compose.rehearsal.rendering import COORDINATOR_PAGE, render_page, render_party
from reminder.compose.rehearsal.views import RehearsalView
from reminder.domain.programme import Language
from reminder.resources import find_templates
from reminder.sandbox.rehearse.folder import INDEX, PARTIES


def write_pages(view: RehearsalView, root: Path, language: Language) -> Path:
    """The page of all, one for each party and one for the coordinator. Returns the first."""
    loader = FileSystemLoader(find_templates())
    folder = root / PARTIES
    folder.mkdir(exist_ok=True)
    for party in (None, *view.parties):
        folder.joinpath(party.page if party else COORDINATOR_PAGE).write_text(render_party(view, party, loader, language), encoding="utf-8")
    index = root / INDEX
    index.write_text(render_page(view, loader, language), encoding="utf-8")
    return index
