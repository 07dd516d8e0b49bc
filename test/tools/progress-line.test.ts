import { describe, expect, test } from "vitest";
import { compileTool } from "../../src/tools/compile-tool.ts";
import { ProgressLine } from "../../src/tools/progress-line.ts";
import { aCall, approvedOf, memoryGate } from "../support/memory-gate.ts";
import { standIn } from "../tasks/stand-in.ts";

test("compileTool() shows what a call prints, also one that waited for a yes, without secrets, and keeps it nowhere", async () => {
  const gate = memoryGate(null);
  const tool = compileTool(
    standIn("print", {
      of: "external",
      async execute(_input, { progress }) {
        progress?.("half s3cret-value\n");
        await new Promise((resolve) => setTimeout(resolve, 0));
        return { output: {}, summary: "Printed" };
      },
    }),
    gate.deps,
  );
  const shown: string[] = [];
  const progress = (line: string): void => void shown.push(line);
  expect((await tool.call(aCall({ progress }))).status).toBe("waiting");
  const [asked] = gate.parked;
  if (asked === undefined) throw new Error("nothing was asked");
  const outcome = await tool.approved(approvedOf(asked, { progress }));
  expect(shown).toEqual(["half [secret taken out]"]);
  expect(JSON.stringify([outcome, [...gate.log.rows.values()], gate.events])).not.toContain("half");
});

/** `tick()`: the pause after a line is over. */
function home() {
  const shown: string[] = [];
  let resume = (): void => undefined;
  const line = new ProgressLine({
    show: (text) => void shown.push(text),
    scrub: async (text) => text.replaceAll("s3cret-value", "[taken out]"),
    pause: () => new Promise((resolve) => (resume = resolve)),
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  const tick = async (): Promise<void> => {
    resume();
    await settle();
  };
  return { shown, line, settle, tick };
}

async function shownOf(...printed: string[]): Promise<string | undefined> {
  const { shown, line, tick } = home();
  for (const text of printed) line.add(text);
  await tick();
  await tick();
  return shown.at(-1);
}

describe("ProgressLine", () => {
  test("shows the first line at once and then, in each pause, only the last", async () => {
    const { shown, line, settle, tick } = home();
    line.add("one\n");
    await settle();
    for (let n = 0; n < 1_000; n++) line.add(`line ${n}\n`);
    await settle();
    expect(shown).toEqual(["one"]);
    await tick();
    expect(shown).toEqual(["one", "line 999"]);
    await tick();
    line.add("line 999\n");
    await settle();
    expect(shown).toHaveLength(2);
    line.add("late\n");
    line.end();
    await tick();
    expect(shown).toHaveLength(2);
  });

  test("shows what is complete: a half may be half of a secret", async () => {
    expect(await shownOf("done\nkey s3cret-va")).toBe("done");
    expect(await shownOf("done\nkey s3cret-va", "lue\n")).toBe("key [taken out]");
    expect(await shownOf("10%\r20%\r30%")).toBe("20%");
    expect(await shownOf(`${"x".repeat(20_000)} end\n`)).toBeUndefined();
    expect(await shownOf(`${"x".repeat(20_000)}\nshort\n`)).toBe("short");
  });

  test("takes out what orders a terminal or cannot be seen, before secrets are looked for", async () => {
    expect(await shownOf("\u001B[2J\u001B[1;31mred\u001B[0m \u0007\u202Etxt\u200B\u001B]0;title\u0007 a\tb\n")).toBe("red txt a b");
    expect(await shownOf("s3\u001B[0mcret\u200B-va\u0000lue\n")).toBe("[taken out]");
    expect(await shownOf("<b onclick=x>bold</b>\n")).toBe("<b onclick=x>bold</b>");
  });

  test("is one line of 200 characters", async () => {
    const line = (await shownOf(`${"word ".repeat(100)}\n`)) ?? "";
    expect(line).toHaveLength(200);
    expect(line.endsWith("…")).toBe(true);
  });
});
