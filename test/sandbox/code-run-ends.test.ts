import { describe, expect, test } from "vitest";
import { UserWord } from "../../src/permission/user-word.ts";
import { codeHome, type Program } from "./code-home.ts";

const tool = (name: string, x: unknown = 1, to?: string) => ({
  kind: "tool" as const,
  name,
  input: { x, ...(to === undefined ? {} : { to }) },
});

describe("what a run asks, and what is known of it however it ended", () => {
  test("run() asks a person about ten calls at most, and says so", async () => {
    const home = codeHome();
    const { output } = await home.run(async (ask) => {
      const all = await Promise.all(Array.from({ length: 30 }, async (_one, n) => ask(tool("send", n)).catch(({ name }: Error) => name)));
      const more = await ask(tool("send", "more")).catch(({ message }: Error) => message);
      return [all.filter((one) => one === "WaitsForApproval").length, more, await ask(tool("look"))];
    });
    expect(output).toMatchObject({ value: [10, expect.stringContaining("10 calls of this run wait for the user already"), { x: 1 }] });
    expect(home.gate.parked).toHaveLength(10);
  });

  test("run() that is only tried asks nobody", async () => {
    const home = codeHome();
    const done = await home.code.run(
      { code: "the program", wallMs: 1_000, dry: true },
      home.callerOf(async (ask) => ask(tool("look", 1, "https://never.example/")).catch(({ message }: Error) => message)),
    );
    expect(done.value).toContain("only tried");
    expect(home.gate.parked).toEqual([]);
  });

  test("run() that ends by a fault still tells what it read and used", async () => {
    const home = codeHome();
    const provenance = { word: new UserWord([]), given: new Set<string>() };
    const program: Program = async (ask) => {
      await ask(tool("page"));
      await ask(tool("look", 1, "https://given.example/a"));
      await ask({ kind: "write", path: "/one", base64: "" });
      await home.files.workspace.write("/one/file", new Uint8Array(1), { author: "user", untrusted: null, key: null });
    };
    const outcome = await home.run(program, { provenance });
    expect(outcome).toMatchObject({ status: "failed", untrusted: "code that read https://page.example/", suspicious: true, usedGiven: 1 });
    // As it is answered from the record: never less.
    expect(await home.run(program, { provenance })).toMatchObject({ status: "failed", suspicious: true, usedGiven: 2 });
  });

  test("run() that begins again counts the addresses that it used before", async () => {
    const home = codeHome();
    const provenance = { word: new UserWord([]), given: new Set<string>() };
    const program: Program = async (ask) => {
      await ask(tool("page"));
      return ask(tool("look", 1, "https://given.example/a"));
    };
    await home.run(program, { provenance });
    Object.assign(home.gate.log.rows.get("t1:0.0") ?? {}, { state: "executing" });
    expect(await home.run(program, { provenance })).toMatchObject({ status: "done", suspicious: true, usedGiven: 1 });
    expect(home.done.filter((one) => one.startsWith("look"))).toHaveLength(1);
  });
});
