"""From bytes to text: charsets that lie, addresses, structure, HTML."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Mapping

import pytest

from reminder.parse.addresses import read_addresses, read_author
from reminder.parse.body import read_bodies
from reminder.parse.decoding import clean_text, decode_bytes, decode_header, undo_twice_encoded
from reminder.parse.html_text import html_lines
from reminder.parse.message import Mail, clean_file_name, read_mail

WORDS = "Käynnissä, pää, åäö, €, –"
CHARSETS = [
    ("utf-8", "utf-8"),
    ("utf-8", "UTF8"),
    ("utf-8", "iso-8859-1"),
    ("utf-8", "us-ascii"),
    ("utf-8", "no-such-charset"),
    ("utf-8", ""),
    ("cp1252", "windows-1252"),
    ("cp1252", "iso-8859-1"),
    ("cp1252", "utf-8"),
    ("cp1252", "us-ascii"),
    ("cp1252", ""),
    ("utf-16", "utf-16"),
    ("utf-16-le", "utf-16le"),
    ("utf-8-sig", "utf-8"),
]
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {"8bit": bytes, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}


# RFC 2045 allows no NUL bytes in 8bit, so UTF-16 does not travel that way.
TRAVELS = [
    (charset, label, encoding)
    for charset, label in CHARSETS
    for encoding in sorted(ENCODINGS)
    if not (charset.startswith("utf-16") and encoding == "8bit")
]


@pytest.mark.parametrize(("charset", "label", "encoding"), TRAVELS)
def test_every_letter_survives_charset_label_and_transfer(charset: str, label: str, encoding: str) -> None:
    """No letter is lost or changed, whatever the label says and however the bytes travelled."""
    content = ENCODINGS[encoding](WORDS.encode(charset))
    header = f'Content-Type: text/plain; charset="{label}"\r\n' if label else ""
    mail = read_mail(f"From: a@b.example\r\n{header}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + content)
    assert mail.texts[0].text.strip() == WORDS


def test_latin_9_has_the_euro_where_latin_1_has_the_currency_sign() -> None:
    """ISO 8859-15 is believed where the bytes are no UTF-8."""
    assert decode_bytes("pää €".encode("iso-8859-15"), "iso-8859-15") == "pää €"


def test_letters_decoded_twice_are_mended_and_real_ones_kept() -> None:
    """`vihreÃ¤` becomes `vihreä`; a real `Ã` before a blank stays."""
    assert undo_twice_encoded("vihreÃ¤, pÃ¤Ã¤") == "vihreä, pää"
    assert undo_twice_encoded("vihreä Ã x") == "vihreä Ã x"


def test_what_nobody_sees_is_gone() -> None:
    """Zero-width characters, soft hyphens, variation selectors and controls vanish; odd blanks are blanks; NFC."""
    assert clean_text("vih\u200breä\u00ad\ufe0f\x07 \u00a0x\u2028y") == "vihreä  x\ny"
    assert clean_text("vihrea\u0308") == "vihreä"
    assert clean_text("12：vihreä") == "12:vihreä"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?vihre=C3?= =?utf-8?q?=A4?=", "vihreä"),
        (b"=?iso-8859-1?Q?p=E4=E4?= x", "pää x"),
        (b"=?utf-8?b?a?=", ""),
        (b"=?x-none?q?abc?=", "abc"),
        (b"=?utf-8?q?a=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
        (b"pelkk\xe4", "pelkkä"),
    ],
)
def test_header_words(raw: bytes, text: str) -> None:
    """Encoded words are joined before they are decoded, and never give a line end."""
    assert decode_header(raw) == text


@pytest.mark.parametrize(
    ("fields", "address", "fault"),
    [
        ((b"Kaisa <Kaisa@Kunta.example>",), "kaisa@kunta.example", ""),
        ((b'"a@evil.example" <b@kunta.example>',), "b@kunta.example", ""),
        ((b"=?utf-8?q?=22x=2C_y=22?= <b@kunta.example>",), "b@kunta.example", ""),
        ((b"b@kunta.example (a@evil.example)",), "b@kunta.example", ""),
        ((), "", "from_missing"),
        ((b"a@b.example", b"c@d.example"), "", "from_repeated"),
        ((b"a@b.example, c@d.example",), "", "from_several"),
        ((b"Ryhma: a@b.example;",), "", "from_several"),
        ((b"<a@b.example> <c@d.example>",), "", "from_unreadable"),
        ((b"a@[1.2.3",), "", "from_unreadable"),
        ((b"(" * 5000,), "", "from_unreadable"),
    ],
)
def test_who_wrote_it_is_one_address_or_nobody(fields: tuple[bytes, ...], address: str, fault: str) -> None:
    """Exactly one From with one address; a name that looks like an address is but a name."""
    author, why = read_author(fields)
    assert (author.address if author else "", why if not why.startswith("from_group") else "from_several") == (address, fault)


def test_addresses_are_read_within_quotes_and_comments() -> None:
    """Commas in names and comments separate nothing."""
    found = read_addresses(b'"Doe, J" <a@b.example>, (x, y) c@d.example; e@f.example')
    assert [one.address for one in found] == ["a@b.example", "c@d.example", "e@f.example"]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\x00b.pdf", "ab.pdf"),
        ("...x", "x"),
        ("CON.txt", "_CON.txt"),
        ("c:\\x\\y.doc", "y.doc"),
        ("a\u202etxt.exe", "atxt.exe"),
    ],
)
def test_file_names_are_safe_to_show(name: str, cleaned: str) -> None:
    """No path, no control, no device."""
    assert clean_file_name(name) == cleaned


def _mixed(*parts: str, kind: str = "mixed") -> Mail:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return read_mail(f'From: a@b.example\r\nContent-Type: multipart/{kind}; boundary="b"\r\n\r\n{body}--b--\r\n'.encode())


def test_texts_are_the_senders_and_files_are_not() -> None:
    """An attached text, an attached mail and a returned mail are nobody's words."""
    mail = _mixed(
        "Content-Type: text/plain\r\n\r\nminun",
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\nmuistio",
        "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntoisen",
    )
    assert [part.text.strip() for part in mail.texts] == ["minun"]
    assert [one.name for one in mail.attachments] == ["x.txt"]
    assert len(mail.returned) == 1


def test_a_missing_boundary_and_a_longer_one_are_forgiven() -> None:
    """A multipart without its delimiter is one text; `--bb` does not end `--b`."""
    lost = read_mail(b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="nowhere"\r\n\r\n1.5: x')
    assert "boundary_missing" in lost.defects
    assert lost.texts[0].text == "1.5: x"
    longer = _mixed("Content-Type: text/plain\r\n\r\na\r\n--bb\r\nc")
    assert "c" in longer.texts[0].text


def test_a_stub_text_part_gives_way_to_the_html() -> None:
    """A text part that only says `HTML required` is not the mail."""
    mail = _mixed("Content-Type: text/plain\r\n\r\nHTML is required.", "Content-Type: text/html\r\n\r\n<p>1.5: x</p>", kind="alternative")
    assert [body.source for body in read_bodies(mail)] == ["html"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>a <s>b</s> c</p>", ["a c"]),
        ('<p>a<span style="text-decoration:line-through"> b</span></p>', ["a"]),
        ('<div style="display:none">x</div><p>y</p>', ["y"]),
        ('<p>a<span style="font-size:0">x</span></p>', ["a"]),
        ("<table><tr><td><p>a</p></td><td>b</td></tr><tr><td>c</td></tr></table>", ["a\tb", "c"]),
        ('<ol start="12"><li>a</li><li>b</li></ol>', ["12. a", "13. b"]),
        ("<ul><li>a</ul>", ["- a"]),
        ("a<br>b", ["a", "b"]),
        ("<pre>a\nb</pre>", ["a", "b"]),
        ("<style>x</style><script>y</script>a", ["a"]),
        ("vihre&auml; &amp; &#128994;", ["vihreä & 🟢"]),
        ('<img alt="🟢" src="x.png">', ["🟢"]),
        ("a <!-- b --> c < d", ["a c < d"]),
        ('<a href="mailto:x@y.example?body=Tila">● vihreä</a><p>z</p>', ["z"]),
    ],
)
def test_html_as_a_person_sees_it(source: str, lines: list[str]) -> None:
    """Struck out and hidden text is gone, rows are rows, lists have their numbers, light links vanish."""
    assert [line for line, _ in html_lines(source) if line] == lines


def test_quotation_depth_of_html() -> None:
    """A blockquote is a quotation, except Outlook's own way of marking what was typed."""
    assert html_lines("a<blockquote>b<blockquote>c</blockquote></blockquote>") == [("a", 0), ("b", 1), ("c", 2)]
    assert html_lines('<blockquote class="elementToProof">a</blockquote>') == [("a", 0)]


def test_flowed_text_is_unwrapped_and_the_signature_is_not() -> None:
    """RFC 3676: a blank before the line end joins, `-- ` never does."""
    raw = b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\n> 1.5: \r\n> vihrea\r\nx \r\n-- \r\ny"
    (body,) = read_bodies(read_mail(raw))
    assert [(line.text, line.depth) for line in body.lines] == [("1.5: vihrea", 1), ("x ", 0), ("-- ", 0), ("y", 0)]
