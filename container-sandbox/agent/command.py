"""One command: starts it, passes its input and output along, ends all it started when it is over."""

import json
import os
import selectors
import signal
import subprocess

import relay
from link import PIECE
from process import become_command, end_all

WORK = "/work"
# More than this on its way to the server, and the command's output waits.
ENOUGH = 512 * 1024


def run(link, request):
    op = request["op"]
    folder = os.path.join(WORK, request["cwd"]) if request.get("cwd") else WORK
    if not os.path.isdir(folder):
        link.say({"op": op, "failed": "no-folder"})
        return
    try:
        if request.get("relay"):
            relay.begin(request["relay"])
        child = subprocess.Popen(
            request["argv"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=request["env"],
            start_new_session=True,
            preexec_fn=lambda: become_command(request["limits"]),
            bufsize=0,
        )
    except FileNotFoundError:
        end_all()
        link.say({"op": op, "failed": "not-found"})
        return
    except (OSError, ValueError, subprocess.SubprocessError):
        end_all()
        link.say({"op": op, "failed": "cannot-run"})
        return
    link.say({"op": op, "started": True})
    Running(link, op, child, bool(request.get("stdinOpen"))).follow()


class Running:
    def __init__(self, link, op, child, stdin_open):
        self.link = link
        self.op = op
        self.child = child
        self.input = bytearray()
        self.input_over = not stdin_open
        self.over = False
        self.nothing_left = True
        self.status = None
        self.selector = selectors.DefaultSelector()
        self.streams = {child.stdout.fileno(): b"O", child.stderr.fileno(): b"E"}
        for stream in (child.stdin, child.stdout, child.stderr):
            os.set_blocking(stream.fileno(), False)
        self.ended = os.pidfd_open(child.pid)
        self.selector.register(link.source, selectors.EVENT_READ)
        self.selector.register(self.ended, selectors.EVENT_READ)
        self.watched = {}

    def follow(self):
        # What the server said right behind its request.
        self.hear()
        while not self.over or self.streams:
            self.watch()
            for key, _ in self.selector.select():
                if key.fd == self.link.source:
                    self.link.take()
                    self.hear()
                elif key.fd == self.ended:
                    self.finish()
                elif key.fd in self.streams:
                    self.pass_on(key.fd)
                elif self.child.stdin is not None and not self.child.stdin.closed and key.fd == self.child.stdin.fileno():
                    self.feed()
            self.link.flush()
        self.close_input()
        self.selector.close()
        code = self.status
        self.link.say(
            {
                "op": self.op,
                "exited": {"code": code if code >= 0 else None, "signal": signal_name(-code) if code < 0 else None, "clean": self.nothing_left},
            }
        )

    def watch(self):
        """Tells the selector what is waited for now."""
        wanted = {}
        if len(self.link.waiting) < ENOUGH:
            for fd in self.streams:
                wanted[fd] = selectors.EVENT_READ
        if self.link.waiting:
            wanted[self.link.sink] = selectors.EVENT_WRITE
        if not self.child.stdin.closed:
            if self.input:
                wanted[self.child.stdin.fileno()] = selectors.EVENT_WRITE
            elif self.input_over:
                self.close_input()
        for fd in [fd for fd in self.watched if fd not in wanted]:
            self.selector.unregister(fd)
            del self.watched[fd]
        for fd, events in wanted.items():
            if fd not in self.watched:
                self.selector.register(fd, events)
                self.watched[fd] = events

    def hear(self):
        """What the server says while the command runs."""
        frame = self.link.next()
        while frame is not None:
            kind, payload = frame
            if kind == b"I":
                self.input += payload
            elif kind == b"J":
                message = json.loads(payload)
                if message.get("do") == "stdin-end":
                    self.input_over = True
                elif message.get("do") == "signal":
                    self.signal(message["signal"])
                elif message.get("do") == "end":
                    self.nothing_left = end_all()
                    self.reaped()
            frame = self.link.next()

    def signal(self, name):
        if self.over:
            return
        try:
            os.killpg(self.child.pid, getattr(signal, name))
        except OSError:
            pass

    def feed(self):
        try:
            del self.input[: os.write(self.child.stdin.fileno(), bytes(self.input[:PIECE]))]
        except BlockingIOError:
            pass
        except OSError:
            self.close_input()

    def close_input(self):
        self.input.clear()
        if self.child.stdin.closed:
            return
        fd = self.child.stdin.fileno()
        if fd in self.watched:
            self.selector.unregister(fd)
            del self.watched[fd]
        self.child.stdin.close()

    def pass_on(self, fd):
        try:
            data = os.read(fd, PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.link.put(self.streams[fd], data)
            return
        if fd in self.watched:
            self.selector.unregister(fd)
            del self.watched[fd]
        del self.streams[fd]

    def finish(self):
        """The command itself is over; what it left behind ends with it."""
        if self.status is None:
            self.status = self.child.wait()
        self.nothing_left = end_all()
        self.reaped()

    def reaped(self):
        if self.status is None:
            # `end_all` took its status; it was killed there.
            self.status = -signal.SIGKILL
            self.child.returncode = self.status
        if not self.over:
            self.over = True
            self.selector.unregister(self.ended)
            os.close(self.ended)


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG" + str(number)
