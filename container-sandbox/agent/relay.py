"""
The way to the server's proxy, for one command: a port on this network's own loopback, each connection passed to a socket that the server listens on. The
server decides which hosts are reached; this only carries bytes. It is one of the command's processes, and ends with it.
"""

import os
import select
import socket
import threading


def begin(request):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", request["port"]))
    listener.listen(64)
    if os.fork() != 0:
        listener.close()
        return
    try:
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=carry, args=(connection, request["socket"]), daemon=True).start()
    finally:
        os._exit(0)


def carry(near, path):
    far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        far.connect(path)
        other = {near: far, far: near}
        open_sides = {near, far}
        while open_sides:
            readable, _, _ = select.select(list(open_sides), [], [])
            for side in readable:
                data = side.recv(64 * 1024)
                if data:
                    other[side].sendall(data)
                else:
                    open_sides.discard(side)
                    other[side].shutdown(socket.SHUT_WR)
    except OSError:
        pass
    finally:
        near.close()
        far.close()
