"""Every message in both encodings (section 2, openapi.yaml).

In memory a message is a dictionary by field name: ids and bytes as bytes, decisions and error codes as words, a page as
`pages` gives it, absent fields left out. Keys of CBOR are the places of the fields, from 1.
"""

import base64
import json
import re

from . import Malformed, cbor, ids, pages
from .proof import base64url

_SPEC = """
ApiError: code:error server_time:int retry_after_s?:int
Capabilities: deployment:id versions:[int] level:text server_key:bytes server_time:int tables:[int] op_kinds:[int] hints:bool
Activate: login:text code:text password:text
SignIn: login:text password:text
SignedIn: member:id name:text ticket:bytes server_time:int
Enrol: ticket:bytes device:id silent_key:bytes presence_key?:bytes algorithm:int signature:bytes label:text
Enrolled: key:bytes deployment:id server_key:bytes chain:ChainState server_time:int
AskNonce: device:id
Nonce: nonce:bytes server_time:int
OpenSession: device:id key:bytes nonce:bytes signature:bytes
Session: token:bytes key:bytes expires_at:int server_time:int
ResetAccount: member:id
AccountReset: code:text
RevokeDevice: device:id
ListDevices: member:id
DeviceList: devices:[DeviceEntry]
DeviceEntry: device:id label:text enrolled_at:int revoked:bool
Done: server_time:int
ChainState: next_seq:int link:bytes forked:bool
Push: first_seq:int ops:[bytes] head:bytes
SyncRequest: cursor:Cursor push?:Push max_rows:int check:bool clock?:BootReading
BootReading: boot:bytes ms:int
AskLease: item:id
LeaseGranted: lease:bytes server_time:int
AskContent: sha256:bytes
Content: content:bytes
Cursor: history:int grant:int feeds:[FeedPosition]
FeedPosition: feed:int generation:int seq:int
GrantList: number:int feeds:[GrantedFeed]
GrantedFeed: feed:int kind:int subject:id
FeedCheck: feed:int rows:int sum:int
Verdict: seq:int op:id decision:decision reason?:int effects:[FeedSeq]
FeedSeq: feed:int seq:int
Receipt: deployment:id device:id to_seq:int link:bytes at:int
Head: deployment:id device:id to_seq:int link:bytes
SyncReply: server_time:int history:int chain:ChainState grant?:GrantList verdicts:[Verdict] receipt?:bytes page?:page \
more:bool checks:[FeedCheck] next_slot_ms:int
"""

_WORDS = {
    "decision": ("accepted", "refused", "held"),
    "error": ("bad_request", "no_such_path", "too_large", "bad_signature", "clock_skew", "session_expired",
              "device_revoked", "wrong_credentials", "locked_out", "not_activated", "bad_nonce", "too_many_devices",
              "forbidden", "busy", "internal", "weak_password"),
}


def _field(key, spec):
    """A field's key, name, type, and whether it may be absent."""
    name, form = spec.split(":")
    return key, name.rstrip("?"), form, name.endswith("?")


def _message(line):
    """A message's name and fields."""
    name, fields = line.split(": ")
    return name, [_field(key, spec) for key, spec in enumerate(fields.split(), 1)]


MESSAGES = dict(map(_message, _SPEC.strip().splitlines()))
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


def _typed(kind, value):
    """The value, if it is of exactly this Python type."""
    if type(value) is not kind:
        raise Malformed(f"not {kind.__name__}")
    return value


class _Cbor:
    """How values look in CBOR."""

    media = "application/cbor"

    @staticmethod
    def key(number, _name):
        return number

    @staticmethod
    def parse(data):
        return cbor.decode(data)

    @staticmethod
    def dump(value):
        return cbor.encode(value)

    @staticmethod
    def read(form, value):
        if form in _WORDS:
            known = _typed(int, value)
            return _WORDS[form][known - 1] if 0 < known <= len(_WORDS[form]) else str(known)
        if form == "id" and len(_typed(bytes, value)) != 16:
            raise Malformed("not an id")
        if form == "page":
            return pages.read_columnar(pages.unpack(_typed(bytes, value)))
        return _typed({"int": int, "text": str, "bool": bool}.get(form, bytes), value)

    @staticmethod
    def write(form, value):
        return _WORDS[form].index(value) + 1 if form in _WORDS else value


class _Json:
    """How values look in JSON."""

    media = "application/json"

    @staticmethod
    def key(_number, name):
        return name

    @staticmethod
    def parse(data):
        try:
            return json.loads(data)
        except ValueError as error:
            raise Malformed("not JSON") from error

    @staticmethod
    def dump(value):
        return json.dumps(value, ensure_ascii=False).encode()

    @staticmethod
    def read(form, value):
        if form == "id":
            return ids.parse(value)
        if form == "bytes":
            if not _BASE64URL.fullmatch(_typed(str, value)):
                raise Malformed("not base64url")
            return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        if form == "page":
            return pages.read_json(_typed(dict, value))
        return _typed({"int": int, "bool": bool}.get(form, str), value)

    @staticmethod
    def write(form, value):
        return ids.text(value) if form == "id" else base64url(value) if form == "bytes" else value


CODECS = {codec.media: codec for codec in (_Cbor, _Json)}
CBOR, JSON = _Cbor.media, _Json.media


def read(name, data, media=CBOR):
    """A message from the bytes of a body."""
    codec = CODECS[media]
    return _read(codec, name, codec.parse(data))


def write(name, message, media=CBOR):
    """The bytes of a body. Pages are not written: phones only read them."""
    codec = CODECS[media]
    return codec.dump(_write(codec, name, message))


def _read(codec, form, value):
    """A value of one form."""
    if form.startswith("["):
        return [_read(codec, form[1:-1], item) for item in _typed(list, value)]
    if form not in MESSAGES:
        return codec.read(form, value)
    _typed(dict, value)
    message = {}
    for number, name, inner, optional in MESSAGES[form]:
        cell = value.get(codec.key(number, name))
        if cell is not None:
            message[name] = _read(codec, inner, cell)
        elif not optional:
            raise Malformed(f"{form} without {name}")
    return message


def _write(codec, form, value):
    """A value of one form, absent fields left out."""
    if form.startswith("["):
        return [_write(codec, form[1:-1], item) for item in value]
    if form not in MESSAGES:
        return codec.write(form, value)
    return {codec.key(number, name): _write(codec, inner, value[name])
            for number, name, inner, _ in MESSAGES[form] if value.get(name) is not None}
