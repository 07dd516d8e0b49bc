import { describe, expect, test } from "vitest";
import { MargayError } from "../../src/errors.ts";
import { outputOf, summaryOf } from "../../src/tools/linux/linux-output.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import { installPackage } from "../../src/tools/linux/install-package.ts";
import type { LinuxStores } from "../../src/tools/linux/linux-port.ts";
import { runPython } from "../../src/tools/linux/run-python.ts";
import { runShell } from "../../src/tools/linux/run-shell.ts";
import { bytes } from "../support/files-home.ts";
import { linuxHome } from "../support/linux-home.ts";
import { aCall, approvedOf, memoryGate } from "../support/memory-gate.ts";
import { memorySandbox } from "../support/memory-sandbox.ts";

/** A user whose commands change one file, delete another and add a third, with the tools behind the gate. */
async function home() {
  const linux = memorySandbox();
  const user = linuxHome(linux.sandbox);
  linux.state.program = (files) => {
    files.set("a.txt", bytes("changed"));
    files.set("new.txt", bytes("new"));
    files.delete("b.txt");
  };
  await user.write("/a.txt", "a");
  await user.write("/b.txt", "b");
  const missing: { why: string | null } = { why: null };
  const stores: LinuxStores = {
    files: {} as LinuxStores["files"],
    linux: {
      run: ({ callId: _id, conversationId: _conversation, ...run }) => user.sessions.run("conversation:main", run),
      missing: () => missing.why,
    },
  };
  const gate = memoryGate(stores, { policy: (tool) => user.policies.get(tool) ?? null });
  gate.state.granted.push("shell.run", "files.read", "files.write", "package.install:*");
  const shell = compileTool(runShell, gate.deps);
  const tools = [shell, compileTool(runPython, gate.deps), compileTool(installPackage, gate.deps)];
  return { ...linux, ...user, gate, tools, shell, missing, call: (id: string) => shell.call(aCall({ id, input: { command: "true" } })) };
}

describe("a command, where the user set something for the tools of files,", () => {
  test("changes nothing where write_file is off, names what it did not save, and saves it when that is over", async () => {
    const { policies, run, call, text, paths, state } = await home();
    policies.set("write_file", "off");
    const { output } = await call("t1:0");
    expect(output).toMatchObject({
      deleted: ["/b.txt"],
      not_saved: ["/a.txt", "/new.txt"].map((path) => `${path}: write_file is switched off, so it stays in the Linux.`),
    });
    expect([await text("/a.txt"), paths()]).toEqual(["a", ["/a.txt"]]);
    // What lies there is not brought back by the next command either, as long as that holds.
    state.program = () => undefined;
    expect((await run()).came.written).toEqual([]);
    policies.clear();
    expect((await run()).went.report.written.map(({ path }) => path)).toEqual(["/a.txt", "/new.txt"]);
    expect(await text("/a.txt")).toBe("changed");
  });

  test("deletes nothing where delete_file is off, and gets nothing where read_file is", async () => {
    const { policies, run, paths, boxes, state } = await home();
    policies.set("delete_file", "off").set("read_file", "off");
    state.program = (files) => void files.delete("b.txt");
    const ran = await run();
    expect(ran.came.notSaved).toEqual([]);
    expect(ran.went.pushed).toBe(0);
    expect(outputOf(ran)["note"]).toBe("read_file is switched off, so no file of the user went in.");
    policies.delete("read_file");
    await run();
    expect((await run()).came.notSaved.map(({ why }) => why)).toEqual(["delete_file is switched off, so it is gone in the Linux only."]);
    expect(paths()).toContain("/b.txt");
    expect([...boxes.values()][0]?.files.has("b.txt")).toBe(false);
  });

  test("is asked about before it runs where the user wants to be asked, and changes files with the yes", async () => {
    const { policies, gate, tools, shell, call, commands, text } = await home();
    policies.set("write_file", "ask");
    for (const [at, tool] of tools.entries()) {
      const input =
        tool === shell ? { command: "true" } : tool.name === "run_python" ? { code: "1" } : { manager: "pip", name: "requests" };
      expect((await tool.call(aCall({ id: `t1:${at}`, input }))).status, tool.name).toBe("waiting");
      expect(gate.parked[at]?.reason).toBe("It may change your files, and you want to be asked before every “Write file”.");
    }
    expect(commands).toEqual([]);
    const [asked] = gate.parked;
    if (asked === undefined) throw new Error("nothing was asked");
    expect((await shell.approved(approvedOf(asked))).output).toMatchObject({ added: ["/new.txt"], changed: ["/a.txt"] });
    expect(await text("/a.txt")).toBe("changed");
    policies.clear();
    expect((await call("t1:9")).status).toBe("done");
  });

  test("that began before the user wanted to be asked changes nothing, as they were not", async () => {
    const { policies, run, state, text } = await home();
    const { program } = state;
    state.program = (files, command) => {
      policies.set("write_file", "ask").set("delete_file", "off");
      return program(files, command);
    };
    const { came } = await run();
    expect([came.written, came.deleted, came.notSaved.length]).toEqual([[], [], 3]);
    expect(await text("/a.txt")).toBe("a");
  });
});

describe("what is told of a command", () => {
  test("begins with what went wrong, as a person says it", async () => {
    const { run } = await home();
    const ran = await run();
    const told = (exit: Partial<typeof ran.exit>): string => summaryOf("Run x", { ...ran, exit: { ...ran.exit, ...exit } });
    expect(told({})).toBe("Run x (3 files changed)");
    expect(told({ code: 2 })).toBe("Exit code 2: Run x (3 files changed)");
    expect(told({ code: null, ended: "timeout" })).toBe("It took too long and was ended: Run x (3 files changed)");
  });

  test("says that a command failed which ended with an error, and what it changed can be taken back all the same", async () => {
    const { state, call, gate } = await home();
    state.program = (files) => {
      files.set("new.txt", bytes("new"));
      return { code: 2 };
    };
    expect(await call("t1:0")).toMatchObject({
      status: "failed",
      summary: "Exit code 2: Run true (1 file changed)",
      output: { exit_code: 2 },
    });
    expect(gate.log.rows.get("t1:0")?.receipt).toContain("/new.txt");
  });

  test("names what is not saved once, also where it lay there before", async () => {
    const { run } = await home();
    const ran = await run();
    const link = { path: "/link", why: "It is a link, which is not followed." };
    const both = {
      ...ran,
      came: { ...ran.came, notSaved: [link] },
      went: { ...ran.went, report: { ...ran.went.report, notSaved: [link] } },
    };
    expect(outputOf(both)["not_saved"]).toEqual(["/link: It is a link, which is not followed."]);
  });
});

test("nobody is asked to say yes to a command where there is no Linux: why is told at once", async () => {
  const { shell, gate, missing } = await home();
  gate.state.granted.push("net.fetch:*");
  const call = (id: string) => shell.call(aCall({ id, input: { command: "curl https://a.example", hosts: ["a.example"] } }));
  expect((await call("t1:0")).status).toBe("waiting");
  missing.why = "There is no Linux here.";
  expect(await call("t1:1")).toMatchObject({ status: "denied", summary: "There is no Linux here." });
});

describe("a command that is cut off while what it changed is brought back", () => {
  test("can be taken back as far as it came", async () => {
    const user = await home();
    const { call, gate, sandbox, state, text, paths } = user;
    const big = bytes("x".repeat(9_000_000));
    state.program = (files) => void files.set("a.txt", bytes("changed")).set("b1.txt", big).set("b2.txt", big);
    const { read } = sandbox;
    sandbox.read = async (...wanted) => {
      if ((await text("/a.txt")) === "changed") throw new MargayError("gone", "The network broke.");
      return read(...wanted);
    };
    expect((await call("t1:0")).status).toBe("failed");
    expect(paths()).toEqual(["/a.txt", "/b.txt", "/b1.txt"]);
    const receipt: unknown = JSON.parse(gate.log.rows.get("t1:0")?.receipt ?? "null");
    expect(receipt).toMatchObject({
      written: [
        { path: "/a.txt", before: 1 },
        { path: "/b1.txt", before: null },
      ],
      deleted: [],
    });
  });
});
