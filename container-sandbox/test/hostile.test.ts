import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_BUBBLEWRAP, type Ran, type Sandbox, type SandboxSession, startSandbox, TOKEN } from "./support/sandbox.ts";

const MIB = 1024 * 1024;

describe.skipIf(NO_BUBBLEWRAP)("a hostile command", () => {
  let sandbox: Sandbox;
  let session: SandboxSession;
  let other: SandboxSession;
  beforeAll(async () => {
    sandbox = await startSandbox({ CANARY: "canary-in-the-environment" });
    session = await sandbox.session();
    other = await sandbox.session();
  });
  afterAll(() => sandbox.stop());

  /** Nothing runs in it but its first process and the agent, and it works. */
  const isWell = async (which: SandboxSession): Promise<void> => {
    const ran = await which.python(
      "import os; print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()))",
    );
    expect(ran.stdout).toBe("[1, 2]\n");
  };

  test("a fork bomb meets the limit, ends at its time, and leaves nothing; the other session does not notice", async () => {
    const bomb = session.bash("bomb() { bomb | bomb & }; bomb; sleep 100", { timeoutMs: 1_500 });
    expect((await other.bash("echo fine")).stdout).toBe("fine\n");
    expect((await bomb).exit.ended).toBe("timeout");
    await isWell(session);
    const forks = await session.python(
      "import os, time\nn = 0\ntry:\n  while True:\n    if os.fork() == 0: time.sleep(100)\n    n += 1\nexcept OSError: print(n)",
    );
    expect(Number(forks.stdout)).toBeLessThan(110);
    await isWell(session);
  });

  test("threads meet the same limit", async () => {
    const ran = await session.python(
      "import threading, time\nn = 0\ntry:\n  while True:\n    threading.Thread(target=time.sleep, args=(100,), daemon=True).start(); n += 1\nexcept RuntimeError: print(n)",
    );
    expect(Number(ran.stdout)).toBeLessThan(110);
    await isWell(session);
  });

  test("a full disk is an error for its session alone, wherever it writes", async () => {
    const ran = await session.python(`
import os
wrote = {}
for folder, inner, _ in os.walk("/"):
    if folder in ("/proc", "/usr"): inner.clear()
    name = os.path.join(folder, "fill")
    try:
        with open(name, "wb", buffering=0) as file:
            size = 0
            try:
                while size < 200_000_000: size += file.write(b"x" * 1_000_000)
            except OSError as error: pass
            wrote[folder] = size
        os.unlink(name)
    except OSError: pass
print({k: wrote[k] // 1_000_000 for k in sorted(wrote)})
`);
    expect(ran.stdout).toBe("{'/dev/shm': 67, '/home/user': 50, '/tmp': 50, '/work': 50}\n");
    const full = await session.bash("head -c 100000000 /dev/zero > big; df --output=pcent /work | tail -1; echo $?");
    expect(full.stderr).toContain("No space left");
    expect((await other.bash("echo still > room && cat room")).stdout).toBe("still\n");
    expect((await session.delete(["big"])).deleted).toBe(1);
    expect((await session.bash("echo again > room && cat room")).stdout).toBe("again\n");
  });

  test("files without number end the command that makes them, as `disk`", async () => {
    const small = await sandbox.session({ limits: { files: 1_000 } });
    const ran = await small.python("i = 0\nwhile True:\n  open(f'/tmp/{i}', 'w').close(); i += 1");
    expect(ran.exit.ended).toBe("disk");
    expect((await small.bash("find /tmp -type f -delete; ls /tmp | wc -l")).stdout).toBe("0\n");
    await small.end();
  });

  test("memory that grows ends in the program or in its end, in one process and in many small ones", async () => {
    const one = await session.python("x = []\nwhile True: x.append(bytearray(20_000_000))");
    expect(one.exit.ended === "memory" || one.stderr.includes("MemoryError"), JSON.stringify(one.exit)).toBe(true);
    const many = await session.python(
      "import os, time\nfor _ in range(40):\n  if os.fork() == 0:\n    x = bytearray(os.urandom(1000)) * 20_000; time.sleep(100)\ntime.sleep(100)",
    );
    expect(many.exit.ended).toBe("memory");
    const shared = await session.python(
      "import mmap\nx = []\nwhile True:\n  m = mmap.mmap(-1, 20_000_000); m.write(b'x' * 20_000_000); x.append(m)",
    );
    expect(shared.exit.ended).toBe("memory");
    await isWell(session);
    expect((await other.bash("echo fine")).stdout).toBe("fine\n");
  });

  test("memory that nothing would count cannot be had", async () => {
    const ran = await session.python(`
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
try: os.memfd_create("x"); print("memfd")
except OSError as error: print(error.errno)
print(libc.shmget(0, 1_000_000, 0o1600), libc.msgget(0, 0o1600))
`);
    expect(ran.stdout).toBe("38\n-1 -1\n");
  });

  test("CPU time of all its processes together ends it", async () => {
    const busy = await sandbox.session({ limits: { cpuSeconds: 1 } });
    const ran = await busy.bash("for i in 1 2 3; do (while :; do :; done) & done; wait");
    expect(ran.exit.ended).toBe("cpu");
    await busy.end();
  });

  test("a flood of output ends it, and its beginning is kept", async () => {
    const quiet = await sandbox.session({ limits: { outputBytes: 100_000 } });
    const ran = await quiet.bash("yes flood");
    expect(ran.exit.ended).toBe("output");
    expect(ran.stdout.length).toBe(100_000);
    expect(ran.stdout.startsWith("flood\nflood\n")).toBe(true);
    await quiet.end();
  });

  test("daemons, double forks and processes that ignore signals end with the command that started them", async () => {
    const code = `
import os, signal, time
for s in range(1, 32):
    try: signal.signal(s, signal.SIG_IGN)
    except OSError: pass
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            for fd in range(3): os.close(fd)
            open("/work/alive", "w").close()
            while True: time.sleep(1)
        os._exit(0)
time.sleep(0.3)
print("gone home")
`;
    expect((await session.python(code)).stdout).toBe("gone home\n");
    await isWell(session);
    expect((await session.bash(`python3 -c '${code.replaceAll("'", '"')}' & sleep 100`, { timeoutMs: 800 })).exit.ended).toBe("timeout");
    await isWell(session);
  });

  test("the end of a session ends every process of it on this machine", async () => {
    const doomed = await sandbox.session();
    const mark = `margay-mark-${process.pid}`;
    const running = doomed.bash(`exec -a ${mark} sleep 1000`).catch(() => null);
    const marked = (): number => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(mark)).length;
    await expect.poll(marked, { timeout: 10_000 }).toBeGreaterThan(0);
    await doomed.end();
    expect(marked()).toBe(0);
    expect((await running)?.exit.ended).toBe("gone");
  });

  test("nothing of the host is there: environment, token, files, processes", async () => {
    const ran = await session.python(`
import os
seen = []
for pid in os.listdir("/proc"):
    if not pid.isdigit(): continue
    for name in ("environ", "cmdline", "root", "cwd", "maps", "mem"):
        path = f"/proc/{pid}/{name}"
        try:
            seen.append(open(path, "rb").read(100_000) if not os.path.isdir(path) else repr(os.listdir(path)).encode())
        except OSError as error: pass
seen.append(repr(dict(os.environ)).encode())
seen.append(open("/proc/self/mountinfo", "rb").read())
for name in ("/proc/kcore", "/proc/kmsg", "/proc/cmdline", "/proc/keys", "/proc/kallsyms"):
    try: print(name, len(open(name, "rb").read(10)))
    except OSError as error: pass
text = b"\\n".join(seen)
print(${JSON.stringify(TOKEN)}.encode() in text, b"canary" in text)
print(os.listdir("/"), os.path.exists("/sys"), os.listdir("/home"), os.path.exists("/root"), os.path.exists("/var"))
for path in (${JSON.stringify(process.cwd())}, "/etc/shadow", "/proc/1/root/root", "/proc/1/cwd/../root"): print(os.path.exists(path))
`);
    expect(ran.stdout.split("\n").filter((line) => line.startsWith("/proc/") && !line.endsWith(" 0"))).toEqual([]);
    expect(ran.stdout).toContain("False False\n");
    expect(ran.stdout).toContain("False ['user'] False False\nFalse\nFalse\nFalse\nFalse\n");
  });

  test("the kernel is not to be turned: sysrq, sysctl, name spaces, mounts, keys, tracing, raw and host sockets", async () => {
    const ran = await session.python(`
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, work):
    try: result = work()
    except OSError as error: result = -1
    print(name, "refused" if result in (-1, None) else f"ALLOWED {result}")
def write(path):
    with open(path, "w") as file: file.write("1")
    return 1
for path in ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sys/net/ipv4/ip_forward", "/proc/self/uid_map", "/usr/bin/x", "/etc/passwd", "/run/agent/main.py", "/dev/x", "/x"):
    attempt(path, lambda: write(path))
attempt("unshare", lambda: libc.unshare(0x10000000))
attempt("clone", lambda: libc.syscall(56 if os.uname().machine == "x86_64" else 220, 0x10000000 | 17, 0, 0, 0, 0))
attempt("mount", lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, None))
attempt("remount", lambda: libc.mount(b"x", b"/", None, 32, None))
attempt("keyctl", lambda: libc.syscall(250 if os.uname().machine == "x86_64" else 219, 0, -3, 0))
attempt("ptrace", lambda: libc.ptrace(16, 2, 0, 0))
attempt("bpf", lambda: libc.syscall(321 if os.uname().machine == "x86_64" else 280, 0, 0, 0))
attempt("io_uring", lambda: libc.syscall(425, 8, 0))
attempt("chroot", lambda: libc.chroot(b"/tmp"))
attempt("setuid", lambda: os.setuid(0))
attempt("agent memory", lambda: open("/proc/2/mem", "rb").read(1))
attempt("agent line", lambda: open("/proc/2/fd/1", "wb").write(b"J"))
for name, family, kind in (("vsock", 40, 1), ("packet", 17, 3), ("alg", 38, 5), ("raw", 2, 3), ("bluetooth", 31, 3)):
    attempt(name, lambda: socket.socket(family, kind).fileno())
`);
    expect(ran.stdout.split("\n").filter((line) => !line.endsWith("refused"))).toEqual([""]);
    expect(ran.stdout.split("\n").length).toBeGreaterThan(25);
  });

  test("setuid programs give nothing", async () => {
    const ran = await session.bash(
      "find / -xdev -perm -4000 -type f 2>/dev/null | head -3; su -c id; sudo -n id; ping -c1 127.0.0.1; id -u",
    );
    expect(ran.stdout.trimEnd().endsWith("1000")).toBe(true);
    expect(ran.stdout).not.toContain("uid=0");
  });

  test("no network: the host's loopback, its other addresses, the metadata service, names, and listeners of the other session", async () => {
    let hits = 0;
    const host = createServer((_request, response) => {
      hits++;
      response.end("host");
    });
    await new Promise<void>((resolve) => host.listen(0, "0.0.0.0", resolve));
    const { port } = host.address() as AddressInfo;
    const listening = other.python(
      "import socket, time\na = socket.socket(socket.AF_UNIX); a.bind('\\0margay-shared'); a.listen()\nb = socket.socket(); b.bind(('127.0.0.1', 45678)); b.listen()\ntime.sleep(1.5)",
    );
    const ran = await session.python(`
import socket
def attempt(family, address):
    s = socket.socket(family); s.settimeout(2)
    try: s.connect(address); print("CONNECTED", address)
    except OSError as error: print("no")
for address in ("127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "1.1.1.1", "172.17.0.1"):
    attempt(socket.AF_INET, (address, ${port}))
for port in (45678, ${new URL(sandbox.url).port}): attempt(socket.AF_INET, ("127.0.0.1", port))
attempt(socket.AF_INET6, ("::1", ${port}))
attempt(socket.AF_UNIX, "\\0margay-shared")
attempt(socket.AF_UNIX, "/run/egress/way")
try: print(socket.getaddrinfo("example.com", 80))
except OSError: print("no name")
`);
    expect(ran.stdout).not.toContain("CONNECTED");
    expect(ran.stdout.trimEnd().endsWith("no name")).toBe(true);
    expect(hits).toBe(0);
    await listening;
    host.close();
  });

  test("the other session's files and processes are not there", async () => {
    await other.put({ "secret.txt": Buffer.from("of the other") });
    const waiting = other.bash("exec -a secret-process sleep 1.5");
    const ran = await session.bash(
      "cat /work/secret.txt; find / -name 'secret*' -not -path '/usr/*' -not -path '/proc/*' 2>/dev/null; cat /proc/*/cmdline | tr '\\0' ' ' | grep -c secret-process; ls /run/egress",
    );
    // The line itself holds the words.
    expect(ran.stdout).toMatch(/^1\n$/);
    expect((await waiting).exit.code).toBe(0);
  });

  test("who kills the agent loses that session, and only that", async () => {
    const doomed = await sandbox.session();
    const stopped = await sandbox.session({ limits: { memoryBytes: 128 * MIB } });
    const halting = stopped.bash("kill -STOP 2; sleep 100", { timeoutMs: 300 });
    const ran: Ran = await doomed.bash("kill -9 2; kill -9 -1; sleep 100");
    expect(ran.exit.ended).toBe("gone");
    expect((await doomed.exec({ shell: "true" })).status).toBe(404);
    expect((await other.bash("echo fine")).stdout).toBe("fine\n");
    expect((await halting).exit.ended).toBe("timeout");
    expect((await stopped.exec({ shell: "true" })).status).toBe(404);
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
