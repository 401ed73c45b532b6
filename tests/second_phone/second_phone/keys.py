"""P-256 keys and the one form of their signatures (section 7)."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import Malformed

ALGORITHM = -7
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def key_id(public):
    """The name of a public key."""
    return hashlib.sha256(public).digest()[:16]


def wire(signature):
    """What a key store gives (DER, or r ‖ s) as r ‖ s with low S."""
    if len(signature) == 64:
        r, s = _numbers(signature)
    else:
        r, s = utils.decode_dss_signature(signature)
    return r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")


def _numbers(signature):
    """r and s of the wire form."""
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def well_formed(signature):
    """Whether the bytes are r ‖ s within their bounds, with low S."""
    if len(signature) != 64:
        return False
    r, s = _numbers(signature)
    return 1 <= r < _ORDER and 1 <= s <= _ORDER // 2


def public_key(public):
    """A point from its 65 bytes; other encodings and points off the curve are refused."""
    if len(public) != 65 or public[0] != 4:
        raise Malformed("not an uncompressed point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError as error:
        raise Malformed("not on the curve") from error


def verify(public, message, signature):
    """Whether the signature is this key's over the message, in the one form allowed."""
    if not well_formed(signature):
        return False
    try:
        der = utils.encode_dss_signature(*_numbers(signature))
        public_key(public).verify(der, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


class Key:
    """A private key, as a key store would hold it."""

    def __init__(self, secret=None):
        """Makes a new key, or takes the given number (for the vectors)."""
        curve = ec.SECP256R1()
        self._private = ec.derive_private_key(secret, curve) if secret else ec.generate_private_key(curve)
        self.public = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.id = key_id(self.public)

    def sign(self, message):
        """A signature in the form of the wire."""
        return wire(self._private.sign(message, ec.ECDSA(hashes.SHA256())))

    def sign_for(self, context, given):
        """A signature that holds for one purpose only: enrolment or session."""
        return self.sign(contextual(context, given))


def contextual(context, given):
    """The bytes that a plain signature covers."""
    return context.encode() + b"\0" + given
