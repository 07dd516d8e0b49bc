import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startLinuxHost } from "../../scripts/hands/linux-host.mjs";
import { MargayError } from "../../src/errors.ts";
import { httpSandbox } from "../../src/sandbox/linux/http-sandbox.ts";
import { IDLE_MS } from "../../src/sandbox/linux/linux-sessions.ts";
import type { LinuxSandbox } from "../../src/sandbox/linux/linux-sandbox.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import { installPackage } from "../../src/tools/linux/install-package.ts";
import type { LinuxStores } from "../../src/tools/linux/linux-port.ts";
import { runPython } from "../../src/tools/linux/run-python.ts";
import { runShell } from "../../src/tools/linux/run-shell.ts";
import { bytes } from "../support/files-home.ts";
import { linuxHome } from "../support/linux-home.ts";
import { aCall, approvedOf, memoryGate } from "../support/memory-gate.ts";

/** The real server, with bubblewrap around each session. null: this machine cannot, and then the product has no Linux either. */
const host = await startLinuxHost();
const SECRET = "sk-canary-5f1d0c7e9b";

afterAll(() => host?.stop());

const sandboxOf = (): LinuxSandbox =>
  httpSandbox({ url: host?.url ?? "", token: host?.token ?? "", fetch: (address, init) => fetch(address, init) });

const opened: ReturnType<typeof linuxHome>[] = [];
afterEach(async () => {
  for (const user of opened.splice(0)) {
    user.clock.now += IDLE_MS + 1;
    await user.sessions.sweep();
  }
});

/** One user with the three tools, behind the gate. `withoutHosts`: what would run with a way out runs without one, as this machine may have none. */
function home({ withoutHosts = false } = {}) {
  const user = linuxHome(sandboxOf(), { special: true });
  opened.push(user);
  const stores: LinuxStores = {
    files: {
      takeBack: user.workspace.takeBack.bind(user.workspace),
      undelete: user.workspace.undelete.bind(user.workspace),
    } as LinuxStores["files"],
    linux: {
      run: ({ callId: _id, conversationId: _conversation, command, ...run }) =>
        user.sessions.run("conversation:main", { ...run, command: withoutHosts ? { ...command, hosts: [] } : command }),
      missing: () => null,
    },
  };
  const gate = memoryGate(stores, { scrub: async (texts) => texts.map((text) => text.replaceAll(SECRET, "[secret]")) });
  gate.state.granted.push("shell.run", "files.read", "files.write", "package.install:*", "net.fetch:*");
  const shell = compileTool(runShell, gate.deps);
  const python = compileTool(runPython, gate.deps);
  const install = compileTool(installPackage, gate.deps);
  let calls = 0;
  const call = (tool: typeof shell, input: unknown, change = {}) => tool.call(aCall({ id: `t1:${calls++}`, input, ...change }));
  return {
    ...user,
    gate,
    tools: { shell, python, install },
    sh: (command: string, input: Record<string, unknown> = {}, change = {}) => call(shell, { command, ...input }, change),
    py: (code: string, input: Record<string, unknown> = {}) => call(python, { code, ...input }),
    install: (input: unknown, change = {}) => call(install, input, change),
  };
}

describe.runIf(host !== null)("run_shell", () => {
  test("gives what was printed, the code, and what became of files; undo takes it back", async () => {
    const { sh, write, text, paths, gate, tools } = home();
    await write("/notes/a.txt", "one\ntwo\n");
    const done = await sh(
      "wc -l notes/a.txt; echo oops >&2; echo three >> notes/a.txt; mkdir -p outputs; cp notes/a.txt outputs/b.txt; exit 3",
    );
    expect(done.output).toEqual({
      exit_code: 3,
      stdout: "2 notes/a.txt\n",
      stderr: "oops\n",
      added: ["/outputs/b.txt"],
      changed: ["/notes/a.txt"],
    });
    expect(done.summary).toMatch(/^Exit code 3: Run .*\(2 files changed\)$/u);
    expect(await text("/notes/a.txt")).toBe("one\ntwo\nthree\n");
    const receipt: unknown = JSON.parse(gate.log.rows.get("t1:0")?.receipt ?? "null");
    await tools.shell.undo?.({ callId: "t1:0", receipt, signal: new AbortController().signal });
    expect(await text("/notes/a.txt")).toBe("one\ntwo\n");
    expect(paths("/", "*")).toEqual(["/HEARTBEAT.md", "/notes/a.txt"]);
  });

  test("keeps what lies outside of the work folder for the next command, takes input and a folder", async () => {
    const { sh, write } = home();
    await write("/data/x.txt", "x");
    await sh("echo kept > /tmp/kept");
    const next = await sh("cat /tmp/kept - ; ls", { stdin: "typed\n", cwd: "data" });
    expect(next.output).toMatchObject({ stdout: "kept\ntyped\nx.txt\n" });
  });

  test("ends a command that takes too long, with what it printed and wrote until then", async () => {
    const { sh, text } = home();
    const done = await sh("echo begun; echo half > half.txt; sleep 30", { timeout_s: 1 });
    expect(done.output).toMatchObject({
      exit_code: null,
      stdout: "begun\n",
      added: ["/half.txt"],
      note: "It took too long and was ended.",
    });
    expect(await text("/half.txt")).toBe("half\n");
  });

  test("ends a flood of output and keeps its beginning and end", async () => {
    const { sh } = home();
    const done = await sh("yes abcdefgh", { timeout_s: 20 });
    expect(done.output).toMatchObject({ note: "It printed more than it may and was ended." });
    expect(JSON.stringify(done.output).length).toBeLessThan(60_000);
  });

  test("brings binary files through both ways as they are", async () => {
    const { sh, workspace } = home();
    const content = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
    await workspace.write("/uploads/image.png", content, { author: "user", untrusted: null, key: null });
    await sh("mkdir -p outputs && cp uploads/image.png outputs/copy.png");
    expect((await workspace.bytes("/outputs/copy.png")).bytes).toEqual(content);
  });

  test("tells links and names that cannot be saved, and follows none", async () => {
    const { sh, paths } = home();
    const done = await sh(
      String.raw`ln -s /etc/passwd link; ln -s /work/ok.txt link2; echo ok > ok.txt; echo x > 'a\b.txt'; mkfifo pipe; echo y > HEARTBEAT.md`,
    );
    expect(paths("/", "*")).toEqual(["/HEARTBEAT.md", "/ok.txt"]);
    const told = JSON.stringify(done.output);
    for (const name of ["/link:", "/link2:", "/pipe:"]) expect(told).toContain(name);
  });

  test("has no network: neither this machine nor the metadata address", async () => {
    const { sh } = home();
    const server = createServer((_request, response) => response.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const done = await sh(
      `for a in http://127.0.0.1:${port}/ http://169.254.169.254/ ${host?.url}/health; do python3 -c "import urllib.request,sys; print(urllib.request.urlopen(sys.argv[1], timeout=2).read())" $a 2>&1 | tail -1; done`,
    );
    server.close();
    expect(JSON.stringify(done.output)).not.toMatch(/reached|bubblewrap/);
    expect(JSON.stringify(done.output).match(/URLError|refused|unreachable|timed out/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test("with hosts runs and reads nothing that an earlier command left in the home folder", async () => {
    const { sh, gate, tools } = home({ withoutHosts: true });
    const planted = await sh(`mkdir -p ~/.local/bin
      for name in curl git python3 mktemp env bash; do printf '#!/bin/sh\necho PLANTED\n' > ~/.local/bin/$name; chmod +x ~/.local/bin/$name; done
      site=$(/usr/bin/python3 -c 'import site; print(site.getusersitepackages())'); mkdir -p $site ~/.local/lib/node_modules/planted
      echo 'print("PLANTED")' > $site/usercustomize.py; echo 'console.log("PLANTED")' > ~/.local/lib/node_modules/planted/index.js
      echo 'data = PLANTED' > ~/.curlrc; echo 'echo PLANTED' | tee ~/.bashrc ~/.profile > ~/.bash_profile
      mkdir -p /tmp/matplotlib; curl`);
    expect(planted.output).toMatchObject({ exit_code: 0, stdout: "PLANTED\n" });
    const line = `command -v curl git mktemp; ls -A ~; python3 -c 'print("own")'; node -e 'try { require("planted") } catch { console.log("not there") }'
      env | grep -E '^(NODE_PATH|NPM_CONFIG_PREFIX|MPLCONFIGDIR|PYTHONPATH)='; cat; exit 7`;
    expect((await sh(line, { hosts: ["api.example.com"], stdin: "typed" })).status).toBe("waiting");
    const [asked] = gate.parked;
    if (asked === undefined) throw new Error("nothing was asked");
    const { output } = await tools.shell.approved(approvedOf(asked));
    const { stdout, exit_code: code } = z.object({ stdout: z.string(), exit_code: z.number() }).parse(output);
    expect([code, stdout]).toEqual([7, expect.stringMatching(/^(?:\/(?:usr|opt|bin)\/[\w/]+\n)+own\nnot there\ntyped$/u)]);
    expect((await sh("ls -A ~")).output).toMatchObject({ stdout: expect.stringContaining(".curlrc") });
  });

  test("finds no secret of the server or of this process: environment, arguments, files", async () => {
    const { sh } = home();
    const folder = mkdtempSync(join(tmpdir(), "canary-"));
    writeFileSync(join(folder, "secret.txt"), SECRET);
    process.env["CANARY"] = SECRET;
    const done = await sh(
      `env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; ls -a / /root /home /tmp 2>&1; cat ${folder}/secret.txt ${process.cwd()}/package.json 2>&1; grep -rl canary / --include=*.txt 2>/dev/null | head`,
    );
    delete process.env["CANARY"];
    rmSync(folder, { recursive: true });
    const seen = JSON.stringify(done.output);
    for (const hidden of [SECRET, "[secret]", host?.token ?? "?", "SANDBOX_TOKEN", '"margay"']) expect(seen).not.toContain(hidden);
  });

  test("marks what it gives once something from outside was there, and keeps the mark", async () => {
    const { sh, workspace } = home();
    expect((await sh("echo clean")).untrusted).toBeNull();
    expect((await sh("echo made > made.txt", {}, { tainted: true })).untrusted).not.toBeNull();
    expect((await sh("cat made.txt")).untrusted).not.toBeNull();
    expect(workspace.get("/made.txt").untrusted).not.toBeNull();
  });
});

describe.runIf(host !== null)("run_python", () => {
  test("reads a table that was uploaded and writes what came out of it", async () => {
    const { py, write, text } = home();
    await write("/uploads/sales.csv", "item,amount\nboat,3\noar,4\n");
    const done = await py(
      `import csv, os\nrows = list(csv.DictReader(open("uploads/sales.csv")))\nos.makedirs("outputs", exist_ok=True)\nopen("outputs/total.txt", "w").write(str(sum(int(r["amount"]) for r in rows)))\nprint(len(rows))`,
    );
    expect(done.output).toEqual({ exit_code: 0, stdout: "2\n", added: ["/outputs/total.txt"] });
    expect(await text("/outputs/total.txt")).toBe("7");
  });

  test("gives the error with its line", async () => {
    const { py } = home();
    const done = await py("x = 1\nraise ValueError('no boats')");
    expect(done.output).toMatchObject({ exit_code: 1 });
    expect(JSON.stringify(done.output)).toMatch(/line 2.*ValueError: no boats/);
  });
});

describe.runIf(host !== null)("a thousand files", () => {
  test("go in and come back, each changed one once", async () => {
    const user = home();
    for (let n = 0; n < 1_000; n++)
      await user.workspace.write(`/data/${n}.txt`, bytes(`row ${n}`), { author: "user", untrusted: null, key: null });
    const done = await user.sh("ls data | wc -l; for f in data/*0.txt; do echo more >> $f; done");
    expect(done.output).toMatchObject({ stdout: "1000\n" });
    expect(done.summary).toContain("100 files changed");
    expect(await user.text("/data/990.txt")).toBe("row 990more\n");
  });
});

describe("install_package", () => {
  const decisions = async (input: unknown, change = {}) => {
    const { install, gate } = home();
    // What is decided is decided before anything runs.
    const outcome = await install(input, change);
    return { outcome, row: gate.log.rows.get("t1:0"), asked: gate.parked.length };
  };

  test("asks about a package that is not known, naming where it comes from", async () => {
    const { outcome, row, asked } = await decisions({ manager: "pip", name: "reqeusts" });
    expect(outcome.status).toBe("waiting");
    expect([row?.effect, row?.decision, asked]).toEqual(["external", "ask", 1]);
  });

  test("takes names and nothing else", async () => {
    const { install, gate } = home();
    const names = [
      "git+https://evil.example/x",
      "../x",
      "--index-url=http://evil.example",
      "x y",
      "-r",
      "https://evil.example/a.whl",
      "a;b",
      "npm:evil",
      "",
    ];
    const inputs = ["pip", "npm"].flatMap((manager) => names.map((name): Record<string, string> => ({ manager, name })));
    inputs.push({ manager: "apt", name: "curl" }, { manager: "pip", name: "numpy", version: "1.0 --extra" });
    for (const input of inputs) expect((await install(input)).status, JSON.stringify(input)).toBe("failed");
    // Not even recorded: nothing of it was a call.
    expect(gate.log.rows.size).toBe(0);
  });

  test("asks about a version where content from outside was read", async () => {
    const { outcome } = await decisions({ manager: "pip", name: "numpy", version: "1.26.4" }, { tainted: true });
    expect(outcome.status).toBe("waiting");
  });

  /** What it would run, as a line for bash. */
  const lineOf = async (manager: "pip" | "npm"): Promise<string[]> => {
    const argv: string[] = [];
    const stores: LinuxStores = {
      files: {} as LinuxStores["files"],
      linux: {
        run: async ({ command }) => {
          if ("argv" in command.run) argv.push(...command.run.argv);
          throw new MargayError("unsupported", "Only looked at.");
        },
        missing: () => null,
      },
    };
    const gate = memoryGate(stores);
    gate.state.granted.push("shell.run", "files.read", "files.write", "package.install:*");
    await compileTool(installPackage, gate.deps).call(
      aCall({ id: "t1:0", input: { manager, name: manager === "pip" ? "numpy" : "lodash" } }),
    );
    return argv;
  };

  test.runIf(host !== null).each(["pip", "npm"] as const)(
    "runs nothing that an earlier command left, while %s has a way out",
    async (manager) => {
      const { sh } = home();
      const planted = await sh(`
      mkdir -p ~/.local/bin ~/.config/pip
      for name in npm node python3 pip; do printf '#!/bin/sh\necho PLANTED\n' > ~/.local/bin/$name; chmod +x ~/.local/bin/$name; done
      site=$(/usr/bin/python3 -c 'import site; print(site.getusersitepackages())'); mkdir -p $site
      for place in $site/usercustomize.py pip.py; do echo 'print("PLANTED")' > $place; done
      for folder in ~/.local/lib/node_modules ~/.node_modules; do mkdir -p $folder/encoding; echo 'console.log("PLANTED")' > $folder/encoding/index.js; done
      which ${manager}`);
      expect(planted.output).toMatchObject({ exit_code: 0 });
      const argv = await lineOf(manager);
      const program = argv.slice(0, argv.indexOf("install"));
      const { output } = await sh([...program, "--version"].join(" "));
      expect(output).toMatchObject({ exit_code: 0, stdout: expect.stringMatching(/^(?:pip )?\d+\.\d+[^]*$/u) });
      const node = [...program.slice(0, -1), "node", "-e", `'try { require("encoding") } catch { console.log("not there") }'`];
      if (manager === "npm") expect((await sh(node.join(" "))).output).toMatchObject({ stdout: "not there\n" });
      if (manager === "npm") expect(argv).toEqual(expect.arrayContaining(["--ignore-scripts", "--globalconfig=/dev/null"]));
    },
  );

  test("is refused where the profile may not", async () => {
    const { outcome } = await decisions(
      { manager: "pip", name: "numpy" },
      { profile: ["shell.run", "files.read", "files.write", "package.install:npm/*"] },
    );
    expect(outcome.status).toBe("denied");
  });
});
