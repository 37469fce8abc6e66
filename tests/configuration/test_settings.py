"""Settings: from the environment and `.env`, every fault at once, nothing mistyped passes in silence, no secret is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.configuration.settings import keyring_of, load_settings, read_settings
from reminder.configuration.settings_model import SECRETS, VARIABLES
from reminder.configuration.values import read_place
from reminder.errors import ConfigurationFailure
from reminder.wire.headers import Mailbox

SECRET = "a:0123456789abcdef0123456789abcdef"
PING = "https://switch.example/ping/0123456789"
SOUND = {
    "REMINDER_FROM": "Elinvoimaohjelma <seuranta@kunta.example>",
    "REMINDER_SMTP_HOST": "smtp.kunta.example",
    "REMINDER_IMAP_HOST": "imap.kunta.example",
    "REMINDER_SECRET_KEY": SECRET,
}


def findings_of(folder: Path, environ: Mapping[str, str]) -> list[str]:
    """What is said, as one text each."""
    return [str(finding) for finding in read_settings(folder, environ).findings]


def test_defaults_and_what_follows_from_them(tmp_path: Path) -> None:
    """The least that must be set gives sound settings; ports follow from the security, replies go to the sender."""
    loaded = load_settings(tmp_path, SOUND)
    assert (loaded.smtp_port, loaded.smtp_security, loaded.imap_port, loaded.imap_security) == (587, "starttls", 993, "tls")
    assert loaded.from_mailbox == Mailbox(name="Elinvoimaohjelma", address="seuranta@kunta.example")
    assert loaded.reply_address == "seuranta@kunta.example"
    assert loaded.database_url == "sqlite:///reminder.db"
    assert loaded.plus_address
    assert load_settings(tmp_path, {**SOUND, "REMINDER_SMTP_SECURITY": "tls"}).smtp_port == 465


def test_everything_that_is_missing_is_named(tmp_path: Path) -> None:
    """Without settings each of the four is named with what to do; the key with a command line that makes one."""
    said = findings_of(tmp_path, {})
    assert len(said) == 4
    for name in ("REMINDER_FROM", "REMINDER_SMTP_HOST", "REMINDER_IMAP_HOST", "REMINDER_SECRET_KEY"):
        assert sum(name in one for one in said) == 1
    assert any("python3 -c \"import secrets; print('a:' + secrets.token_hex(32))\"" in one for one in said)


def test_a_command_that_sends_nothing_needs_nothing(tmp_path: Path) -> None:
    """Where neither sending nor reading is asked for, the defaults do."""
    assert load_settings(tmp_path, {}, complete=False).database_url == "sqlite:///reminder.db"


@pytest.mark.parametrize(
    ("name", "value", "message", "advice"),
    [
        ("REMINDER_SMTP_HSOT", "x", "no setting REMINDER_SMTP_HSOT", "Did you mean `REMINDER_SMTP_HOST`?"),
        ("REMINDER_SMTP_PASWORD_FILE", "x", "no setting REMINDER_SMTP_PASWORD_FILE", "Did you mean `REMINDER_SMTP_PASSWORD_FILE`?"),
        ("REMINDER_SMTP_PORT", "smtp", "REMINDER_SMTP_PORT is not possible", "Write a port number"),
        ("REMINDER_SMTP_SECURITY", "ssl", "REMINDER_SMTP_SECURITY is not possible", "Write tls, starttls or none"),
        ("REMINDER_LOG", "xml", "REMINDER_LOG is not possible", "Write json or text"),
        ("REMINDER_TRANSPORT", "pigeon", "REMINDER_TRANSPORT is not possible", "Write smtp or graph"),
        ("REMINDER_INSTANCE", "Meidän", "REMINDER_INSTANCE is not possible", "small letters"),
        ("REMINDER_FROM", "Seuranta", "`Seuranta` is not a sender", "Name <seuranta@kunta.example>"),
        ("REMINDER_REPLY_TO", "seuranta", "`seuranta` is not an email address", "seuranta@kunta.example"),
        ("REMINDER_REPLY_TO", "elinvoimaohjelman-seurannan-postilaatikko@kunta.example", "too long", "at most 29 characters"),
        ("REMINDER_REPLY_TO", "seuranta+x@kunta.example", "a plus sign already", "REMINDER_PLUS_ADDRESS=no"),
        ("REMINDER_SECRET_KEY", "hunter2", "REMINDER_SECRET_KEY cannot be used", "This makes one"),
        ("REMINDER_SMTP_SECURITY", "none", "in the open", "REMINDER_ALLOW_CLEARTEXT=yes"),
        ("REMINDER_IMAP_SECURITY", "none", "in the open", "REMINDER_ALLOW_CLEARTEXT=yes"),
        ("REMINDER_SMTP_USER", "seuranta", "REMINDER_SMTP_PASSWORD is not", "Set REMINDER_SMTP_PASSWORD"),
        ("REMINDER_CLOCK", "clock", "outside a rehearsal", "REMINDER_REHEARSAL=1"),
        ("REMINDER_MAILDIR", "/nowhere", "not a Maildir", "Correct"),
        ("REMINDER_CA_FILE", "/nowhere.pem", "cannot be read", "REMINDER_CA_FILE"),
        ("REMINDER_DATABASE_URL", "mysql://u:hunter2@h/d", "not supported", "sqlite:///reminder.db"),
        ("REMINDER_SECRET_KEY_FILE", "/nowhere", "is set, and REMINDER_SECRET_KEY_FILE as well", "Remove one"),
        ("REMINDER_SMTP_PASSWORD_FILE", "/nowhere", "cannot be read", "Correct the path"),
    ],
)
def test_each_fault_says_what_to_do(tmp_path: Path, name: str, value: str, message: str, advice: str) -> None:
    """A faulty setting is a fault at its place with advice, and never shows a secret."""
    with pytest.raises(ConfigurationFailure) as failure:
        load_settings(tmp_path, {**SOUND, name: value})
    found = [finding for finding in failure.value.findings if message in finding.message and advice in finding.advice]
    assert len(found) == 1, [str(finding) for finding in failure.value.findings]
    assert found[0].file == "environment"
    assert "hunter2" not in str(failure.value)


def test_a_setting_like_no_other_is_only_a_warning(tmp_path: Path) -> None:
    """A variable that resembles none of ours may belong to somebody else; it is named and does not stop us."""
    loaded = read_settings(tmp_path, {**SOUND, "REMINDER_QQQQ": "1", "PATH": "/bin"})
    assert loaded.settings is not None
    assert [(finding.severity, "REMINDER_QQQQ" in finding.message) for finding in loaded.findings] == [("warning", True)]


def test_the_env_file_and_its_places(tmp_path: Path) -> None:
    """`.env` stands in the folder of the configuration or beside it; a fault names file and line; the environment wins."""
    config = tmp_path / "config"
    config.mkdir()
    lines = [f'{name}="{value}"' for name, value in SOUND.items()]
    beside = tmp_path / ".env"
    beside.write_text("\n".join([*lines, "# a remark", "REMINDER_LOG=xml", "oops"]), encoding="utf-8")
    assert findings_of(config, {}) == [
        f"{beside}:6:1: fault: The value of REMINDER_LOG is not possible. Write json or text.",
        f"{beside}:7:1: fault: This line is not `NAME=value`. Correct it, or begin it with # to make it a comment.",
    ]
    (config / ".env").write_text("\n".join([*lines, "export REMINDER_LOG=json # as a server does"]), encoding="utf-8")
    assert load_settings(config, {}).log == "json"
    assert load_settings(config, {"REMINDER_LOG": "text"}).log == "text"


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_stand_in_a_file(tmp_path: Path, name: str) -> None:
    """`…_FILE` names a file with the secret; its trailing line end is no part of it."""
    value = {"REMINDER_SECRET_KEY": SECRET, "REMINDER_DATABASE_URL": "sqlite:///other.db", "REMINDER_PING_URL": PING}.get(
        name, "pass word "
    )
    (tmp_path / "secret").write_text(f"{value}\n", encoding="utf-8")
    environ = {key: one for key, one in SOUND.items() if key != name}
    users = {"REMINDER_SMTP_USER": "u", "REMINDER_SMTP_PASSWORD": "p", "REMINDER_IMAP_USER": "u", "REMINDER_IMAP_PASSWORD": "p"}
    environ |= {key: one for key, one in users.items() if key != name}
    loaded = load_settings(tmp_path, {**environ, f"{name}_FILE": str(tmp_path / "secret")})
    stored = getattr(loaded, VARIABLES[name])
    assert (stored if isinstance(stored, str) else stored.get_secret_value()) == value
    assert value not in repr(loaded)


def test_a_rehearsal_stays_on_this_machine(tmp_path: Path) -> None:
    """In a rehearsal any host beyond loopback is a fault, and cleartext on loopback is none."""
    rehearsal = {"REMINDER_REHEARSAL": "1", "REMINDER_CLOCK": "clock"}
    said = findings_of(tmp_path, {**SOUND, **rehearsal})
    assert [("REMINDER_SMTP_HOST" in one, "REMINDER_IMAP_HOST" in one) for one in said] == [(True, False), (False, True)]
    for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1"):
        local = {"REMINDER_SMTP_HOST": host, "REMINDER_IMAP_HOST": host, "REMINDER_SMTP_SECURITY": "none", "REMINDER_IMAP_SECURITY": "none"}
        assert findings_of(tmp_path, {**SOUND, **rehearsal, **local}) == []


def test_cleartext_can_be_allowed(tmp_path: Path) -> None:
    """`security=none` beyond loopback needs a word of its own."""
    environ = {**SOUND, "REMINDER_SMTP_SECURITY": "none", "REMINDER_ALLOW_CLEARTEXT": "yes"}
    assert load_settings(tmp_path, environ).smtp_port == 25


def test_a_maildir_replaces_imap(tmp_path: Path) -> None:
    """Replies are read from one place: IMAP or a Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    both = {**SOUND, "REMINDER_MAILDIR": str(tmp_path / "mail")}
    assert any("Both REMINDER_IMAP_HOST and REMINDER_MAILDIR" in one for one in findings_of(tmp_path, both))
    del both["REMINDER_IMAP_HOST"]
    assert load_settings(tmp_path, both).maildir == tmp_path / "mail"


def test_the_keyring(tmp_path: Path) -> None:
    """The first key signs; the instance is part of every signature; no key is a failure that says how to make one."""
    ring = keyring_of(load_settings(tmp_path, {**SOUND, "REMINDER_SECRET_KEY": f"b:{'x' * 20},{SECRET}", "REMINDER_INSTANCE": "koe"}))
    assert [key.id for key in ring.keys] == ["b", "a"]
    assert ring.instance == "koe"
    with pytest.raises(ConfigurationFailure, match="token_hex"):
        keyring_of(load_settings(tmp_path, {}, complete=False))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.text(max_size=30)), env=st.text(max_size=80))
def test_no_value_makes_reading_raise(tmp_path: Path, values: dict[str, str], env: str) -> None:
    """Whatever is set: reading ends with settings or with a fault."""
    (tmp_path / ".env").write_bytes(env.encode("utf-8", "surrogatepass"))
    loaded = read_settings(tmp_path, values)
    assert (loaded.settings is None) == any(finding.severity == "fault" for finding in loaded.findings)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REMINDER_METRICS", "127.0.0.1", "no place to listen at"),
        ("REMINDER_METRICS", ":9464", "no place to listen at"),
        ("REMINDER_METRICS", "127.0.0.1:99999", "no place to listen at"),
        ("REMINDER_PING_URL", "file:///etc/passwd", "is not a URL that can be called"),
        ("REMINDER_PING_MINUTES", "0", "a number of minutes from 1 to 1440"),
    ],
)
def test_what_looks_from_outside_is_checked(tmp_path: Path, name: str, value: str, said: str) -> None:
    """A place without a port and a URL that is none are faults."""
    (found,) = findings_of(tmp_path, {**SOUND, name: value})
    assert said in found


def test_places_and_what_belongs_together(tmp_path: Path) -> None:
    """A port alone means loopback; verp needs plus addresses; a rehearsal calls no switch elsewhere."""
    assert (read_place("9464"), read_place("[::1]:80"), read_place("")) == (("127.0.0.1", 9464), ("::1", 80), None)
    (verp,) = findings_of(tmp_path, {**SOUND, "REMINDER_ENVELOPE_FROM": "verp", "REMINDER_PLUS_ADDRESS": "no"})
    assert "needs plus addresses" in verp
    local = {
        **SOUND,
        "REMINDER_SMTP_HOST": "localhost",
        "REMINDER_IMAP_HOST": "localhost",
        "REMINDER_REHEARSAL": "1",
        "REMINDER_CLOCK": "clock",
    }
    (elsewhere,) = findings_of(tmp_path, {**local, "REMINDER_PING_URL": PING})
    assert "a rehearsal never leaves this machine" in elsewhere


OAUTH2 = {
    **SOUND,
    "REMINDER_SMTP_AUTH": "oauth2",
    "REMINDER_SMTP_USER": "seuranta@kunta.example",
    "REMINDER_OAUTH2_CLIENT_ID": "app",
    "REMINDER_OAUTH2_CLIENT_SECRET": "canary",
    "REMINDER_OAUTH2_TENANT": "kunta.example",
}


def test_a_tenant_gives_endpoint_and_scope(tmp_path: Path) -> None:
    """For Microsoft 365 the tenant is enough, and no password is missed."""
    loaded = load_settings(tmp_path, OAUTH2)
    assert loaded.token_url.endswith("/kunta.example/oauth2/v2.0/token")
    assert loaded.token_scope.endswith("/.default")
    assert "canary" not in repr(loaded)


@pytest.mark.parametrize(
    "name", ["REMINDER_SMTP_USER", "REMINDER_OAUTH2_CLIENT_ID", "REMINDER_OAUTH2_CLIENT_SECRET", "REMINDER_OAUTH2_TENANT"]
)
def test_what_a_login_by_token_needs_is_named(tmp_path: Path, name: str) -> None:
    """Each setting that is missing stands in the finding."""
    (said,) = findings_of(tmp_path, {**OAUTH2, name: ""})
    assert f"REMINDER_SMTP_AUTH=oauth2 needs {name} too." in said


@pytest.mark.parametrize(
    "url", ["http://login.kunta.example/token", "login.kunta.example", "https://", "https://a:b@kunta.example/", "https://x:99999/"]
)
def test_no_secret_goes_to_an_unsafe_address(tmp_path: Path, url: str) -> None:
    """Only https, but on this machine; no user and no impossible port in the address."""
    (said,) = findings_of(tmp_path, {**OAUTH2, "REMINDER_OAUTH2_TOKEN_URL": url})
    assert "is not an address that a secret can be sent to" in said
    assert not findings_of(tmp_path, {**OAUTH2, "REMINDER_OAUTH2_TOKEN_URL": "http://127.0.0.1:8/token"})
