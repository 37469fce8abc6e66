"""Every sentence that reading the configuration files can say, in one place, so that it can be translated.

A complaint tells in one plain sentence what is wrong; its advice says what to do. Names in braces are filled in.
"""

from __future__ import annotations

from dataclasses import dataclass

from reminder.errors import Severity


@dataclass(frozen=True, slots=True)
class Complaint:
    """One kind of finding."""

    message: str
    advice: str = ""
    severity: Severity = Severity.FAULT


def _warning(message: str, advice: str) -> Complaint:
    return Complaint(message, advice, Severity.WARNING)


def _note(message: str, advice: str = "") -> Complaint:
    return Complaint(message, advice, Severity.NOTE)


# Files and YAML
FILE_MISSING = Complaint("The file is missing.", "`reminder init` writes one to start from; or name the right folder with --config.")
FILE_UNREADABLE = Complaint("The file cannot be read: {why}.", "Let the user that runs reminder read it.")
FILE_TOO_LARGE = Complaint("The file is larger than {limit} MB.", "Leave long texts out and link to them.")
NOT_UTF8 = Complaint("The file is not UTF-8 text (byte {byte}).", "Save it as UTF-8 in your editor.")
SYNTAX = Complaint(
    "This is not YAML: {why}.", "Look at this line and the one above it: indentation, a colon, a quotation mark or a bracket."
)
EMPTY_FILE = Complaint("The file is empty.", "`reminder init` writes one to start from.")
SEVERAL_DOCUMENTS = Complaint("A second YAML document begins here.", "Remove the line `---`; a file holds one document.")
ALIAS = Complaint("`*{name}` repeats another place of the file.", "Write the value itself; aliases are not read.")
MERGE_KEY = Complaint("`<<` merges another table into this one.", "Write its keys here; merge keys are not read.")
TAG = Complaint("The tag `{tag}` is not read.", "Remove it; every value is read as text.")
TOO_DEEP = Complaint("The file is nested more than {limit} levels deep.", "Bring it into the form that docs/configuration.md shows.")
KEY_NOT_TEXT = Complaint("A key must be a word.", "Write `key: value`.")
DUPLICATE_KEY = Complaint("`{key}` stands twice; first in line {line}.", "Remove or rename one of the two.")

# Shapes
UNKNOWN_KEY = Complaint("`{key}` is not known in {where}.", "{hint}")
MISSING_KEY = Complaint("`{key}` is missing in {where}.", "Add `{key}: {example}`.")
NOT_TABLE = Complaint("{what} must hold keys with values.", "Write `key: value` lines, indented under it.")
NOT_LIST = Complaint("{what} must be a list.", "Write `[one, two]`, or one a line, each after a hyphen.")
NOT_TEXT = Complaint("{what} must be a single text.", "Write the text after the colon, in quotation marks where it holds a colon.")
EMPTY_TEXT = Complaint("{what} is empty.", "Write a value, or remove the key.")
CONTROL = Complaint("{what} holds a character that cannot be printed.", "Type the text again without it.")
NO_LANGUAGE = Complaint("`{key}` is not a language here.", "Use fi, sv or en.")
NOT_CHOICE = Complaint("`{value}` is not possible for {what}.", "{hint}")
NOT_YES_NO = Complaint("`{value}` is neither yes nor no.", "Write yes or no.")
NOT_DATE = Complaint("`{value}` is not a date.", "Write it as 2025-02-28 or 28.2.2025, between the years 2000 and 2100.")
NOT_YEAR = Complaint("`{value}` is not a year.", "Write years from 2000 to 2100: 2024, [2024, 2025] or 2024-2026.")
NOT_TIME = Complaint("`{value}` is not a time of day.", "Write it as 08:30.")
NIGHT_TIME = Complaint("{value} may not exist when the clocks change.", "Choose a time that is not between 03:00 and 04:00.")
NOT_ID = Complaint("`{value}` cannot be an id.", "Use small letters a-z, digits, hyphen and underscore, such as `{guess}`.")
NOT_ACTION_ID = Complaint("`{value}` cannot be the id of an action.", "Use letters a-z, digits, dot, hyphen and underscore, at most 40.")

# service.yaml
UNKNOWN_ZONE = Complaint("`{value}` is not a time zone.", "{hint}")
NO_ZONES = Complaint(
    "The time zone {value} cannot be loaded: this machine has no time zones at all.",
    "Install the package tzdata, of the system or of Python; without it every date would be wrong, so nothing is started.",
)
UNKNOWN_COUNTRY = Complaint("The holidays of `{value}` are not known.", "{hint}")
UNKNOWN_SUBDIVISION = Complaint("`{value}` is not a part of {country} with holidays of its own.", "{hint}")
CLOSED_TOO_LONG = Complaint("`{value}` closes the offices for more than {limit} days.", "Check the years, or write two spans.")
NOT_QUIET = Complaint(
    "`{value}` is not a quiet time.", "Write `week 8`, `weeks 27-30`, `week 8 of 2026`, or two dates: `2026-12-21 - 2027-01-06`."
)
WINDOW_TWICE = Complaint("`sending` stands in service.yaml as well.", "Keep one of the two.")
WINDOW_REVERSED = Complaint("The sending window ends before it begins.", "Write for example `sending: {{from: 08:00, until: 16:00}}`.")
NO_COORDINATOR = Complaint(
    "No coordinator is named.", "Add `coordinator: [id]` with the id of somebody in contacts.yaml; the digest goes there."
)
LEGEND_PARTIAL = _warning("The legend does not say what {light} means.", "Add `{light}:`; until then only the colour is shown.")
NOT_PAGE_ADDRESS = Complaint("`{value}` is not the address of a site.", "Write it as https://seuranta.kunta.example/, without `?` and `#`.")
NOT_COLOUR = Complaint("`{value}` is not a colour.", 'Write it as `"#12455a"`, in quotation marks.')
LOW_CONTRAST = Complaint(
    "{first} on {second} cannot be read by everybody: the contrast is {ratio} : 1.",
    "Choose colours with at least 4.5 : 1, as the law on accessibility asks.",
)
NO_LOGO = Complaint("The logo `{value}` is not there.", "Put it into the folder of service.yaml, or remove `logo`.")
LOGO_KIND = Complaint("The logo `{value}` is neither SVG nor PNG.", "Give an .svg or a .png file.")
LOGO_LARGE = Complaint("The logo `{value}` is larger than {limit} kB.", "Make it smaller: every visitor loads it.")
LOGO_ACTIVE = Complaint(
    "The logo `{value}` is not a plain picture: it holds a script or something from elsewhere.", "Save it as a plain SVG."
)
CONTACT_UNKNOWN = Complaint("`{contact}` is not in contacts.yaml.", "{hint}")

# schedule.yaml
RULE_UNREADABLE = Complaint(
    "`{value}` is not a date rule.",
    "Write a date, or an anchor, `request` or `due`, with an offset such as `due - 5 working days`, or a weekday such as "
    "`monday after due`; units are days, weeks, months and working days.{hint}",
)
RULE_TOO_FAR = Complaint(
    "`{value}` reaches too far.", "An offset is at most two years: 730 days, 104 weeks, 24 months or 500 working days."
)
RULE_CIRCLE = Complaint("`{value}` hangs on itself.", "Let `request` or `due` hang on an anchor or a date.")
REPEAT_UNREADABLE = Complaint("`{value}` is not a repetition.", "Write `then every 2 weeks`, as the last of the list.")
DIGEST_UNREADABLE = Complaint(
    "`{value}` is not a rhythm for the digest.",
    "Write `every monday 08:30 from request until complete`, or `every working day 08:30`.{hint}",
)
ANCHOR_ID = Complaint(
    "`{value}` cannot name an anchor.",
    "Use small letters, digits and underscores, such as `{guess}`; not a word of the date rules such as `due`, `monday` or `then`.",
)
NOT_ANCHOR_DATE = Complaint(
    "`{value}` is not a date.", "Write it as 2025-02-28 or 28.2.2025, with the word `planned` after it while it is not confirmed."
)
NOT_YEARLY = Complaint("`{value}` is not a day of every year.", "Write `every 31.8.`, or a date for each year: `{{2024: 2025-02-14}}`.")
ANCHOR_SEVERAL = Complaint(
    "Round {round} hangs on `{anchor}`, which has {count} dates in {year}.", "Say which: such as `first {anchor} after due`."
)
ANCHOR_PLANNED = _note(
    "Round {round} hangs on `{anchor}`, planned for {day} and not confirmed.", "Remove `planned` when the date is certain."
)
NO_ANCHOR_YEAR = Complaint("Round {round} hangs on `{anchor}` but has no year.", "Add `anchor_year: 2025`, or `years`.")
NOT_GRACE = Complaint("`{value}` is not a grace.", "Write `5 working days`; at least 1 and at most 60.")
OUTSIDE_WINDOW = Complaint("{at} is outside the sending window of {opens} to {closes}.", "Choose a time inside it, or change `sending`.")
SELECTS_UNKNOWN = Complaint("Nothing in programme {programme} is called `{value}`.", "{hint}")
ROUND_SELECTS_NOTHING = Complaint(
    "Round {round} asks for no action: none has all of what it selects.", "Loosen `years`, `focus_areas`, `numbers` or `phases`."
)
MEMBERS_OF_REPORT = Complaint("Round {round} is no survey, so it has no `members`.", "Remove `members`, or add `kind: survey`.")
SURVEY_WITHOUT_MEMBERS = Complaint("Survey {round} asks nobody.", "Add `members: [{example}]`, parties whose contacts are asked.")
SURVEY_SELECTS = Complaint("Survey {round} asks about no actions.", "Remove what selects them.")
SURVEY_ONLY_PLANNED = _note("Survey {round} is only planned: its dates are shown, and no mail goes out for it.")
SURVEY_KEY_OF_REPORT = Complaint("Round {round} is no survey, so it has no `{key}`.", "Remove `{key}`, or add `kind: survey`.")
SURVEY_TOO_MANY = Complaint("A survey has at most {most} questions.", "Leave some out: it is answered on a phone.")
SURVEY_ENDS = Complaint("Only a scale from 1 to 5 has ends.", "Remove `low` and `high`, or write `scale: 1-5`.")
SURVEY_TOO_FEW = _warning(
    "Survey {round} is anonymous and asks {count}: its result is shown from {least} answers on.",
    "Ask more people, or do without `anonymous`.",
)
MEETING_ENDS_FIRST = Complaint("The meeting ends before it begins.", "Write for example `from: 13:00` and `until: 16:00`.")
NOT_CLOCK_SPAN = Complaint("`{value}` is not a time from and until.", "Write it as `14:00-14:15`.")
BREAK_OUTSIDE = Complaint("The break {value} is not within the hours of the meeting.", "Change it, or `from` and `until`.")
NOT_LINK = Complaint("`{value}` is not a web address.", "Write it as https://…")
NOT_WISH = Complaint("`{value}` is not a time of the hearings.", "Write it as 13:30; where there are several days, as `2025-03-18 13:30`.")
WISH_DAY = Complaint("{day} is no day of the hearings.", "Write the day and the time, such as `2025-03-18 13:30`; the days are: {days}.")
WISH_OUTSIDE = Complaint("The wish of `{party}` reaches beyond the hours of the hearings.", "Change the time, or `from` and `until`.")
WISH_CLASH = Complaint(
    "The wish of `{party}` clashes with that of `{other}`.", "Give one of them another time; the visit takes {minutes} minutes."
)
WISH_NOT_INVITED = Complaint("`{party}` is not invited to the hearings.", "Add it to `parties`, or remove the wish.")
MEETING_ALL_AND = Complaint("`all` stands beside others.", "Write `all` alone, or list the parties.")
MEETING_NOBODY = Complaint("Nobody is invited to this meeting: round {round} asks nobody.", "List the `parties`.")
MEETING_OF_SURVEY = Complaint("Survey {round} has no hearings.", "Put them under the round of the reports.")
MEETING_ONE_DAY = Complaint("A seminar has one day.", "Name one day, or write `hearings`.")
MEETING_FULL = Complaint(
    "There is no room for: {parties}. They need {minutes} minutes more.", "Add a day to `on`, a later `until`, or shorten `length`."
)
MEETING_CLOSED_DAY = _warning("{day} is a day on which the offices are closed.", "Is this the day of the meeting?")
MEETING_INVITED_LATE = Complaint("The invitations would leave on {day}, which is not before the meeting.", "Choose an earlier `invite`.")
NOBODY_JUDGES = Complaint(
    "Round {round} asks for the sub-committee's own light, but contacts.yaml does not say whom to ask.",
    "Name the `{key}` under `sub_committee` in contacts.yaml.",
)
OWN_VIEW_OF_SURVEY = Complaint("Survey {round} has no lights of the sub-committee.", "Put `sub_committee` under the round of the reports.")
OWN_VIEW_UNDATED = Complaint(
    "Nothing says when the sub-committee of round {round} is asked for its own light.", "Write `ask: due + 3 weeks`, or add `hearings`."
)
INFORMED_LATE = Complaint(
    "The members would hear of the lights on {inform}, which is not before they are asked for their own on {ask}.",
    "Choose an earlier `inform`.",
)
OVERRIDE_TWICE = Complaint(
    "`{party}` has steps of its own in `{other}` as well.", "Give it an entry of its own, or take it out of one group."
)
GROUP_IS_PARTY = Complaint("`{group}` is the id of a party.", "Name the group otherwise.")
ANCHOR_UNKNOWN = Complaint("`{anchor}` is not an anchor.", "{hint}")
ANCHOR_WITHOUT_YEAR = Complaint(
    "Round {round} hangs on `{anchor}`, which has no date for {year}.", "Add `{year}: YYYY-MM-DD` under `{anchor}` in `anchors`."
)
ROUND_PROGRAMME_MISSING = Complaint("Round {round} does not say which programme it is about.", "Add `programme: {example}`.")
ROUND_PROGRAMME_UNKNOWN = Complaint("Programme `{programme}` is not in programme.yaml.", "{hint}")
ROUND_ASKS_NOTHING = Complaint(
    "Round {round} asks for no action: none has the years {years}.", "Correct `years` here or the years of the actions."
)
ROUND_TWICE = Complaint("Round {round} of programme {programme} stands twice.", "Rename or remove one of the two.")
NO_ROUNDS = _warning("No round is planned, so no mail will go out.", "Add a round under `rounds`.")
DUE_BEFORE_REQUEST = Complaint("The report is due on {due}, not after the request on {request}.", "Let `due` come after `request`.")
CLOSES_BEFORE_DUE = Complaint("The round closes on {closes}, before the report is due on {due}.", "Let `closes` come after `due`.")
OVERDUE_TOO_EARLY = Complaint(
    "This mail says that the report is late, but goes out on {on}; the report is due on {due}.",
    "Let it come after `due`, such as `due + 1 working day`.",
)
NOTICE_AFTER_REQUEST = _warning(
    "The notice of the duty goes out on {on}, not before the request on {request}.", "Let `notice` come before `request`."
)
CONTACTS_AFTER_REQUEST = _warning(
    "The list of contacts would go out on {on}, not before the request on {request}, and so never does.",
    "Let `contacts` come before the first mail, such as `notice - 2 weeks`.",
)
REMINDER_BEFORE_REQUEST = _warning(
    "This reminder goes out on {on}, not after the request on {request}.", "Let it come between `request` and `due`."
)
REMINDER_AFTER_DUE = _warning(
    "This reminder goes out on {on}, after the report is due on {due}.", "Let it come before `due`, or put it under `overdue`."
)
AFTER_CLOSES = _warning(
    "This mail would go out on {on}, after the round closes on {closes}; it never will.", "Let the round close later, or remove it."
)
DEADLINE_MOVED = _note("{written} is {day}, {why}; the report is due on {due}.", "Nothing to do; `deadline_rule: exact` keeps the day.")
SUDDEN = _warning(
    "The {kind} of round {round}, planned for {day}, would go out at once to {count} of {of} recipients.",
    "Move its date, or let `arm` skip it, as it does unless told otherwise.",
)
ESCALATION_TO_NOBODY = _note(
    "Nobody is named above party `{party}`: where it is late, only the coordinator is told.",
    "Add `manager:` or `deputies:` to the party in contacts.yaml.",
)
DATE_OUT_OF_REACH = Complaint("`{value}` leads to no date.", "Check the dates of its anchors, the closed days and the offset.")

# programme.yaml
NO_PROGRAMMES = Complaint("No programme is given.", "Add one under `programmes`.")
NOT_TAG = Complaint("`{value}` cannot be a tag.", "Use 2 to 6 capital letters A-Z, such as `ELVO`; it stands in the subjects of the mails.")
TAG_TWICE = Complaint("The tag {tag} belongs to programme `{other}` as well.", "Give each programme a tag of its own.")
NO_ACTIONS = Complaint("Programme `{programme}` has no actions.", "Add them under `focus_areas` or `actions`.")
NOT_NUMBER = Complaint(
    "`{value}` cannot be the number of an action.", "Use letters, digits, dots and hyphens without blanks, at most 16, such as `1.3`."
)
NUMBER_TWICE = Complaint("Number {number} belongs to two actions; first in line {line}.", "Give each action a number of its own.")
ACTION_ID_TWICE = Complaint("The id `{id}` belongs to two actions; first in line {line}.", "Give each action an id of its own.")
NO_LEAD = Complaint("Nobody answers for action {number}.", "Add `lead: {example}`, the party that is to report on it.")
PARTY_UNKNOWN = Complaint("`{party}` is not a party of {where}.", "{hint}")
PARTY_TWICE_IN_ACTION = _warning("`{party}` leads action {number} and contributes to it too.", "Remove it from `contributors`.")
WAS_STILL_THERE = Complaint(
    "`{party}` is still a party of this file.", "Remove it from `was`, or remove the party that it was renamed from."
)
WAS_TWICE = Complaint("`{party}` stands under `was` of two parties.", "Leave it with the one that answers for its actions now.")
NO_YEARS = _warning("Action {number} has no years, so no round will ask for it.", "Add `years: [2024, 2025]`.")
LONG_TITLE = _warning(
    "The title of action {number} has {length} characters and will be wrapped in mails.",
    "Keep it under 80; put the full text under `text`.",
)
NOT_URL = Complaint("`{value}` is not a web address.", "Write it as https://www.kunta.example/ohjelma.")
NO_DOCUMENT = Complaint(
    "The document `{value}` is not there.", "Put it into the folder of programme.yaml, or remove `document` and give `url`."
)
DOCUMENT_LARGE = _warning(
    "The document `{value}` has {size} MB; many mail servers refuse such a mail.", "Make it smaller, or remove it and give `url`."
)

# contacts.yaml
NOT_ADDRESS = Complaint("`{value}` is not an email address.", "Write it as rooli@kunta.example.")
NO_ADDRESS = Complaint("Contact `{contact}` has no address.", "Write its email address after `address:`.")
NOT_OUR_LANGUAGE = Complaint("`{value}` is not a language that mails are written in.", "Use fi, sv or en.")
PARTY_NOT_IN_PROGRAMME = Complaint("`{party}` is not a party of any programme.", "{hint}")
PARTY_WITHOUT_CONTACT = Complaint(
    "Party `{party}` answers for actions of round {round} but has no contact.",
    "Add `{party}: [contact id]` under `parties` in contacts.yaml.",
)
PARTY_WITHOUT_CONTACT_YET = _warning(
    "Party `{party}` has no contact; no round asks it so far.", "Add `{party}: [contact id]` under `parties` in contacts.yaml."
)
ADDRESS_OF_TWO = _note("{address} stands for {count} parties: {parties}. It gets one mail for all of them.")
ADDRESS_TWICE = _note("{address} belongs to contact `{other}` as well, in line {line}.", "Keep one entry and name it for both parties.")

# lights.yaml
NOT_LIGHT = Complaint("`{value}` is not a traffic light.", "{hint}")
LIGHT_SAYS_NOTHING = Complaint(
    "Neither light nor phase is given for action {number}.", "Add `light: green`, `yellow` or `red`, or remove the entry."
)
LIGHT_WITHOUT_DAY = Complaint(
    "It is not said when action {number} was reported on.", "Add `on: 2024-02-20` to the programme, or a day of its own here."
)
LIGHT_UNKNOWN = Complaint("Programme {programme} has no action `{number}`.", "{hint}")
LIGHT_TWICE = Complaint("The light of action {number} stands twice; first in line {line}.", "Remove one of the two.")
LIGHT_NEVER_SHOWN = _warning(
    "The light of action {number} is of {day}, but the last request goes out on {request}; no mail will show it.",
    "Correct the date, or add a round whose request goes out later.",
)
