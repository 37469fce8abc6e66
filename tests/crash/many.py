"""A city of many parties, each with one person and one action. Nobody answers: ten mails a party and round, each on its own day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from reminder.configuration.keys import CONTACTS_FILE, PROGRAMME_FILE, SCHEDULE_FILE, SERVICE_FILE
from reminder.resources import find_example

MAILS_A_PARTY = 10
_FIRST = date(2025, 1, 13)
_ROUND = """\
  "{name}":
    programme: many
    years: [2024]
    notice: {first}
    request: {first} + 5 working days
    due: {first} + 20 working days
    reminders: [due - 10 working days, due - 5 working days]
    last_call: due
    overdue: [due + 1 working day, due + 3 working days, due + 5 working days, due + 7 working days, due + 9 working days]
    closes: due + 11 working days
    approve: none
    contacts: none
"""


def write_city(folder: Path, *, parties: int, rounds: int) -> int:
    """Writes the files into a folder, which is made; gives back how many mails follow from them."""
    folder.mkdir(parents=True)
    names = [f"party{number}" for number in range(parties)]
    (folder / SERVICE_FILE).write_bytes((find_example() / SERVICE_FILE).read_bytes())
    programme = ["programmes:", "  many:", "    name: Many", "    tag: MANY", "    parties:"]
    programme += [f"      {name}: {{name: {name}, kind: team}}" for name in names]
    programme += ["    focus_areas:", "      - name: All", "        goals:", "          - name: All of them", "            actions:"]
    programme += [
        f'              - {{id: a{number}, number: "{number + 1}", title: Action {number}, lead: {name}, years: 2024}}'
        for number, name in enumerate(names)
    ]
    (folder / PROGRAMME_FILE).write_text("\n".join(programme) + "\n", encoding="utf-8")
    people = [f"  {name}: {{address: {name}@suvikoski.example}}" for name in ("elinvoimakoordinaattori", *names)]
    listed = [f"  {name}: {{contacts: [{name}]}}" for name in names]
    (folder / CONTACTS_FILE).write_text("\n".join(["contacts:", *people, "parties:", *listed]) + "\n", encoding="utf-8")
    starts = [_FIRST + timedelta(weeks=8 * number) for number in range(rounds)]
    told = "".join(_ROUND.format(name=f"r{number}", first=start) for number, start in enumerate(starts))
    (folder / SCHEDULE_FILE).write_text("anchors: {}\nrounds:\n" + told, encoding="utf-8")
    return parties * rounds * MAILS_A_PARTY
