"""Frames: one byte of kind, four of length (big endian), the payload. `J` is JSON; `O` and `E` output; `I` input; `Z` a zip's bytes."""

import json
import os
import select
import struct

HEADER = struct.Struct(">cI")
# Payloads of data: small enough that the other side never holds much.
PIECE = 64 * 1024


class Gone(Exception):
    """The server is not there any more."""


class Link:
    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.arrived = bytearray()
        self.waiting = bytearray()
        os.set_blocking(source, False)
        os.set_blocking(sink, False)

    def take(self):
        """Reads what is there without waiting."""
        try:
            data = os.read(self.source, 256 * 1024)
        except BlockingIOError:
            return
        except OSError:
            raise Gone from None
        if not data:
            raise Gone
        self.arrived += data

    def next(self):
        """A whole frame of what was taken, or None."""
        if len(self.arrived) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self.arrived)
        if len(self.arrived) < HEADER.size + length:
            return None
        payload = bytes(self.arrived[HEADER.size : HEADER.size + length])
        del self.arrived[: HEADER.size + length]
        return kind, payload

    def receive(self):
        """The next frame, waited for."""
        while True:
            frame = self.next()
            if frame is not None:
                return frame
            select.select([self.source], [], [])
            self.take()

    def put(self, kind, payload):
        """Adds a frame to what waits to be written."""
        self.waiting += HEADER.pack(kind, len(payload)) + payload

    def flush(self):
        """Writes what can be written without waiting."""
        while self.waiting:
            try:
                del self.waiting[: os.write(self.sink, memoryview(self.waiting)[: 256 * 1024].tobytes())]
            except BlockingIOError:
                return
            except OSError:
                raise Gone from None

    def send(self, kind, payload):
        """Writes a frame, waiting until it is away."""
        self.put(kind, payload)
        self.flush()
        while self.waiting:
            select.select([], [self.sink], [])
            self.flush()

    def say(self, message):
        self.send(b"J", json.dumps(message).encode())
