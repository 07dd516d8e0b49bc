"""
The inside of a session: starts commands and moves files for the server, over its own stdin and stdout. Needs Python's standard library only.

It is no wall. It runs as the user whose commands it starts, so a command can end it, or speak in its place: then its own session is lost. The server
believes nothing of what it says. One request at a time; while a command runs, only its input, signals and its end.
"""

import json
import sys

import command
import files
from link import Link, Gone
from process import become_agent


def main():
    become_agent()
    link = Link(0, 1)
    link.say({"ready": True})
    while True:
        kind, payload = link.receive()
        if kind != b"J":
            continue  # What was on its way to a command that is over.
        request = json.loads(payload)
        do = request.get("do")
        if do == "exec":
            command.run(link, request)
        elif do == "tree":
            files.tree(link, request)
        elif do == "put":
            files.put(link, request)
        elif do == "read":
            files.read(link, request)
        elif do == "delete":
            files.delete(link, request)


try:
    main()
except Gone:
    sys.exit(0)
