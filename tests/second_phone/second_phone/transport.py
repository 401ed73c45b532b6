"""Requests and replies over HTTP (sections 2, 9 and 15), and the stream of hints (section 13)."""

import http.client
import json
import time
import urllib.parse

from . import Malformed, ids, messages, proof

_LARGEST_REPLY = 8 << 20


class ApiError(Exception):
    """A reply that is not 200; `code` is the word."""

    def __init__(self, fields):
        super().__init__(fields["code"])
        self.code, self.fields = fields["code"], fields


class NetworkError(Exception):
    """No reply, or none in the protocol's form."""


def boot_reading():
    """The boot clock: which run of the machine, and how long it has been on."""
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return {"boot": ids.parse(file.read().strip()), "ms": int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)}


class ServerClock:
    """Server time carried forward by a clock that nobody sets."""

    def __init__(self):
        self._offset = None

    def tie(self, server_time):
        """Takes what a reply said."""
        self._offset = server_time - self._boot()

    def now(self):
        """The server's time in ms as we estimate it."""
        if self._offset is None:
            raise NetworkError("no contact with the server yet")
        return self._offset + self._boot()

    @staticmethod
    def _boot():
        """Milliseconds since the machine started."""
        return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


class Session:
    """What proves requests."""

    def __init__(self, token, key, expires_at):
        self.token, self.key, self.expires_at = token, key, expires_at

    def headers(self, method, path, body, now_ms):
        """The proof of one request."""
        return proof.headers(method, path, body, self.token, self.key, now_ms // 1000)


class Transport:
    """Sends messages to one server and reads its replies."""

    def __init__(self, url, media=messages.CBOR):
        self.media, self.clock, self._connection = media, ServerClock(), None
        self.go_to(url)

    def go_to(self, url):
        """The server's address from now on."""
        self.close()
        self.host = urllib.parse.urlsplit(url).netloc

    def close(self):
        """Closes the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def call(self, method, path, request=None, reply=None, session=None):
        """One request: `request` is (message name, fields), `reply` the name of the message expected."""
        body = messages.write(*request, self.media) if request else b""
        status, media, data = self.send(method, path, body, session)
        fields = self._read(reply if status == 200 else "ApiError", data, media)
        if "server_time" in fields:
            self.clock.tie(fields["server_time"])
        if status != 200:
            raise ApiError(fields)
        return fields

    def send(self, method, path, body, session=None, extra=None):
        """The bytes of a request, and status, media type and bytes of its reply."""
        headers = {"Accept": self.media, "Content-Length": str(len(body))}
        if body:
            headers["Content-Type"] = self.media
        if session:
            headers.update(session.headers(method, path, body, self.clock.now()))
        headers.update(extra or {})
        try:
            return self._round_trip(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NetworkError(str(error)) from error

    def _round_trip(self, method, path, body, headers):
        """One request on the open connection, or on a new one if the server closed it meanwhile."""
        for attempt in (1, 2):
            reused = self._connection is not None
            self._connection = self._connection or http.client.HTTPConnection(self.host, timeout=20)
            try:
                self._connection.request(method, path, body or None, headers)
                response = self._connection.getresponse()
                data = response.read(_LARGEST_REPLY + 1)
                break
            except (OSError, http.client.HTTPException):
                self.close()
                if attempt == 2 or not reused:
                    raise
        if len(data) > _LARGEST_REPLY:
            raise NetworkError("reply too large")
        return response.status, response.getheader("Content-Type", ""), data

    @staticmethod
    def _read(name, data, media):
        """A message; what is none counts as a failure of the network."""
        try:
            return messages.read(name, data, media.split(";")[0])
        except (Malformed, KeyError) as error:
            raise NetworkError(f"no {name}: {error}") from error


class Hints:
    """The stream of hints, read line by line."""

    def __init__(self, transport, session, timeout=60):
        """Opens the stream; silence of a minute ends it."""
        headers = {"Accept": "text/event-stream", **session.headers("GET", "/v1/hints", b"", transport.clock.now())}
        self._connection = http.client.HTTPConnection(transport.host, timeout=timeout)
        self._connection.request("GET", "/v1/hints", headers=headers)
        self._response = self._connection.getresponse()
        if self._response.status != 200:
            raise ApiError(messages.read("ApiError", self._response.read(), self._response.getheader("Content-Type")))

    def close(self):
        """Closes the stream."""
        self._response.close()
        self._connection.close()

    def __iter__(self):
        """Events as ("open" or "alive", None), ("grant", None) or ("feed", (feed, seq)), until the stream ends."""
        event, data = "", ""
        for raw in self._response:
            name, _, value = raw.decode().rstrip("\r\n").partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                event = value
            elif name == "data":
                data += value
            elif not name and value:
                yield value, None
            elif not name:
                yield from _dispatched(event, data)
                event, data = "", ""


def _dispatched(event, data):
    """What an event means; kinds nobody knows yet are passed over."""
    if data and event == "grant":
        yield "grant", None
    elif data and not event:
        hint = json.loads(data)
        yield "feed", (hint["feed"], hint["seq"])
