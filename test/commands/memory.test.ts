import { describe, expect, test } from "vitest";
import type { CommandPorts } from "../../src/commands/command.ts";
import { parseCommand, runCommand } from "../../src/commands/registry.ts";
import { MargayError } from "../../src/errors.ts";
import { aView, fakeContext } from "./fake-context.ts";

async function run(text: string, memory: Partial<CommandPorts["memory"]> = {}) {
  const forgotten: (number | null)[] = [];
  const port: CommandPorts["memory"] = {
    list: async () => [],
    count: () => 3,
    pin: (number, pinned) => aView({ text: `memory *${number}*`, pinned }),
    forget: async (number) => {
      forgotten.push(number);
      return { memories: 3, messages: 2, verified: true };
    },
    ...memory,
  };
  const command = parseCommand(text);
  if (!command) throw new Error("no command");
  return { text: await runCommand(command, fakeContext({ memory: port }).context), forgotten };
}

describe("/memory", () => {
  test("lists everything with its number, where it is from and how it was used", async () => {
    const asked: (string | null)[] = [];
    const { text } = await run("/memory", {
      list: async (words) => {
        asked.push(words);
        return [
          { number: 7, memory: aView({ text: "Likes *tea*", pinned: true, uses: 2, kind: "profile" }), from: "you, 18 Nov 2026" },
          { number: 3, memory: aView({ tainted: true }), from: "read somewhere, 1 Nov 2026" },
        ];
      },
    });
    expect(asked).toEqual([null]);
    expect(text).toBe(
      [
        "- **7** Likes \\*tea\\* · pinned, profile, you, 18 Nov 2026, used 2 times",
        "- **3** Lives in Oslo · read somewhere, 1 Nov 2026, from content from outside, not used yet",
        "",
        "Pin or forget one by its number: `/memory forget 7`. Change it on https://margay.example.com/memory.",
      ].join("\n"),
    );
  });

  test("finds by words", async () => {
    const asked: (string | null)[] = [];
    const list = async (words: string | null) => {
      asked.push(words);
      return [];
    };
    expect((await run("/memory the red key", { list })).text).toBe("Nothing that I remember fits `the red key`.");
    expect((await run("/memory", { list })).text).toMatch(/^Nothing yet/);
    expect(asked).toEqual(["the red key", null]);
  });

  test("pins, unpins and forgets one by its number", async () => {
    expect((await run("/memory pin 3")).text).toBe("Pinned, so it is always in my mind: memory \\*3\\*");
    expect((await run("/memory unpin #3")).text).toMatch(/^No longer pinned/);
    const one = await run("/memory forget 3");
    expect(one).toEqual({
      text: "Forgotten: number 3. I looked again, and it is in nothing that I keep. Your own files stay as they are.",
      forgotten: [3],
    });
    const late = await run("/memory forget 3", { forget: async () => ({ memories: 1, messages: 0, verified: false }) });
    expect(late.text).toContain("the rest follows by itself");
    const skills = await run("/memory forget 3", {
      forget: async () => ({ memories: 1, messages: 0, verified: true, skills: ["minutes"] }),
    });
    expect(skills.text).toBe(
      "Forgotten: number 3. I looked again, and it is in nothing else that I keep. Your own files stay as they are. The skill minutes still says it, since you said yes to its text: have it changed, or uninstall it.",
    );
    expect((await run("/memory forget")).text).toMatch(/^Which one\?/);
    await expect(
      run("/memory pin 9", {
        pin: () => {
          throw new MargayError("not_found", "There is no memory number 9.");
        },
      }),
    ).rejects.toThrow("There is no memory number 9.");
  });

  test("forgets everything only when told twice", async () => {
    const first = await run("/memory forget all");
    expect(first.text).toContain("`/memory forget all yes`");
    expect(first.forgotten).toEqual([]);
    expect(await run("/memory forget all yes")).toEqual({
      text: "Forgotten: everything, 3 memories. I looked again, and it is in nothing that I keep. Your own files stay as they are.",
      forgotten: [null],
    });
    expect((await run("/memory forget all", { count: () => 0 })).text).toBe("I remember nothing, so there is nothing to forget.");
  });
});
