import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, eventsOf, NO_BUBBLEWRAP, type Sandbox, type SandboxSession, startSandbox } from "./support/sandbox.ts";

describe.skipIf(NO_BUBBLEWRAP)("a command", () => {
  let sandbox: Sandbox;
  let session: SandboxSession;
  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await sandbox.session({ env: { GREETING: "hello" } });
  });
  afterAll(() => sandbox.stop());

  test("exec runs python, node, git and ripgrep, each in the work folder", async () => {
    expect((await session.python("import os, sqlite3, json; print(os.getcwd(), 6 * 7)")).stdout).toBe("/work 42\n");
    expect((await session.bash("node -e 'console.log([1,2].map(x => x * 2).join())'")).stdout).toBe("2,4\n");
    const git = await session.bash(
      "git init -q repo && cd repo && git config user.email a@b && git config user.name a && echo x > f && git add f && git commit -qm first && git log --oneline | wc -l",
    );
    expect(git.stdout).toBe("1\n");
    expect((await session.bash("printf 'one\\ntwo\\n' > notes.txt && (rg -c two notes.txt || grep -c two notes.txt)")).stdout).toBe("1\n");
  });

  test("exec tells exit codes and signals as they are, and what cannot be run as a shell does", async () => {
    expect((await session.bash("exit 7")).exit).toMatchObject({ code: 7, signal: null, ended: "exit" });
    expect((await session.bash("kill -TERM $$")).exit).toMatchObject({ code: null, signal: "SIGTERM", ended: "exit" });
    const missing = await sandbox.session();
    expect((await missing.bash("", { shell: "no-such-program" })).exit.code).toBe(127);
    for await (const event of eventsOf(await missing.exec({ argv: ["no-such-program"] })))
      if (event.type === "exit") expect(event).toMatchObject({ code: 127, ended: "exit" });
    const cannot = await missing.bash("true", { cwd: "not/there" });
    expect([cannot.exit.code, cannot.stderr]).toEqual([126, "the folder to run in is not there\n"]);
    await missing.end();
  });

  test("exec gives arguments and text as they are, in any language, and bytes as base64", async () => {
    const words = [
      "python3",
      "-c",
      "import sys; sys.stdout.write('|'.join(sys.argv[1:]) + sys.stdin.read())",
      "a b",
      "$HOME",
      "ü 日本 🎉",
      "'\"\n",
    ];
    const said: string[] = [];
    for await (const event of eventsOf(await session.exec({ argv: words, stdin: "→ stdin" })))
      if (event.type === "stdout" && "text" in event) said.push(event.text);
    expect(said.join("")).toBe("a b|$HOME|ü 日本 🎉|'\"\n→ stdin");

    const bytes = randomBytes(300_000);
    const back: Buffer[] = [];
    const answer = await session.exec({ argv: ["cat"], stdinBase64: bytes.toString("base64"), output: "base64" });
    for await (const event of eventsOf(answer))
      if (event.type === "stdout" && "base64" in event) back.push(Buffer.from(event.base64, "base64"));
    expect(Buffer.concat(back).equals(bytes)).toBe(true);
  });

  test("exec puts letters together that come in pieces, and replaces what is no text", async () => {
    const ran = await session.python(
      "import sys, time\nfor b in '日'.encode(): sys.stdout.buffer.write(bytes([b])); sys.stdout.buffer.flush(); time.sleep(0.02)\nsys.stdout.buffer.write(b'\\xff.')",
    );
    expect(ran.stdout).toBe("日\ufffd.");
  });

  test("exec has the session's variables and the request's, and keeps those that choose programs and libraries", async () => {
    const ran = await session.bash("echo $GREETING $MORE; echo $PATH $HOME $LD_PRELOAD", {
      env: { MORE: "more", PATH: "/tmp", HOME: "/tmp", LD_PRELOAD: "/work/x.so" },
    });
    expect(ran.stdout).toMatch(/^hello more\n\S*\/usr\/bin\S* \/home\/user\n$/);
  });

  test("exec ends at its time, with all it started, and the session goes on", async () => {
    const ran = await session.bash("echo begun; setsid sleep 1000 & sleep 1000", { timeoutMs: 500 });
    expect(ran.stdout).toBe("begun\n");
    expect(ran.exit).toMatchObject({ code: null, ended: "timeout" });
    expect((await session.bash("pgrep -c sleep")).stdout).toBe("0\n");
  });

  test("exec takes input while it runs, until its end is said", async () => {
    const events = eventsOf(
      await session.exec({
        argv: ["python3", "-c", "import sys\nfor line in sys.stdin: print('got', line.strip(), flush=True)\nprint('over')"],
        stdinOpen: true,
      }),
    );
    const said: string[] = [];
    for await (const event of events) {
      const more = (body: unknown): Promise<Response> =>
        sandbox.fetch(`/v1/sessions/${session.id}/exec/${execId}/stdin`, { method: "POST", body: JSON.stringify(body) });
      const execId = event.type === "start" ? event.execId : (said.at(0) ?? "");
      if (event.type === "start") {
        said.push(event.execId);
        expect((await more({ text: "one\n" })).status).toBe(204);
      }
      if (event.type === "stdout" && "text" in event) {
        said.push(event.text);
        if (said.slice(1).join("") === "got one\n") expect((await more({ text: "two\n", end: true })).status).toBe(204);
      }
    }
    expect(said.slice(1).join("")).toBe("got one\ngot two\nover\n");
  });

  test("signal reaches the command, which may answer it; SIGKILL ends it with all it started", async () => {
    const send = (execId: string, signal: string): Promise<Response> =>
      sandbox.fetch(`/v1/sessions/${session.id}/exec/${execId}/signal`, { method: "POST", body: JSON.stringify({ signal }) });
    const polite =
      "import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: (print('goodbye'), sys.exit(5)))\nprint('ready', flush=True)\ntime.sleep(100)";
    let execId = "";
    let said = "";
    for await (const event of eventsOf(await session.exec({ argv: ["python3", "-c", polite] }))) {
      if (event.type === "start") execId = event.execId;
      if (event.type === "stdout" && "text" in event) {
        said += event.text;
        if (said === "ready\n") await send(execId, "SIGINT");
      }
      if (event.type === "exit") expect(event).toMatchObject({ code: 5, ended: "exit" });
    }
    expect(said).toBe("ready\ngoodbye\n");
    for await (const event of eventsOf(await session.exec({ shell: "trap '' INT TERM; sleep 100 & sleep 100" }))) {
      if (event.type === "start") await send(event.execId, "SIGKILL");
      if (event.type === "exit") expect(event.ended).toBe("killed");
    }
    expect(await codeOf(await send("e1", "SIGINT"))).toBe("not_found");
  });

  test("a session does one thing at a time, and a client that goes away ends its command", async () => {
    const leaving = new AbortController();
    const events = eventsOf(await session.exec({ shell: "sleep 100" }, leaving.signal));
    await events.next();
    expect(await codeOf(await session.exec({ shell: "true" }))).toBe("conflict");
    expect(await codeOf(await sandbox.fetch(`/v1/sessions/${session.id}/files`))).toBe("conflict");
    leaving.abort();
    await events.next().catch(() => {});
    await expect.poll(async () => (await session.exec({ shell: "true" })).status, { timeout: 20_000 }).toBe(200);
    await expect.poll(async () => (await session.bash("pgrep -c sleep").catch(() => null))?.stdout, { timeout: 20_000 }).toBe("0\n");
  });

  test("a client that reads slowly slows the command and loses nothing, and cannot keep it from its end", async () => {
    const response = await session.exec({ argv: ["python3", "-c", "import sys; sys.stdout.write('x' * 3_000_000)"] });
    await sleep(300);
    let length = 0;
    for await (const event of eventsOf(response)) if (event.type === "stdout" && "text" in event) length += event.text.length;
    expect(length).toBe(3_000_000);
    // Never read: the command fills every buffer on the way, and still ends at its time.
    const unread = await session.exec({ shell: "yes | head -c 3900000; sleep 100", timeoutMs: 700 });
    await expect
      .poll(async () => (await sandbox.fetch(`/v1/sessions/${session.id}/exec/e99999/signal`, { method: "POST", body: "{}" })).status)
      .toBe(400);
    const last: string[] = [];
    for await (const event of eventsOf(unread)) if (event.type === "exit") last.push(event.ended);
    expect(last).toEqual(["timeout"]);
    expect((await session.bash("echo on")).stdout).toBe("on\n");
  });
});
