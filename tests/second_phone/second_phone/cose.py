"""COSE_Sign1 in the one form that heads and receipts have (section 7)."""

from . import Malformed, cbor, keys

HEAD = "dangjian/head/1"
RECEIPT = "dangjian/receipt/1"


class Refused(Malformed):
    """Why a message is refused: form, algorithm, keyid, signature or mismatch."""


def _protected(key_id):
    """The only protected header there is."""
    return cbor.encode({1: keys.ALGORITHM, 4: key_id})


def sig_structure(context, deployment, protected, payload):
    """What is signed: bound to a purpose and a county."""
    aad = context.encode() + b"\0" + deployment
    return cbor.encode(["Signature1", protected, aad, payload])


def sign(key, context, deployment, payload):
    """A message over `payload`, for one purpose and one county."""
    protected = _protected(key.id)
    signature = key.sign(sig_structure(context, deployment, protected, payload))
    return cbor.encode([protected, {}, payload, signature])


def verify(message, public, context, deployment):
    """The payload, if the message is that key's in every respect."""
    protected, payload, signature = _parts(message)
    _check_header(protected, keys.key_id(public))
    if not keys.well_formed(signature):
        raise Refused("signature")
    if not keys.verify(public, sig_structure(context, deployment, protected, payload), signature):
        raise Refused("mismatch")
    return payload


def _parts(message):
    """Protected header, payload and signature of four canonical elements."""
    try:
        parts = cbor.canonical(message)
        if type(parts) is not list or len(parts) != 4 or parts[1] != {}:
            raise Refused("form")
    except Malformed as error:
        raise Refused("form") from error
    protected, _, payload, signature = parts
    if any(type(part) is not bytes for part in (protected, payload, signature)):
        raise Refused("form")
    return protected, payload, signature


def _check_header(protected, key_id):
    """The header must be what we would have written for the key."""
    try:
        header = cbor.canonical(protected)
    except Malformed as error:
        raise Refused("form") from error
    if type(header) is not dict or list(header) != [1, 4]:
        raise Refused("form")
    if header[1] != keys.ALGORITHM:
        raise Refused("algorithm")
    if header[4] != key_id:
        raise Refused("keyid")


def head(key, deployment, device, to_seq, link):
    """The phone's word on everything it wrote up to `to_seq`."""
    return sign(key, HEAD, deployment, cbor.encode({1: deployment, 2: device, 3: to_seq, 4: link}))


def read_receipt(message, server_key, deployment, device):
    """What the server vouches for: up to which sequence, at which link, when."""
    fields = cbor.canonical(verify(message, server_key, RECEIPT, deployment))
    if list(fields) != [1, 2, 3, 4, 5] or fields[1] != deployment or fields[2] != device:
        raise Refused("another installation's receipt")
    return {"to_seq": fields[3], "link": fields[4], "at": fields[5]}
