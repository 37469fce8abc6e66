"""What a failed TLS handshake means, and what to do: one wording for the log, the alarms and `check --connect`,
for SMTP, IMAP, Microsoft Graph and the token endpoint (faults S8 and S9)."""

from __future__ import annotations

import ssl

_AUTHORITY = (
    "is signed by nobody that this machine knows. Where that is meant, put the certificate of the authority that has signed it "
    "into a file and name that in REMINDER_CA_FILE."
)
_OF_CODE = {
    10: "has expired. Have it renewed on the server.",
    9: "is not valid yet. Look whether the clock of this machine is right, else have it replaced on the server.",
    62: "is for another name. Set {address} to a name that stands in the certificate, or have that name added on the server.",
    64: "is for another name. Set {address} to a name that stands in the certificate, not to a number.",
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
_NO_HTTPS = "does not speak TLS on this port. Look at {address}, and at what stands in between."
_NO_TLS = "does not speak TLS at once on this port. Set {setting}_SECURITY=starttls, or the port for TLS (465 for SMTP, 993 for IMAP)."


def explain_tls(error: BaseException, host: str, setting: str) -> str:
    """The trouble and its remedy in two sentences; empty where the error says nothing of TLS that we know. `setting` is the start of the
    settings' names, such as REMINDER_SMTP."""
    return _explain(error, host, f"{setting}_HOST", _NO_TLS.format(setting=setting))


def explain_https(error: BaseException, host: str, address: str) -> str:
    """The same for a call over https. `address` is the setting that holds its address, such as REMINDER_GRAPH_URL."""
    return _explain(error, host, address, _NO_HTTPS.format(address=address))


def _explain(error: BaseException, host: str, address: str, no_tls: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _OF_CODE.get(error.verify_code)
        told = known.format(address=address) if known else f"is not accepted: {error.verify_message}."
        return f"The certificate of {host} {told}"
    if isinstance(error, ssl.SSLError) and error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"}:
        return f"The server {host} {no_tls}"
    return ""
