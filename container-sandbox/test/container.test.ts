import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Health } from "../../src/sandbox/linux/contract.ts";
import { NO_BUBBLEWRAP, type Sandbox, startSandbox } from "./support/sandbox.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
/** The image cannot be built everywhere, but what the server does in one can be tried where this is root: in folders that stand where the image's do. */
const NOT_ROOT = process.getuid?.() !== 0;

function image(mark: string): string[] {
  const readable = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/passwd"].filter((path) =>
    existsSync(path),
  );
  return [
    ["/usr/bin/bwrap", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-add", "ALL", "--dev", "/dev", "--proc", "/proc"],
    ["/app", "/etc", "/home"].flatMap((path) => ["--perms", "0755", "--dir", path]),
    readable.flatMap((path) => ["--ro-bind", path, path]),
    ["--ro-bind", mark, "/etc/margay-sandbox-image", "--ro-bind", process.execPath, "/app/node"],
    [
      "--ro-bind",
      join(CHECKOUT, "container-sandbox"),
      "/app/container-sandbox",
      "--ro-bind",
      join(CHECKOUT, "src/sandbox"),
      "/app/src/sandbox",
    ],
    ["--ro-bind", join(CHECKOUT, "node_modules"), "/app/node_modules", "--dir", "/work", "--dir", "/tmp", "--dir", "/home/user"],
    ["--chmod", "0755", "/work", "--chdir", "/app", "/app/node", "/app/container-sandbox/src/main.ts"],
  ].flat();
}

describe.skipIf(NO_BUBBLEWRAP || NOT_ROOT)("the server in a container", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "margay-image-"));
    writeFileSync(join(folder, "mark"), "");
    sandbox = await startSandbox({ SANDBOX_ISOLATION: "container", CANARY: "canary-of-the-server" }, image(join(folder, "mark")));
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  });

  test("says what it is, and holds one session at a time", async () => {
    expect(Health.parse(await (await fetch(`${sandbox.url}/health`)).json())).toMatchObject({
      isolation: "container",
      limits: { sessions: 1 },
    });
    const session = await sandbox.session();
    expect((await sandbox.fetch("/v1/sessions", { method: "POST", body: "{}" })).status).toBe(429);
    await session.end();
  });

  test("a session is a user without rights that can neither touch nor read the server, and write only its own folders", async () => {
    const session = await sandbox.session();
    const ran = await session.python(`
import os, signal
print(os.getuid() >= 100_000, os.getgroups(), [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapBnd", "NoNewPrivs"))])
for pid in os.listdir("/proc"):
    if not pid.isdigit() or os.stat(f"/proc/{pid}").st_uid == os.getuid(): continue
    try: os.kill(int(pid), signal.SIGTERM); print("signalled", pid)
    except OSError: pass
    try: print("environment", b"canary" in open(f"/proc/{pid}/environ", "rb").read())
    except OSError: pass
wrote = []
for folder, inner, _ in os.walk("/"):
    if folder in ("/proc", "/usr", "/app/node_modules"): inner.clear()
    try: open(os.path.join(folder, "probe"), "w").close(); wrote.append(folder)
    except OSError: pass
print(sorted(wrote))
`);
    const [rights, ...rest] = ran.stdout.trimEnd().split("\n");
    expect(rights).toBe("True [] ['0000000000000000', '0000000000000000', '1']");
    expect(rest).toEqual(["['/home/user', '/tmp', '/work']"]);
    await session.end();
  });

  test("nothing of a session is left for the next: no file, no process, no user", async () => {
    const first = await sandbox.session();
    const ran = await first.bash(
      "id -u; echo mine > /work/a; echo mine > /tmp/b; echo mine > /home/user/c; (setsid sleep 1000 &); sleep 100",
      { timeoutMs: 500 },
    );
    expect(ran.exit.ended).toBe("timeout");
    expect((await first.bash("pgrep -c sleep")).stdout).toBe("0\n");
    const leaving = first.bash("(setsid sleep 1000 &) ; sleep 100").catch(() => null);
    await expect.poll(async () => (await first.exec({ shell: "true" })).status).toBe(409);
    await first.end();
    await leaving;
    const second = await sandbox.session();
    const next = await second.bash("id -u; ls -A /work /tmp /home/user | grep -c .; pgrep -c sleep");
    expect(next.stdout.split("\n").slice(1)).toEqual(["3", "0", ""]);
    expect(next.stdout.split("\n")[0]).not.toBe(ran.stdout.split("\n")[0]);
    await second.end();
  });

  test("limits hold: processes, memory, time, output; files go in and out", async () => {
    const session = await sandbox.session({ limits: { outputBytes: 50_000 } });
    expect((await session.bash("bomb() { bomb | bomb & }; bomb; sleep 100", { timeoutMs: 800 })).exit.ended).toBe("timeout");
    expect(
      (
        await session.python(
          "import os, time\nfor _ in range(40):\n  if os.fork() == 0:\n    x = bytearray(os.urandom(1000)) * 20_000; time.sleep(100)\ntime.sleep(100)",
        )
      ).exit.ended,
    ).toBe("memory");
    expect((await session.bash("yes")).exit.ended).toBe("output");
    expect((await session.put({ "in.txt": Buffer.from("in") })).written).toBe(1);
    expect((await session.bash("cp in.txt out.txt; ln -s /etc/passwd link")).exit.code).toBe(0);
    expect((await session.tree()).files.map(({ path }) => path)).toEqual(["in.txt", "out.txt"]);
    expect(await session.text("out.txt")).toBe("in");
    await session.end();
  });
});
