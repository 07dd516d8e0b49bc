"""
Files of the work folder, in and out. Nothing here follows a symlink: each part of a path is opened from its folder, as what it must be. No command runs
meanwhile, so nothing changes between a look and a use; that it would do no harm either is what the sandbox is for.
"""

import errno
import hashlib
import json
import os
import re
import stat
import tempfile
import zipfile

from link import PIECE

WORK = "/work"
DEPTH = 64
# Entries of a tree in one frame.
BATCH = 200
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
BAD = re.compile("[\x00-\x1f\x7f-\x9f\\\\]")


class Refused(Exception):
    """One file cannot be handled; `args[0]` says why."""


def parts_of(path):
    """The same rule as the contract's WorkPath."""
    parts = path.split("/")
    if not path or utf16_length(path) > 1024 or BAD.search(path):
        raise Refused("bad-name")
    for part in parts:
        if part in ("", ".", "..") or len(part.encode("utf-8", "surrogatepass")) > 255:
            raise Refused("bad-name")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("bad-name") from None
    return parts


def utf16_length(text):
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def open_folder(parts, make):
    """The folder that `parts` lead to, from the work folder."""
    folder = os.open(WORK, FOLDER)
    try:
        for part in parts:
            try:
                inner = os.open(part, FOLDER, dir_fd=folder)
            except FileNotFoundError:
                if not make:
                    raise Refused("missing") from None
                os.mkdir(part, 0o755, dir_fd=folder)
                inner = os.open(part, FOLDER, dir_fd=folder)
            except OSError as error:
                if error.errno in (errno.ENOTDIR, errno.ELOOP):
                    raise Refused("in-the-way" if make else "missing") from None
                raise
            os.close(folder)
            folder = inner
        return folder
    except BaseException:
        os.close(folder)
        raise


def reason_of(error):
    if isinstance(error, Refused):
        return error.args[0]
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "no-room"
        if error.errno == errno.EFBIG:
            return "too-large"
        if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST):
            return "in-the-way"
    return "failed"


def tree(link, request):
    op, most = request["op"], request["files"]
    batch = []
    seen = 0

    def tell(entry):
        batch.append(entry)
        if len(batch) >= BATCH:
            link.say({"op": op, "entries": batch})
            batch.clear()

    def other(path, kind, target=None):
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:4096]
        entry = {"path": shown, "kind": kind}
        if target is not None:
            entry["target"] = target.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:4096]
        tell(entry)

    # Folders yet to be read, as paths: a deep tree does not hold one open folder a level.
    waiting = [""]
    while waiting and seen <= most:
        path = waiting.pop()
        try:
            folder = open_folder(path.split("/") if path else [], False)
        except (Refused, OSError):
            other(path, "unreadable")
            continue
        try:
            names = sorted(os.listdir(folder))
            if not names and path:
                other(path, "empty-folder")
            for name in names:
                seen += 1
                if seen > most:
                    break
                here = path + "/" + name if path else name
                try:
                    parts_of(here)
                except Refused:
                    other(here, "unnameable")
                    continue
                what = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISDIR(what.st_mode):
                    if here.count("/") >= DEPTH:
                        other(here, "too-deep")
                    else:
                        waiting.append(here)
                elif stat.S_ISLNK(what.st_mode):
                    other(here, "symlink", os.readlink(name, dir_fd=folder))
                elif stat.S_ISREG(what.st_mode):
                    entry = entry_of(folder, name, here)
                    if entry is None:
                        other(here, "unreadable")
                    else:
                        tell(entry)
                else:
                    other(here, "special")
        except OSError:
            other(path, "unreadable")
        finally:
            os.close(folder)
    if batch:
        link.say({"op": op, "entries": batch})
    link.say({"op": op, "done": {"complete": seen <= most}})


def entry_of(folder, name, path):
    """Its hash is worked out anew each time: on this file system, what a program writes through a memory map changes no time."""
    try:
        fd = os.open(name, FILE, dir_fd=folder)
    except OSError:
        return None
    try:
        what = os.fstat(fd)
        if not stat.S_ISREG(what.st_mode):
            return None
        digest = hashlib.sha256()
        size = 0
        while True:
            data = os.read(fd, 1024 * 1024)
            if not data:
                break
            size += len(data)
            digest.update(data)
        mode = 0o755 if what.st_mode & 0o100 else 0o644
        return {"path": path, "size": size, "sha256": digest.hexdigest(), "mode": mode, "mtimeMs": what.st_mtime_ns // 1_000_000}
    except OSError:
        return None
    finally:
        os.close(fd)


class Outgoing:
    """What a zip is written into: frames, as they come."""

    def __init__(self, link):
        self.link = link
        self.held = bytearray()

    def write(self, data):
        self.held += data
        while len(self.held) >= PIECE:
            self.link.send(b"Z", bytes(self.held[:PIECE]))
            del self.held[:PIECE]
        return len(data)

    def flush(self):
        pass

    def end(self):
        if self.held:
            self.link.send(b"Z", bytes(self.held))
            self.held.clear()


def read(link, request):
    out = Outgoing(link)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in dict.fromkeys(request["paths"]):
            try:
                parts = parts_of(path)
                folder = open_folder(parts[:-1], False)
                try:
                    fd = os.open(parts[-1], FILE, dir_fd=folder)
                finally:
                    os.close(folder)
            except (Refused, OSError):
                continue
            with os.fdopen(fd, "rb") as file:
                what = os.fstat(fd)
                if not stat.S_ISREG(what.st_mode):
                    continue
                entry = zipfile.ZipInfo(path)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | (0o755 if what.st_mode & 0o100 else 0o644)) << 16
                with archive.open(entry, "w", force_zip64=what.st_size >= 1 << 31) as into:
                    while True:
                        data = file.read(1024 * 1024)
                        if not data:
                            break
                        into.write(data)
    out.end()
    link.say({"op": request["op"], "done": {}})


def put(link, request):
    """A zip that comes in `Z` frames until `put-end`."""
    op = request["op"]
    room = True
    with tempfile.TemporaryFile(dir="/tmp") as file:
        while True:
            kind, payload = link.receive()
            if kind == b"J" and json.loads(payload).get("do") == "put-end":
                break
            if kind == b"Z" and room:
                try:
                    file.write(payload)
                except OSError:
                    room = False
        try:
            file.flush()
        except OSError:
            room = False
        if not room:
            link.say({"op": op, "failed": "no-room"})
            return
        try:
            archive = zipfile.ZipFile(file)
            entries = archive.infolist()
        except Exception:  # Whatever a damaged zip makes this module say.
            link.say({"op": op, "failed": "bad-zip"})
            return
        if len(entries) > request["files"]:
            link.say({"op": op, "failed": "too-many"})
            return
        written, refused = unpack(archive, entries, request)
    say_refused(link, op, refused)
    link.say({"op": op, "done": {"count": written}})


def unpack(archive, entries, request):
    written = 0
    refused = []
    seen = set()
    # What is unpacked in all is bounded: without it, small zips cost hours of work for files that find no room.
    left = request["bytes"]
    for entry in entries:
        name = entry.filename
        try:
            if name != entry.orig_filename:
                raise Refused("bad-name")
            is_folder = name.endswith("/")
            parts = parts_of(name[:-1] if is_folder else name)
            if name in seen:
                raise Refused("duplicate")
            seen.add(name)
            mode = entry.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Refused("symlink" if stat.S_ISLNK(mode) else "failed")
            if is_folder:
                os.close(open_folder(parts, True))
                continue
            if left <= 0:
                raise Refused("no-room")
            left -= write_file(archive, entry, parts, 0o755 if mode & 0o100 else 0o644, min(left, request["fileBytes"]))
            written += 1
        except Exception as error:
            reason = reason_of(error)
            if reason == "failed" and not isinstance(error, OSError):
                reason = "damaged"
            if reason in ("no-room", "too-large"):
                left -= getattr(error, "spent", 0)
            refused.append({"path": name.encode("utf-8", "replace").decode()[:4096], "reason": reason})
    return written, refused


def write_file(archive, entry, parts, mode, most):
    """Written beside its place, then put there in one step: what was there is whole until then. Answers its size."""
    folder = open_folder(parts[:-1], True)
    beside = ".margay-" + os.urandom(8).hex()
    size = 0
    try:
        try:
            if stat.S_ISDIR(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode):
                raise Refused("in-the-way")
        except FileNotFoundError:
            pass
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        try:
            with archive.open(entry) as source:
                while True:
                    data = source.read(256 * 1024)
                    if not data:
                        break
                    size += len(data)
                    if size > most:
                        raise Refused("too-large")
                    view = memoryview(data)
                    while view:
                        view = view[os.write(fd, view) :]
            os.fchmod(fd, mode)
        finally:
            os.close(fd)
        os.rename(beside, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
        return size
    except Exception as error:
        try:
            os.unlink(beside, dir_fd=folder)
        except OSError:
            pass
        error.spent = size
        raise
    finally:
        os.close(folder)


def delete(link, request):
    deleted = 0
    refused = []
    for path in request["paths"]:
        try:
            parts = parts_of(path)
            folder = open_folder(parts[:-1], False)
            try:
                os.unlink(parts[-1], dir_fd=folder)
            finally:
                os.close(folder)
            deleted += 1
            prune(parts[:-1])
        except (Refused, OSError) as error:
            refused.append({"path": path, "reason": "missing" if isinstance(error, FileNotFoundError) else reason_of(error)})
    say_refused(link, request["op"], refused)
    link.say({"op": request["op"], "done": {"count": deleted}})


def prune(parts):
    """Folders that are empty now."""
    while parts:
        try:
            folder = open_folder(parts[:-1], False)
            try:
                os.rmdir(parts[-1], dir_fd=folder)
            finally:
                os.close(folder)
        except (Refused, OSError):
            return
        parts = parts[:-1]


def say_refused(link, op, refused):
    for at in range(0, len(refused), BATCH):
        link.say({"op": op, "refused": refused[at : at + BATCH]})
