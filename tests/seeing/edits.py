"""Edits in the middle of the round, each as a replacement in one file of the configuration."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

SCHEDULE, SERVICE, PROGRAMME, CONTACTS = "schedule.yaml", "service.yaml", "programme.yaml", "contacts.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit, and the language in which it is told of."""

    name: str
    file: str
    old: str
    new: str
    lang: str = "en"


EDITS = (
    Edit(name="nothing", file=SCHEDULE, old="rounds:", new="# Only a remark.\nrounds:"),
    Edit(name="anchor-later", file=SCHEDULE, old="2024: 2025-02-14", new="2024: 2025-02-21", lang="fi"),
    Edit(name="due-later", file=SCHEDULE, old="+ 10 working days", new="+ 15 working days", lang="fi"),
    Edit(name="due-earlier", file=SCHEDULE, old="+ 10 working days", new="+ 4 working days"),
    Edit(name="no-last-call", file=SCHEDULE, old="    last_call: due\n", new=""),
    Edit(name="last-call-earlier", file=SCHEDULE, old="last_call: due\n", new="last_call: due - 1 working day\n", lang="sv"),
    Edit(name="second-reminder-moved", file=SCHEDULE, old="due - 2 working days", new="due - 1 working day"),
    Edit(name="second-reminder-gone", file=SCHEDULE, old="[due - 5 working days, due - 2 working days]", new="[due - 5 working days]"),
    Edit(name="reminder-added-before", file=SCHEDULE, old="[due - 5", new="[due - 8 working days, due - 5"),
    Edit(name="overdue-weekly", file=SCHEDULE, old="then every 2 weeks", new="then every 1 weeks", lang="fi"),
    Edit(name="no-overdue", file=SCHEDULE, old="    overdue: [due + 1 working day, due + 1 week, then every 2 weeks]\n", new="", lang="sv"),
    Edit(name="closes-earlier", file=SCHEDULE, old="closes: due + 8 weeks", new="closes: due + 4 weeks", lang="sv"),
    Edit(name="digest-tuesday", file=SCHEDULE, old="every monday 08:30", new="every tuesday 09:00", lang="fi"),
    Edit(name="digest-hour", file=SCHEDULE, old="every monday 08:30", new="every monday 10:00"),
    Edit(name="window-later", file=SERVICE, old='from: "08:00"', new='from: "09:00"', lang="sv"),
    Edit(name="closed-day", file=SERVICE, old="closed_days:\n", new="closed_days:\n  2025-02-26: Siivouspäivä\n", lang="fi"),
    Edit(name="rule-previous", file=SCHEDULE, old="deadline_rule: fi-150-1930", new="deadline_rule: previous"),
    Edit(name="round-gone", file=SCHEDULE, old='  "2024":\n', new='  "2025":\n'),
    Edit(name="new-address", file=CONTACTS, old="address: kulttuuripaallikko@", new="address: kulttuurijohtaja@", lang="fi"),
    Edit(name="action-moved", file=PROGRAMME, old="lead: kulttuuripaallikko\n                years: [2024, 2025]",
         new="lead: kaupunkimarkkinointi\n                years: [2024, 2025]"),
    Edit(name="action-for-a-new-year", file=PROGRAMME, old="years: [2025, 2026]", new="years: [2024, 2025, 2026]", lang="fi"),
    Edit(name="years-changed", file=SCHEDULE, old="years: [2024]", new="years: [2024, 2025]"),
    Edit(name="party-renamed", file=PROGRAMME, old="name: {fi: lukion rehtori", new="name: {fi: lukion johtava rehtori"),
    Edit(name="notice-earlier", file=SCHEDULE, old="financial_statements - 6 weeks", new="financial_statements - 8 weeks"),
)  # fmt: skip


def make_edit(config: Path, folder: Path, edit: Edit) -> Path:
    """A copy of the configuration with the edit made, at the first place where its text stands."""
    shutil.copytree(config, folder, ignore=shutil.ignore_patterns(".env*"))
    path = folder / edit.file
    text = path.read_text(encoding="utf-8")
    if edit.old not in text:
        raise ValueError(f"{edit.name}: {edit.old!r} does not stand in {edit.file}")
    path.write_text(text.replace(edit.old, edit.new, 1), encoding="utf-8")
    return folder
