"""The proof of a request: RFC 9421 with an HMAC, in exactly one form (section 9)."""

import base64
import hashlib
import hmac
import re

from . import Malformed

_COVERED = '("@method" "@path" "content-digest")'
_INPUT = re.compile(r's=\("@method" "@path" "content-digest"\);created=(0|[1-9][0-9]*);keyid="([A-Za-z0-9_-]+)";'
                    r'alg="hmac-sha256"')


def base64url(data):
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _base64(data):
    """Base64 with padding, between the colons of a structured field."""
    return f":{base64.b64encode(data).decode()}:"


def digest(body):
    """The `Content-Digest` of a body as sent; no body is zero bytes."""
    return "sha-256=" + _base64(hashlib.sha256(body).digest())


def _parameters(token, created):
    """What the signature says about itself."""
    return f'{_COVERED};created={created};keyid="{base64url(token)}";alg="hmac-sha256"'


def signature_base(method, path, body, token, created):
    """The four lines under the HMAC."""
    return "\n".join((f'"@method": {method}', f'"@path": {path}', f'"content-digest": {digest(body)}',
                      f'"@signature-params": {_parameters(token, created)}'))


def headers(method, path, body, token, key, created):
    """The three headers that prove a request."""
    base = signature_base(method, path, body, token, created)
    mac = hmac.new(key, base.encode(), hashlib.sha256).digest()
    return {"Content-Digest": digest(body), "Signature-Input": "s=" + _parameters(token, created),
            "Signature": "s=" + _base64(mac)}


def parse_input(header):
    """The time and the token of a `Signature-Input`; any other form is refused."""
    found = _INPUT.fullmatch(header)
    if not found:
        raise Malformed("not the one form of Signature-Input")
    token = found[2]
    return int(found[1]), base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
