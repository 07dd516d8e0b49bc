import { describe, expect, test } from "vitest";
import { parseCommand, runCommand } from "../../src/commands/registry.ts";
import { fakeContext } from "./fake-context.ts";

const LISTENER = { n: 2, title: "Prices_", from: "page https://example.com/prices", action: "text: example.com changed:", acted: 1 };

async function run(text: string, answer: object = {}) {
  const calls: [string, unknown][] = [];
  const deleted: number[] = [];
  const { context } = fakeContext({
    async callTool(name, input) {
      calls.push([name, input]);
      const output =
        name === "list_listeners"
          ? { listeners: [LISTENER] }
          : name === "add_listener"
            ? { listening: { ...LISTENER, ...answer } }
            : { changed: { ...LISTENER, ...answer } };
      return { output, summary: "", status: "done" };
    },
    listeners: {
      async delete(number) {
        deleted.push(number);
        return { number, title: "Prices" };
      },
    },
  });
  const command = parseCommand(text);
  if (!command) throw new Error("no command");
  return { text: await runCommand(command, context), calls, deleted };
}

describe("/listen", () => {
  test("lists with number and state, and no mark of a title passes for Markdown", async () => {
    expect((await run("/listen")).text).toBe("- **2** Prices\\_ · page https://example.com/prices · acted once");
  });

  test("makes one of words that the rules understand, by the model's own tool", async () => {
    const { text, calls } = await run("/listen when https://example.com/prices changes tell me");
    expect(calls).toEqual([
      ["add_listener", { from: "page", url: "https://example.com/prices", kind: "text", do: "example.com changed:" }],
    ]);
    expect(text).toContain("I listen: **2**");
    expect(text).toContain("Then I tell you: example.com changed:");
  });

  test("says where the secret and the address of a hook are", async () => {
    const { text } = await run("/listen when GitHub calls tell me", { from: "github hook", to_do: "The user has to set its secret" });
    expect(text).toContain("its secret is still to be set, on the page of listeners");
    expect(text).not.toContain("The user");
  });

  test("says how, where the words are none that rules understand, and makes nothing", async () => {
    const { text, calls } = await run("/listen when it rains tell me");
    expect(calls).toEqual([]);
    expect(text).toMatch(/it is made on .*listeners/u);
    expect((await run("/listen when mail from my landlord arrives tell me")).text).toContain("Whose mail");
  });

  test("pauses, resumes and deletes by number", async () => {
    expect(await run("/listen pause 2", { status: "paused" })).toMatchObject({
      calls: [["change_listener", { listener: "2", do: "pause" }]],
      text: expect.stringContaining("`/listen resume 2`"),
    });
    expect((await run("/listen resume #2")).calls).toEqual([["change_listener", { listener: "2", do: "resume" }]]);
    expect(await run("/listen delete 2")).toMatchObject({ calls: [], deleted: [2], text: "Listener 2 is deleted." });
    expect((await run("/listen delete")).text).toContain("Which one?");
  });
});
