"""What the agent is to the kernel, and what its children are."""

import ctypes
import errno
import os
import resource
import signal
import time

PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_SET_NO_NEW_PRIVS = 38
PR_SET_CHILD_SUBREAPER = 36

libc = ctypes.CDLL(None, use_errno=True)


def become_agent():
    # Orphans come to the agent, so that "no children" means that nothing is left.
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # `pkill python` is meant for other programs.
    libc.prctl(PR_SET_NAME, b"margay-agent", 0, 0, 0)
    # Its memory is nothing for the commands to read.
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o022)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def become_command(limits):
    """In the child, before it becomes the program."""
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A file that is too large is an error that a program can tell, not its death.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        # Where memory ends, commands go before the agent.
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass
    for name, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["fileBytes"]),
        (resource.RLIMIT_NOFILE, limits["openFiles"]),
        (resource.RLIMIT_CPU, limits["cpuSeconds"]),
        (resource.RLIMIT_DATA, limits["memoryBytes"]),
    ):
        _, most = resource.getrlimit(name)
        if most != resource.RLIM_INFINITY:
            value = min(value, most)
        resource.setrlimit(name, (value, value))


def end_all(seconds=6.0):
    """
    Ends every process that the commands of this session started, however they hid: all that this user may signal, in one step of the kernel, which no
    fork can outrun. True when nothing is left.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except OSError as error:
            if error.errno not in (errno.ESRCH, errno.EPERM):
                raise
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.001)
