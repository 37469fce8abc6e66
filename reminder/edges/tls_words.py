"""What a failed TLS handshake means, and what to do: one wording for the log, the alarms and `check --connect` (faults S8 and S9)."""

from __future__ import annotations

import ssl

_AUTHORITY = (
    "is signed by nobody that this machine knows. Where that is meant, put the certificate of the authority that has signed it "
    "into a file and name that in REMINDER_CA_FILE."
)
_OF_CODE = {
    10: "has expired. Have it renewed on the server.",
    9: "is not valid yet. Look whether the clock of this machine is right, else have it replaced on the server.",
    62: "is for another name. Set {setting}_HOST to a name that stands in the certificate, or have that name added on the server.",
    64: "is for another name. Set {setting}_HOST to a name that stands in the certificate, not to a number.",
    23: "has been revoked. Have it replaced on the server.",
    18: _AUTHORITY,
    19: _AUTHORITY,
    20: _AUTHORITY,
    21: _AUTHORITY,
}
"""By the codes of OpenSSL's X509_verify_cert_error_string."""
NOT_OFFERED = (
    "does not offer STARTTLS, which is required here, so nothing was said to it. If it has always done so before, somebody may be in "
    "between; if it offers TLS from the start, set {setting}_SECURITY=tls and its port."
)
INJECTED = (
    "Bytes were put in front of the TLS handshake; somebody may be in between, so nothing was said. Tell whoever runs the server and the "
    "network."
)
_NO_TLS = "does not speak TLS at once on this port. Set {setting}_SECURITY=starttls, or the port for TLS (465 for SMTP, 993 for IMAP)."


def explain_tls(error: BaseException, host: str, setting: str) -> str:
    """The trouble and its remedy in two sentences; empty where the error says nothing of TLS that we know. `setting` is the start of the
    settings' names, such as REMINDER_SMTP."""
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _OF_CODE.get(error.verify_code)
        told = known or f"is not accepted: {error.verify_message}."
        return f"The certificate of {host} {told.format(setting=setting)}"
    if isinstance(error, ssl.SSLError) and error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"}:
        return f"The server {host} {_NO_TLS.format(setting=setting)}"
    return ""
