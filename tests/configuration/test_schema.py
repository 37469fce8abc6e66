"""The JSON Schemas: sound files are accepted, broken ones are marked where they are broken, and every key has its words."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from reminder.cli.main import run
from reminder.configuration import keys
from reminder.configuration.findings import Report
from reminder.configuration.initial import write_initial
from reminder.configuration.nodes import Broken, Listing, Node, Scalar, Table, read_tree
from reminder.configuration.rules import read_digest, read_rule
from reminder.configuration.schema import FOLDER, make_schema, schema_name
from reminder.configuration.schema_types import DIGEST_PATTERN, RULE_PATTERN
from reminder.configuration.schema_words import DESCRIPTIONS
from reminder.domain.rounds import DateRule
from reminder.resources import find_example, find_starter

if find_spec("jsonschema") is None and not os.environ.get("REMINDER_REQUIRE_REAL"):
    pytest.skip("jsonschema is not installed", allow_module_level=True)

from jsonschema import Draft202012Validator

Edit = Callable[[str, str, str], None]


def as_editor(node: Node) -> object:
    """The value as an editor sees it: YAML 1.2 core types, dates as texts (https://yaml.org/spec/1.2.2/, section 10.3)."""
    if isinstance(node, Table):
        return {key.value: as_editor(value) for key, value in node.entries}
    if isinstance(node, Listing):
        return [as_editor(item) for item in node.items]
    assert isinstance(node, Scalar), isinstance(node, Broken)
    return _core_type(node)


def _core_type(node: Scalar) -> object:
    if not node.is_plain:
        return node.value
    if node.is_nothing:
        return None
    if node.value in {"true", "false"}:
        return node.value == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.value):
        return int(node.value)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)", node.value):
        return float(node.value)
    return node.value


def complaints(folder: Path, file: str) -> list[str]:
    """The places at which the schema of a file disagrees."""
    report = Report(file)
    tree = read_tree((folder / file).read_text(encoding="utf-8"), report)
    assert tree is not None
    errors = Draft202012Validator(make_schema(file)).iter_errors(as_editor(tree))
    return ["/".join(str(part) for part in error.absolute_path) for error in errors]


@pytest.mark.parametrize("file", keys.KNOWN_FILES)
def test_schemas_are_schemas(file: str) -> None:
    """Each is valid by the dialect that it names, and is the same each time it is made."""
    Draft202012Validator.check_schema(make_schema(file))

    assert json.dumps(make_schema(file)) == json.dumps(make_schema(file))


@pytest.mark.parametrize("file", keys.FILES)
@pytest.mark.parametrize("where", [find_example, find_starter])
def test_our_own_files_are_accepted(where: Callable[[], Path], file: str) -> None:
    """The example and the starting files have no complaint."""
    assert complaints(where(), file) == []


@pytest.mark.parametrize("file", keys.FILES)
def test_the_sample_is_accepted(folder: Path, file: str) -> None:
    """So has the sample, with its numbers that look like decimals."""
    assert complaints(folder, file) == []


def test_documented_examples_are_accepted() -> None:
    """Every example of schedule.yaml in the documentation passes."""
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    section = page.partition("## schedule.yaml\n")[2].partition("\n## ")[0]
    validator = Draft202012Validator(make_schema(keys.SCHEDULE_FILE))
    examples = [part.split("```")[0] for part in section.split("```yaml\n")[1:]]
    for example in examples:
        tree = read_tree(example, Report("schedule.yaml"))
        assert tree is not None
        assert [error.message for error in validator.iter_errors(as_editor(tree))] == []
    assert len(examples) >= 5


BROKEN = [
    ("schedule.yaml", "    reminders:", "    remainders:", "rounds/2024"),
    ("schedule.yaml", "due - 5 working days", "due - 5 workin days", "rounds/2024/reminders"),
    ("schedule.yaml", "last_call: due", "last_call: due minus 1 day", "rounds/2024/last_call"),
    ("schedule.yaml", "then every 2 weeks", "then sometimes", "rounds/2024/overdue"),
    ("schedule.yaml", "every monday 08:30", "every mondy 08:30", "rounds/2024/digest"),
    ("schedule.yaml", "years: [2024]", "years: [last]", "rounds/2024/years"),
    ("schedule.yaml", "{2024: 2025-02-14}", "{2024: soon}", "anchors/financial_statements"),
    ("schedule.yaml", "{2024: 2025-02-14}", "every autumn", "anchors/financial_statements"),
    ("schedule.yaml", "  council:", "  city-council:", "anchors"),
    ("schedule.yaml", "anchors:", "winter_holiday: southern\nanchors:", "winter_holiday"),
    ("schedule.yaml", "anchors:", "quiet_weeks: {sometimes: loma}\nanchors:", "quiet_weeks"),
    ("schedule.yaml", "last_call: due", "last_call: due\n    deadline_rule: next", "rounds/2024/deadline_rule"),
    ("schedule.yaml", "last_call: due", "last_call: due\n    escalate: {when: due, to: boss}", "rounds/2024/escalate"),
    ("schedule.yaml", "last_call: due", "last_call: due\n    overrides: {jaosto: {digest: none}}", "rounds/2024/overrides/jaosto"),
    ("service.yaml", "country: FI", "country: Suomi", "country"),
    ("service.yaml", "publish_texts: no", "publish_texts: perhaps", "publish_texts"),
    ("service.yaml", "publish_texts: no", "quiet_digest: never", "quiet_digest"),
    ("service.yaml", "publish_texts: no", "answers_from: {stranger: apply}", "answers_from/stranger"),
    ("service.yaml", "city: {fi: Mallila, sv: Mallby}\n", "", ""),
    ("service.yaml", "[fi, sv]", "[fi, de]", "languages"),
    ("programme.yaml", "tag: ELVO", "tag: elvo", "programmes/elinvoima/tag"),
    ("programme.yaml", "kind: person", "kind: persona", "programmes/elinvoima/parties/kulttuuri"),
    ("contacts.yaml", "jaosto@kunta.example", "jaosto(at)kunta.example", "contacts/jaosto/address"),
]


@pytest.mark.parametrize(("file", "old", "new", "place"), BROKEN, ids=[new.strip() or old.strip() for _, old, new, _ in BROKEN])
def test_broken_files_are_marked(file: str, old: str, new: str, place: str, folder: Path, edit: Edit) -> None:
    """One edit, one complaint, at the place of the edit."""
    edit(file, old, new)

    assert complaints(folder, file) == [place]


RULES = [
    "due",
    "14.2.2025",
    "due - 5 working days",
    "due −  5 weeks",
    "5 working days before due",
    "monday on or after due + 1 week",
    "2 weeks before second council after due at 8:15",
    "third friday before 2025-12-24 09:00",
    "due minus 1",
    "due - 5",
    "sixth monday after due",
    "due at noon",
    "due + 1 fortnight",
]
DIGESTS = [
    "every monday 08:30",
    "every working day at 9.00 from due until due + 2 weeks",
    "every monday 08:30 from request until complete",
    "every mondy 08:30",
    "monday 08:30",
]


def test_patterns_agree_with_the_grammar() -> None:
    """What the program reads as a rule or a digest passes the pattern of the schema, and what it does not read does not."""
    assert [bool(re.search(RULE_PATTERN, text)) for text in RULES] == [isinstance(read_rule(text), DateRule) for text in RULES]
    assert [bool(re.search(DIGEST_PATTERN, text)) for text in DIGESTS] == [read_digest(text) is not None for text in DIGESTS]


def test_every_key_is_described() -> None:
    """The words beside the schemas are those of the tables of keys, no more and no fewer."""
    groups = {
        "service": keys.SERVICE,
        "office": keys.OFFICE,
        "sending": keys.SENDING,
        "legend": keys.LEGEND,
        "answers_from": keys.ANSWERS_FROM,
        "page": keys.PAGE,
        "archive": keys.ARCHIVE,
        "colours": keys.COLOURS,
        "schedule": keys.SCHEDULE,
        "anchor": keys.ANCHOR,
        "round": keys.ROUND,
        "meeting": keys.HEARINGS,
        "question": keys.QUESTION,
        "own_view": keys.OWN_VIEW,
        "sub_committee": keys.SUB_COMMITTEE,
        "escalate": keys.ESCALATE,
        "programmes": keys.PROGRAMMES,
        "programme": keys.PROGRAMME,
        "decision": keys.DECISION,
        "party": keys.PARTY,
        "focus_area": keys.FOCUS_AREA,
        "goal": keys.GOAL,
        "action": keys.ACTION,
        "contacts": keys.CONTACTS,
        "contact": keys.CONTACT,
        "party_contacts": keys.PARTY_CONTACTS,
        "lights": keys.LIGHTS,
        "programme_lights": keys.PROGRAMME_LIGHTS,
        "earlier_light": keys.EARLIER_LIGHT,
    }

    assert {name: set(words) for name, words in DESCRIPTIONS.items()} == {name: set(known) for name, known in groups.items()}


def test_init_points_the_editor_to_the_schemas(tmp_path: Path) -> None:
    """The first line of each file names a schema that is there."""
    write_initial(tmp_path)
    for file in keys.FILES:
        first = (tmp_path / file).read_text(encoding="utf-8").splitlines()[0]

        assert first == f"# yaml-language-server: $schema={FOLDER}/{schema_name(file)}"
        assert json.loads((tmp_path / FOLDER / schema_name(file)).read_text(encoding="utf-8")) == make_schema(file)


def test_the_command_writes_or_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`schema` writes all beside the files, `schema schedule` prints one, and a dry run writes nothing."""
    config = ["--config", str(tmp_path)]

    assert run([*config, "schema", "--dry-run"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert run([*config, "schema"]) == 0
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == sorted(schema_name(file) for file in keys.KNOWN_FILES)
    capsys.readouterr()
    assert run([*config, "schema", "schedule"]) == 0
    assert json.loads(capsys.readouterr().out) == make_schema(keys.SCHEDULE_FILE)
