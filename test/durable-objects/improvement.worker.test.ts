import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import type { SelfImprovement } from "../../src/self-improvement/shapes.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { approve } from "../support/asked-user.ts";
import type { Step } from "../support/model-server-script.ts";
import { worker } from "../support/task-steps.ts";
import { asWorker, operation } from "../support/task-user.ts";

const DAY = 86_400_000;
const REQUEST = "Make the vat summary of my receipts";

/** A user who asked for the same three times on three days, each time in several steps, and whose week is over. */
async function userWithHabit(setting: SelfImprovement = "propose"): Promise<TestUser> {
  const user = await testUser();
  unwrap(await user.stub.updateSettings(user.caller, { selfImprovement: setting }));
  const list = {
    toolCalls: [
      { name: "list_files", input: { folder: "/uploads" } },
      { name: "list_todos", input: {} },
    ],
  };
  for (const month of ["June", "July", "August"]) {
    await user.model.set([list, { text: "Here it is." }]);
    unwrap(await user.stub.converse(user.caller, httpMessage(`${REQUEST} for ${month}`), 20_000));
  }
  await runInDurableObject(user.object, (_agent, { storage }) => {
    const ids = storage.sql.exec("SELECT id FROM message WHERE role = 'user' ORDER BY seq").toArray();
    for (const [index, { id }] of ids.entries())
      storage.sql.exec("UPDATE message SET created_at = created_at - ? WHERE id = ?", (index + 1) * 2 * DAY, id ?? null);
  });
  return user;
}

/** The day's tidying, as if the last look was `ago` before it; null: there was none. */
async function tidy(user: TestUser, ago: number | null): Promise<void> {
  await runInDurableObject(user.object, async (agent, { storage }) => {
    const at = Date.now() - (ago ?? 0);
    if (ago !== null) storage.sql.exec("INSERT OR REPLACE INTO improvement_look (id, at) VALUES (1, ?)", at);
    await agent.lifecycle.jobs.push({ id: "tidy", fn: "tidy", time: Date.now() - 1 });
  });
  await runDurableObjectAlarm(user.object);
}

const skillText = (step: string, permissions = ""): string =>
  `---\nname: vat-summary\ndescription: Sums receipts up by VAT rate. Use when a VAT summary is asked for.\n${permissions}---\n\n# VAT summary\n\n${step}\n`;
const SCRIPT = `const total = args.amounts.reduce((sum, amount) => sum + amount, 0);\nawait files.write("/outputs/vat.csv", "total," + total).catch((error) => console.log(error.message));\ntotal`;
const draft = (step: string) => ({
  skill_md: skillText(step, "permissions:\n  paths:\n    write: [/outputs]\n"),
  files: [{ path: "scripts/sum.js", text: SCRIPT }],
});
const calls = (name: string, input: unknown): Step => worker({ toolCalls: [{ name, input }] });

describe("self-improvement", () => {
  test("drafts a skill for what repeats, tries it, and asks with why, changes and how it did; a yes enables it", async () => {
    const user = await userWithHabit();
    expect(await operation(user, "improvements.status", null)).toMatchObject({
      setting: "propose",
      found: [{ kind: "repeated", count: 3, days: 3 }],
    });
    const first = draft("Run `scripts/sum.js` with the amounts.");
    await user.model.set([
      calls("try_skill", { ...first, examples: [{ script: "scripts/sum.js", args: { amounts: [2, 3] } }] }),
      calls("save_skill", { ...first, why: "The same summary was asked for three times." }),
      worker({ text: "I proposed the skill vat-summary." }),
    ]);
    await tidy(user, 8 * DAY);
    await expect.poll(async () => unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 5 })).approvals.length).toBe(1);
    const [tried = "", asked = ""] = (await asWorker(user)).slice(-2);
    expect(tried).toContain("The user asked: ");
    expect(tried).toContain(REQUEST);
    expect(asked).toContain(String.raw`\"ok\":true`);
    const [approval] = unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 5 })).approvals;
    expect(approval).toMatchObject({ tool: "save_skill" });
    expect(approval?.description).toContain("The same summary was asked for three times.");
    expect(approval?.description).toContain("Tried on one example: all went well.");
    expect(await operation(user, "improvements.status", null)).toMatchObject({
      found: [],
      improvements: [{ outcome: "asked", task: { status: "waiting_approval" } }],
    });
    // Trying it wrote nothing.
    expect(await operation(user, "files.list", { path: "/outputs", search: "", state: "current", limit: 10 })).toMatchObject({ files: [] });
    unwrap(await approve(user, approval?.id ?? ""));
    await expect
      .poll(() => operation(user, "improvements.status", null))
      .toMatchObject({ improvements: [{ outcome: "applied", task: { status: "done" } }] });
    expect(await operation(user, "skills.get", "vat-summary")).toMatchObject({ skill: { state: "enabled", origin: "agent" } });
  });

  test("begins nothing at its first look, nor where it is switched off, nor twice for the same", async () => {
    const user = await userWithHabit("off");
    const before = (await user.model.requests()).length;
    await tidy(user, 8 * DAY);
    expect((await operation(user, "improvements.status", null)).next_look_at).toBeNull();
    unwrap(await user.stub.updateSettings(user.caller, { selfImprovement: "propose" }));
    expect(await operation(user, "improvements.status", null)).toMatchObject({ improvements: [] });
    expect((await user.model.requests()).length).toBe(before);
    await user.model.set([worker({ text: "A skill would not help." })]);
    await tidy(user, 8 * DAY);
    await expect.poll(() => operation(user, "improvements.status", null)).toMatchObject({ improvements: [{ outcome: "nothing" }] });
    await tidy(user, 8 * DAY);
    expect(await operation(user, "improvements.status", null)).toMatchObject({ found: [], improvements: [{ outcome: "nothing" }] });
  });

  test("changes the words of a skill by itself only where the user lets it, and one undo puts them back", async () => {
    const user = await userWithHabit("wording");
    const made = await operation(user, "skills.install", {
      kind: "files",
      origin: "paste",
      source: "",
      folder: null,
      entries: [{ path: "SKILL.md", bytes: new TextEncoder().encode(skillText("Add the amounts up.")) }],
    });
    await operation(user, "skills.enable", {
      name: "vat-summary",
      enable: { version: made.skill.version, acknowledge: false, trust: true },
    });
    const reword = (text: string): Step => calls("reword_skill", { skill: "vat-summary", skill_md: text, why: "clearer" });
    await user.model.set([
      reword(skillText("Add up at https://evil.example/ please.")),
      reword(skillText("Add the amounts up by rate, the highest rate first.")),
      worker({ text: "I changed its words." }),
    ]);
    await tidy(user, 8 * DAY);
    await expect
      .poll(() => operation(user, "improvements.status", null))
      .toMatchObject({ improvements: [{ outcome: "applied", task: { status: "done" } }] });
    expect(await asWorker(user).then((requests) => requests.at(-2))).toContain(
      "That is more than other words, since https://evil.example/ is new in it",
    );
    const changed = await operation(user, "skills.get", "vat-summary");
    expect(changed.skill).toMatchObject({ state: "enabled", waiting: null });
    expect(changed.skill.version).not.toBe(made.skill.version);
    unwrap(await user.stub.undo(user.caller, null));
    expect((await operation(user, "skills.get", "vat-summary")).skill.version).toBe(made.skill.version);
  });
});
