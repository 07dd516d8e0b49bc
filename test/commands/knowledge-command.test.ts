import { describe, expect, test } from "vitest";
import { knowledgePort } from "../../src/commands/knowledge-port.ts";
import { parseCommand, runCommand } from "../../src/commands/registry.ts";
import { given } from "../knowledge/given.ts";
import { life, World } from "../knowledge/knowledge-in-node.ts";
import { fakeContext } from "./fake-context.ts";

async function run(world: World, text: string): Promise<string> {
  const command = parseCommand(text);
  if (!command) throw new Error(`not a command: ${text}`);
  return runCommand(command, fakeContext({ knowledge: knowledgePort(life(world), "c1") }).context);
}

describe("/knowledge", () => {
  test("says how to begin where there is nothing", async () => {
    expect(await run(new World(), "/knowledge")).toContain("no documents yet");
  });

  test("lists documents by the numbers that they keep, with what became of each", async () => {
    const world = new World();
    const sea = life(world).knowledge.addCollection("Sea");
    await given(world, "tides.md", "The tide turns at six.", { collection_id: sea.id });
    world.now++;
    await given(world, "broken.pdf", "%PDF-1.7 broken");
    const text = await run(world, "/knowledge list");
    expect(text).toContain("Collections: `Sea` (1)");
    expect(text).toContain("- **1** `tides.md`, in `Sea`");
    expect(text).toMatch(/- \*\*2\*\* `broken.pdf`, could not be read: /);
  });

  test("limits the conversation, says so, and ends that", async () => {
    const world = new World();
    life(world).knowledge.addCollection("Sea notes");
    await given(world, "tides.md", "The tide turns at six.");
    expect(await run(world, "/knowledge only sea notes, tides.md")).toContain("only `Sea notes`, `tides.md`");
    expect(life(world).scopes.get("c1")).toMatchObject({ collections: [expect.any(String)], documents: [expect.any(String)] });
    expect(await run(world, "/knowledge")).toContain("searches only `Sea notes`, `tides.md`");
    await run(world, "/knowledge all");
    expect(life(world).scopes.get("c1")).toBeNull();
    await expect(run(world, "/knowledge only nowhere")).rejects.toThrow("“nowhere”");
    expect(await run(world, "/knowledge only")).toContain("Only which?");
  });

  test("deletes by number", async () => {
    const world = new World();
    await given(world, "tides.md", "The tide turns at six.");
    expect(await run(world, "/knowledge delete 1")).toBe("Deleted `tides.md`, with all that was kept of it.");
    expect(life(world).documents.count()).toBe(0);
    await expect(run(world, "/knowledge delete 1")).rejects.toThrow("There is no document 1");
    expect(await run(world, "/knowledge delete everything")).toContain("Which one?");
    await expect(run(world, "/knowledge burn")).rejects.toThrow("/knowledge only");
  });
});
