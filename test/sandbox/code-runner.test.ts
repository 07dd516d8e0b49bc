import { describe, expect, test } from "vitest";
import { UserWord } from "../../src/permission/user-word.ts";
import { USER, bytes } from "../support/files-home.ts";
import { codeHome } from "./code-home.ts";

const tool = (name: string, x: unknown = 1, to?: string) => ({
  kind: "tool" as const,
  name,
  input: { x, ...(to === undefined ? {} : { to }) },
});
const write = (path: string, text: string) => ({ kind: "write" as const, path, base64: btoa(text) });
const read = (path: string) => ({ kind: "read" as const, path });

describe("calls from code", () => {
  test("run() calls tools through the gate, each under the call's own id", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => [await ask(tool("look")), await ask(tool("note", 2))]);
    expect(outcome).toMatchObject({
      status: "done",
      output: { value: [{ x: 1 }, { x: 2 }] },
      untrusted: null,
      summary: "Ran code (0.0 s, 2 calls)",
    });
    expect([...home.gate.log.rows].map(([id, { tool: name }]) => `${id} ${name}`)).toEqual([
      "t1:0.0 run_javascript",
      "t1:0.0.1 look",
      "t1:0.0.2 note",
    ]);
    expect(home.gate.events.map((event) => `${event.kind} ${event.tool}`)).toHaveLength(6);
  });

  test("run() gives the caller's own tools and no others, and none that runs programs", async () => {
    const home = codeHome();
    const tries = async (ask: (request: ReturnType<typeof tool>) => Promise<unknown>) =>
      Promise.all(
        ["look", "send", "run_shell", "run_javascript", "call_tool", "toString"].map((name) =>
          ask(tool(name)).then(
            () => "done",
            ({ message }: Error) => message,
          ),
        ),
      );
    home.state.tools = ["look", "run_javascript", "run_shell"];
    let scope: unknown = null;
    const { output } = await home.run(async (ask, request) => ((scope = request.scope.tools), tries(ask)));
    expect(scope).toEqual(["look"]);
    expect(output).toEqual({
      value: [
        "done",
        ...["send", "run_shell", "run_javascript", "call_tool", "toString"].map((name) => `There is no tool named ${name} here.`),
      ],
    });
    expect(home.done).toEqual(["look 1"]);
  });

  test("run() holds calls to the profile of the executor that asked", async () => {
    const home = codeHome();
    home.state.capabilities = ["code.run", "test.look"];
    const { output } = await home.run(async (ask) => ask(tool("note")));
    expect(output).toMatchObject({ error: { name: "Denied", message: expect.stringContaining("this kind of task") } });
    expect(home.done).toEqual([]);
  });

  test("run() taints what follows once something from outside was read, and its own result", async () => {
    const home = codeHome();
    const asked = (id: string) => home.gate.events.find((event) => event.kind === "call" && event.callId === id);
    const outcome = await home.run(async (ask) => {
      await ask(tool("note", "before"));
      await ask(tool("page"));
      await ask(tool("note", "after"));
      return "nothing of it";
    });
    expect(asked("t1:0.0.1")).toMatchObject({ tainted: false });
    expect(asked("t1:0.0.3")).toMatchObject({ tainted: true });
    expect(outcome).toMatchObject({
      untrusted: "code that read https://page.example/",
      suspicious: true,
      links: ["https://given.example/a"],
    });
  });

  test("run() judges addresses by what was given in the run, and counts those", async () => {
    const home = codeHome();
    const program = async (ask: (request: ReturnType<typeof tool>) => Promise<unknown>) => {
      const reach = (to: string) =>
        ask(tool("look", 1, to)).then(
          () => "read",
          ({ name }: Error) => name,
        );
      const before = await reach("https://given.example/a");
      await ask(tool("page"));
      return [
        before,
        await reach("https://given.example/a"),
        await reach("https://given.example/a?q=all"),
        await reach("https://named.example/x"),
      ];
    };
    const provenance = { word: new UserWord(["look at https://named.example/"]), given: new Set<string>() };
    const outcome = await home.run(program, { provenance });
    expect(outcome.output).toMatchObject({ value: ["WaitsForApproval", "read", "WaitsForApproval", "read"] });
    expect(outcome.usedGiven).toBe(1);
    const many = codeHome();
    const used = await many.run(async (ask) => {
      await ask(tool("page"));
      const all = [];
      for (let n = 0; n < 22; n++)
        all.push(
          await ask(tool("look", n, "https://given.example/a")).then(
            () => "read",
            ({ name }: Error) => name,
          ),
        );
      return all.filter((one) => one === "read").length;
    });
    expect(used).toMatchObject({ output: { value: 20 }, usedGiven: 20 });
  });

  test("run() goes on counting the turn's addresses that were given, also those that are asked for at once", async () => {
    const tries = async (usedGiven: number): Promise<unknown> => {
      const provenance = { word: new UserWord([]), given: new Set<string>(), usedGiven };
      const { output } = await codeHome().run(
        async (ask) => {
          await ask(tool("page"));
          const all = await Promise.all(
            Array.from({ length: 30 }, async (_one, n) =>
              ask(tool("look", n, "https://given.example/a")).then(
                () => 1,
                () => 0,
              ),
            ),
          );
          return all.reduce((sum: number, one) => sum + one, 0);
        },
        { provenance },
      );
      return Object(output).value;
    };
    expect([await tries(0), await tries(15), await tries(20)]).toEqual([20, 5, 0]);
  });

  test("run() is held to its caller's tools also when a person approved it", async () => {
    const home = codeHome();
    home.gate.state.policies["run_javascript"] = "ask";
    const parked = await home.run(async (ask) => ask(tool("send")));
    expect(parked.status).toBe("waiting");
    const [row] = home.gate.parked;
    if (row === undefined) throw new Error("nothing was parked");
    const done = await home.outer.approved({
      approvalId: "a1",
      callId: row.call.id,
      turnId: row.call.turnId,
      conversationId: row.call.conversationId,
      tool: row.tool,
      version: row.version,
      input: row.input,
      inputHash: row.inputHash,
      userId: home.gate.deps.userId,
      tainted: false,
      profile: row.call.profile,
      saidAt: 0,
      signal: new AbortController().signal,
    });
    // Who waits for the run waits for what it asked too.
    expect([done.status, home.state.asker, home.gate.parked.at(-1)?.call.turnId]).toEqual(["done", "t1", "t1"]);
  });

  test("run() reads one file after the other, and no more than it may", async () => {
    const home = codeHome();
    await home.files.workspace.write("/big.bin", new Uint8Array(15_000_000), { author: "user", untrusted: null, key: null });
    const { output } = await home.run(async (ask) => {
      const all = await Promise.all(Array.from({ length: 20 }, async () => ask(read("/big.bin")).catch(({ message }: Error) => message)));
      return [all.filter((one) => String(one).length > 1_000).length, all.at(-1)];
    });
    expect(output).toMatchObject({ value: [17, expect.stringMatching(/^A run reads at most 2\d\d MB\.$/u)] });
  });

  test("run() goes on where a call waits for a person, and lists it", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => {
      const failed = await ask(tool("send")).catch((error: Error) => `${error.name}: ${error.message}`);
      return [failed, await ask(tool("look"))];
    });
    expect(outcome).toMatchObject({
      status: "done",
      output: {
        value: [expect.stringMatching(/^WaitsForApproval: send is not done yet/u), { x: 1 }],
        waiting_for_approval: [{ tool: "send", approval: "a1" }],
      },
    });
    expect(home.gate.parked.map(({ call }) => call.id)).toEqual(["t1:0.0.1"]);
    expect(home.done).toEqual(["look 1"]);
  });

  test("run() passes a plan's turn on: its code reads, and changes nothing", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => ask(tool("look")), { planning: true });
    expect(outcome.status).toBe("denied");
  });

  test("run() takes no person's word from a command", async () => {
    const home = codeHome();
    await home.run(async (ask) => ask(tool("look", 1, "https://anywhere.example/")).catch(() => null), { origin: "user" });
    expect(home.gate.parked).toHaveLength(1);
    expect(home.gate.parked[0]?.call.origin).toBe("unattended");
  });

  test("run() waits for calls that the code did not wait for", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => void ask(tool("page")));
    expect(outcome.untrusted).toContain("page.example");
    expect(home.gate.log.get("t1:0.0.1")?.state).toBe("done");
  });

  test("run() stops at 200 calls", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => {
      for (let n = 0; n < 300; n++)
        await ask(tool("look", n)).catch(({ message }: Error) => {
          if (n < 200) throw new Error(message);
        });
    });
    expect(outcome.status).toBe("done");
    expect(home.done).toHaveLength(200);
  });
});

describe("after a crash", () => {
  test("run() makes no call twice: it is answered from the record", async () => {
    const home = codeHome();
    const program = async (ask: (request: ReturnType<typeof tool>) => Promise<unknown>) => [
      await ask(tool("look")),
      await ask(tool("note")),
    ];
    await home.run(program);
    // The end of the outer call was never recorded.
    const row = home.gate.log.rows.get("t1:0.0");
    Object.assign(row ?? {}, { state: "executing" });
    const again = await home.run(program);
    expect(again).toMatchObject({ status: "done", output: { value: [{ x: 1 }, { x: 1 }] } });
    expect(home.done).toEqual(["look 1", "note 1"]);
  });

  test("run() stops where the code calls something else than before", async () => {
    const home = codeHome();
    await home.run(async (ask) => ask(tool("note", 1)));
    Object.assign(home.gate.log.rows.get("t1:0.0") ?? {}, { state: "executing" });
    const again = await home.run(async (ask) => [await ask(tool("note", 2)).catch(() => null), await ask(tool("note", 3))]);
    expect(again).toMatchObject({ status: "failed", summary: expect.stringContaining("something else than before") });
    expect(home.done).toEqual(["note 1", "note 3"]);
  });
});

describe("what code can import", () => {
  test("run() gives it programs and data among the files, and Margay's own modules, and taints by what is from outside", async () => {
    const home = codeHome();
    await home.files.workspace.write("/outputs/lib.js", bytes(`import { two } from "./more/two.js"; export { two };`), USER);
    await home.files.workspace.write("/outputs/more/two.js", bytes("export const two = 2;"), { ...USER, untrusted: "mail" });
    await home.files.workspace.write("/a.json", bytes(`{"a":1}`), USER);
    let names: string[] = [];
    const code = `import { two } from "/outputs/lib.js"\nimport data from "/a.json"\nimport { parse } from "csv"\nconst later = await import("/nowhere.js")`;
    const outcome = await home.run(async (_ask, request) => void (names = Object.keys(request.modules)), {}, code);
    expect(names.toSorted()).toEqual(["a.json", "csv", "outputs/lib.js", "outputs/more/two.js"]);
    expect(outcome.untrusted).toBe("code that read file /outputs/more/two.js");
  });
});

describe("what a run costs and where there is none", () => {
  test("run() counts each load, and is refused when a cap is reached", async () => {
    const home = codeHome({ microUsd: 2_000 });
    await home.run(async () => 1);
    expect(home.charged).toEqual([2_000]);
    const capped = codeHome({ microUsd: 2_000, budget: "Your cap of $1 a day is reached." });
    expect(await capped.run(async () => 1)).toMatchObject({ status: "failed", summary: "Your cap of $1 a day is reached." });
  });

  test("run() says so where nothing can run code", async () => {
    expect(await codeHome({ runner: null }).run(async () => 1)).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("cannot run here"),
    });
  });

  test("run() takes what the isolate gives as it is, also where that is no JSON or too deep", async () => {
    for (const raw of ["no json {", "[".repeat(20_000) + "]".repeat(20_000)]) {
      const home = codeHome();
      home.state.raw = raw;
      const outcome = await home.run(async (ask) => void (await ask(write("/outputs/a.txt", "a"))));
      expect(outcome).toMatchObject({ status: "done", summary: expect.stringContaining("wrote /outputs/a.txt") });
    }
  });

  test("run() lets no secret out, by a value, a log or an error", async () => {
    const home = codeHome();
    const told = await home.run(async (_ask, _request, log) => (log("a s3cret-value"), { key: "s3cret-value" }));
    expect(JSON.stringify(told)).not.toContain("s3cret-value");
    const thrown = await home.run(
      async () => {
        throw new Error("s3cret-value");
      },
      { id: "t1:1.0" },
    );
    expect(JSON.stringify(thrown)).not.toContain("s3cret-value");
  });
});
