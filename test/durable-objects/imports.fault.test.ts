import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { gptConversation, gptMessage, workspace, zip } from "../import/fixtures.ts";
import { crash } from "../support/crash.ts";
import { ask, imported, importUser, memoriesOf, planImport, textsOf } from "../support/import-user.ts";

const TALKS = 40;
const LINES = 20;
const conversations = Array.from({ length: TALKS }, (_, talk) =>
  gptConversation(`c${talk}`, `Talk ${talk}`, [
    ...Array.from({ length: LINES }, (_unused, line) =>
      gptMessage(`m${line}`, line % 2 === 0 ? "user" : "assistant", `talk${talk} line${line}`),
    ),
    gptMessage("bio", "assistant", `The user spoke of talk ${talk}.`, { recipient: "bio" }),
  ]),
);

test(
  "an import whose object is ended at any moment goes on by itself, leaves nothing out and doubles nothing",
  { timeout: 200_000 },
  async () => {
    const archive = zip({ "conversations.json": conversations });
    for (const delay of [0, 2, 5, 10, 20, 40, 80]) {
      const user = await importUser();
      const { id } = await planImport(user, archive, "export.zip");
      const running = ask(user, "import.run", id).catch(() => null);
      await scheduler.wait(delay);
      await crash();
      await running;
      // A call that was lost is made again, as `POST /api/v1/imports/{id}/run` does.
      await ask(user, "import.run", id);
      const report = await imported(user, id);
      expect(report, `after ${delay} ms`).toMatchObject({ status: "done", error: null });
      expect(report.added.conversation + report.known.conversation, `after ${delay} ms`).toBe(TALKS);
      for (const talk of [0, TALKS - 1])
        expect(await textsOf(user, { conversation_id: `import:chatgpt:c${talk}` })).toEqual(
          Array.from({ length: LINES }, (_, line) => `talk${talk} line${line}`),
        );
      const memories = (await memoriesOf(user)).map(({ text }) => text);
      expect(memories, `after ${delay} ms`).toHaveLength(TALKS);
      expect(new Set(memories).size).toBe(TALKS);
    }
  },
);

test("a persona is added once, though the object is ended right after", { timeout: 120_000 }, async () => {
  const user = await importUser();
  unwrap(await user.stub.updateSettings(user.caller, { persona: "Mine." }));
  const { id } = await planImport(user, zip(workspace()), "workspace.zip");
  for (let time = 0; time < 3; time++) {
    await ask(user, "import.run", id);
    await crash();
  }
  expect((await imported(user, id)).status).toBe("done");
  const { persona } = unwrap(await user.stub.settings(user.caller));
  expect(persona.match(/Have opinions/g)).toHaveLength(1);
  expect(persona.startsWith("Mine.\n\n")).toBe(true);
  expect(await memoriesOf(user)).toHaveLength(8);
});
