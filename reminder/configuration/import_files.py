"""The files that an import reads and writes: programme, contacts to fill in, and the table of aliases. Written with ruamel.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from reminder.configuration.findings import Report
from reminder.configuration.import_rows import ImportedAction
from reminder.configuration.nodes import read_tree
from reminder.configuration.party_names import is_company
from reminder.configuration.sections import is_given, read_entries, read_items, read_line
from reminder.errors import ConfigurationFailure, Finding, ReminderError

ALIASES_HEADER = """\
Spellings of the table, and the party that each stands for. Merge spellings by writing the same party behind them.
A list stands for several parties: `Culture and Sports: [Culture, Sports]`. An empty list `[]` leaves the spelling out.
Then import again with --aliases."""
PROGRAMME_HEADER = "Imported by `reminder import programme`. Look at the titles, the parties and the years; then fill in contacts.yaml."
CONTACTS_HEADER = "Fill in the address of each; `reminder check` names those that are missing. These are personal data."


def read_aliases(path: Path) -> dict[str, tuple[str, ...]]:
    """The table of aliases. Raises ConfigurationFailure with every fault."""
    findings: list[Finding] = []
    report = Report(path.name, findings)
    try:
        tree = read_tree(path.read_text(encoding="utf-8-sig"), report)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ReminderError(f"{path} cannot be read: {why}.", advice="Correct --aliases.") from error
    aliases: dict[str, tuple[str, ...]] = {}
    for key, value in read_entries(tree, "The table of aliases", report) if tree is not None and is_given(tree) else ():
        names = (read_line(item, "The party", report) for item in read_items(value, "The parties", report))
        aliases[key.value] = tuple(name for name in names if name)
    if findings:
        raise ConfigurationFailure(findings)
    return aliases


def write_aliases(spellings: Mapping[str, Sequence[str]], alike: Mapping[str, str]) -> str:
    """A draft of the table: each spelling with what was made of it, doubtful ones with a remark."""
    table = CommentedMap()
    for spelling, names in spellings.items():
        table[spelling] = names[0] if len(names) == 1 else _flow(names)
        doubt = next((alike[name] for name in names if name in alike), "")
        if doubt:
            table.yaml_add_eol_comment(f"perhaps {doubt}?", spelling)
    return _dump(table, ALIASES_HEADER)


def write_programme(
    *, programme: str, name: str, tag: str, parties: Mapping[str, str], actions: Iterable[ImportedAction], header: str = PROGRAMME_HEADER
) -> str:
    """programme.yaml. `parties` maps names to ids."""
    body = CommentedMap()
    body["name"], body["tag"] = name, tag
    body["parties"] = CommentedMap(
        {party: CommentedMap({"name": shown, "kind": "company" if is_company(shown) else "team"}) for shown, party in parties.items()}
    )
    body["actions"] = CommentedSeq([_action(action, parties) for action in actions])
    return _dump(CommentedMap({"programmes": CommentedMap({programme: body})}), header)


def _action(action: ImportedAction, parties: Mapping[str, str]) -> CommentedMap:
    entry = CommentedMap({"id": action.number, "number": action.number, "title": action.title})
    texts = {"text": action.text, "measure": action.indicator, "focus_area": action.focus_area, "goal": action.goal}
    entry.update({key: value for key, value in texts.items() if value})
    entry["lead"] = parties[action.lead]
    if action.contributors:
        entry["contributors"] = _flow([parties[name] for name in action.contributors])
    if action.years:
        entry["years"] = _years(sorted(action.years))
    if action.is_done:
        entry["phase"] = "done"
    return entry


def _years(years: Sequence[int]) -> object:
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return _flow(years)


def write_contacts(parties: Mapping[str, str]) -> str:
    """A contacts file with one contact a party, whose address is to be filled in, and one for the coordinator."""
    contacts = CommentedMap({"koordinaattori": CommentedMap({"name": "Koordinaattori", "address": None})})
    entries = CommentedMap()
    for name, party in parties.items():
        contact = party if party != "koordinaattori" else "koordinaattori-2"
        contacts[contact] = CommentedMap({"name": name, "address": None})
        entries[party] = _flow([contact])
    return _dump(CommentedMap({"contacts": contacts, "parties": entries}), CONTACTS_HEADER)


def _flow(items: Sequence[object]) -> CommentedSeq:
    sequence = CommentedSeq(items)
    sequence.fa.set_flow_style()
    return sequence


def _dump(content: CommentedMap, header: str) -> str:
    writer = YAML(typ="rt")
    writer.width = 120
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    writer.dump(content, stream)
    comment = "".join(f"# {line}\n" for line in header.splitlines())
    # The writer leaves a blank where it folds a line; within a folded text it means nothing.
    return f"{comment}\n{re.sub(' +$', '', stream.getvalue(), flags=re.MULTILINE)}"
