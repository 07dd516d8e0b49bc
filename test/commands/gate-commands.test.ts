import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/audit/entry.ts";
import type { ApprovalAnswer } from "../../src/channels/approval-view.ts";
import type { CommandPorts } from "../../src/commands/command.ts";
import { parseCommand, runCommand } from "../../src/commands/registry.ts";
import { MargayError } from "../../src/errors.ts";
import { approvalView, fakeContext, NOTHING_HELD } from "./fake-context.ts";

async function run(text: string, ports: Partial<CommandPorts>): Promise<string> {
  const command = parseCommand(text);
  if (!command) throw new Error(`not a command: ${text}`);
  return runCommand(command, fakeContext(ports).context);
}

/** Approvals that write down how they were answered. */
function asked(...waiting: ReturnType<typeof approvalView>[]) {
  const answers: [id: string, answer: ApprovalAnswer, note: string][] = [];
  const ports: Partial<CommandPorts> = {
    approvals: {
      waiting: () => waiting,
      numbered: (number) => waiting.find((one) => one.number === number) ?? null,
      answer(id, answer, note) {
        answers.push([id, answer, note]);
        return waiting.find((one) => one.id === id) ?? approvalView();
      },
    },
  };
  return { ports, answers };
}

describe("/approve and /deny", () => {
  test("answer the only one that waits, once where nothing else is said", async () => {
    const { ports, answers } = asked(approvalView());
    expect(await run("/approve", ports)).toBe("Approved, this once: `Mail bob@example.com`");
    expect(await run("/deny not to Bob, please", ports)).toBe("Denied: `Mail bob@example.com`");
    expect(answers).toEqual([
      ["a1", "once", ""],
      ["a1", "deny", "not to Bob, please"],
    ]);
  });

  test("let nothing happen by mail, while a no is taken", async () => {
    const { ports, answers } = asked(approvalView());
    const { context } = fakeContext(ports);
    expect(await runCommand({ name: "approve", args: "7 always" }, { ...context, channel: "email" })).toMatch(/not which person/);
    expect(answers).toEqual([]);
    expect(await runCommand({ name: "deny", args: "7" }, { ...context, channel: "email" })).toContain("Denied");
  });

  test("never guess between several", async () => {
    const { ports, answers } = asked(approvalView(), approvalView({ id: "a2", number: 8, description: "Pay 900 EUR" }));
    expect(await run("/approve", ports)).toBe("Which one? **7** `Mail bob@example.com`, **8** `Pay 900 EUR`");
    expect(await run("/approve always", ports)).toContain("Which one?");
    expect(await run("/approve 99", ports)).toContain("There is no approval 99.");
    expect(answers).toEqual([]);
    expect(await run("/approve 8 always", ports)).toContain("and from now on");
    expect(await run("/approve #7 task", ports)).toContain("for this task");
    expect(await run("/deny 8 never pay them", ports)).toContain("Denied");
    expect(answers).toEqual([
      ["a2", "always", ""],
      ["a1", "task", ""],
      ["a2", "deny", "never pay them"],
    ]);
  });

  test("say for what it counts, and offer no more than there is", async () => {
    const { ports } = asked(approvalView({ always: null, scope: "once" }));
    expect(await run("/approve 7 always", ports)).toContain("Approved, this once");
    const whole = await run("/approvals 7", ports);
    expect(whole).toContain("`/approve 7` or `/deny 7 [why]`");
    expect(whole).not.toMatch(/always/i);
  });

  test("take words after the scope as a note, and a word that only begins like a scope too", async () => {
    const { ports, answers } = asked(approvalView());
    await run("/approve 7 once: but be brief", ports);
    await run("/approve 7 tasks are fine", ports);
    // Nobody meant "always" here.
    await run("/approve 7 always ask me first", ports);
    await run("/approve 7 task force is fine", ports);
    expect(answers).toEqual([
      ["a1", "once", "but be brief"],
      ["a1", "once", "tasks are fine"],
      ["a1", "once", "always ask me first"],
      ["a1", "once", "task force is fine"],
    ]);
  });

  test("say that nothing waits, or that it was settled", async () => {
    expect(await run("/approve", {})).toBe("Nothing waits for you.");
    expect(await run("/deny", {})).toBe("Nothing waits for you.");
    const settled: Partial<CommandPorts> = {
      approvals: {
        waiting: () => [],
        numbered: () => approvalView({ state: "denied" }),
        answer() {
          throw new MargayError("conflict", "This was settled already: the answer was no.");
        },
      },
    };
    await expect(run("/approve 7", settled)).rejects.toThrow("This was settled already");
  });
});

describe("/approvals", () => {
  test("lists what waits with its numbers", async () => {
    const { ports } = asked(approvalView({ warning: "Careful." }));
    expect(await run("/approvals", ports)).toBe(
      "- **7**: `Mail bob@example.com`, for another 24 hours. ⚠️ Careful.\n\n`/approve 7`, `/deny 7`, or `/approvals 7` for all of it.",
    );
    expect(await run("/approvals", {})).toBe("Nothing waits for you.");
  });

  test("shows one whole: every argument, where it goes, what always would cover", async () => {
    const long = "x".repeat(5_000);
    const { ports } = asked(
      approvalView({
        arguments: `{ "body": "${long}\n\`\`\` not the end" }`,
        destinations: [{ text: "bob@examp1e.com", yours: false, notes: ["It looks like bob@example.com."] }],
      }),
    );
    const text = await run("/approvals 7", ports);
    expect(text).toContain(long);
    // Nothing in it ends its block.
    expect(text.match(/^````/gm)).toHaveLength(2);
    expect(text).toContain("`bob@examp1e.com` (not your word)\n  ⚠️ It looks like bob@example.com.");
    expect(text).toContain("“Always” would cover: `send_mail to bob@example.com`");
    expect(await run("/approvals 8", ports)).toBe("There is no approval 8.");
  });
});

describe("/grants", () => {
  const held = (revoked: string[] = []): Partial<CommandPorts> => ({
    grants: {
      active: () => [
        { id: "new", label: "post to #general", uses: 0, forTask: true },
        { id: "old", label: "send_mail to bob@example.com", uses: 3, forTask: false },
      ],
      revoke: (id) => void revoked.push(id),
    },
  });

  test("lists, searches and takes back, by numbers that stay", async () => {
    const revoked: string[] = [];
    expect(await run("/grants", held())).toContain("- **2**: `post to #general` (for one task), used 0 times");
    expect(await run("/grants mail", held())).toContain("- **1**: `send_mail to bob@example.com`, used 3 times");
    expect(await run("/grants fax", held())).toContain("No permission has `fax` in it");
    expect(await run("/grants revoke 1", held(revoked))).toContain("Taken back: `send_mail to bob@example.com`");
    expect(await run("/grants revoke 3", held(revoked))).toContain("There is no permission 3");
    expect(revoked).toEqual(["old"]);
  });
});

describe("/undo", () => {
  test("takes back the last change, or one of the list", async () => {
    const undone: (string | null)[] = [];
    const ports: Partial<CommandPorts> = {
      undo: {
        list: () => [
          { id: "c2", summary: "Deleted “Eggs”", at: Date.parse("2026-11-18T09:00:00Z") },
          { id: "c1", summary: "Added “Milk”", at: Date.parse("2026-11-18T08:00:00Z") },
        ],
        async undo(id) {
          undone.push(id);
          return { summary: "Added “Milk”", result: "Took back “Milk”" };
        },
      },
    };
    expect(await run("/undo list", ports)).toContain("2. `Added “Milk”` (18 Nov, 09:00)");
    expect(await run("/undo", ports)).toBe("Taken back: `Added “Milk”`. Took back “Milk”.");
    await run("/undo 2", ports);
    expect(await run("/undo 9", ports)).toContain("Which one?");
    expect(await run("/undo everything", ports)).toContain("Which one?");
    expect(undone).toEqual(["c2", "c1"]);
    expect(await run("/undo", {})).toBe("There is nothing to take back.");
  });
});

describe("/activity", () => {
  test("asks the trail for what was sent this week", async () => {
    const queries: unknown[] = [];
    const entry: AuditEntry = {
      seq: 1,
      at: Date.parse("2026-11-18T08:00:00Z"),
      kind: "result",
      event: "done",
      actor: "agent",
      channel: null,
      turn_id: null,
      subject: null,
      tool: "send_mail",
      effect: "external",
      reason: null,
      basis: null,
      destinations: ["bob@example.com"],
      tainted: false,
      saw: [],
      input_hash: null,
      output_hash: null,
      summary: "Mailed Bob",
      cost_micro_usd: null,
      prev: "",
      hash: "",
    };
    const ports: Partial<CommandPorts> = {
      activity(query) {
        queries.push(query);
        return [entry];
      },
    };
    expect(await run("/activity sent this week", ports)).toContain("- 18 Nov, 09:00, done: `Mailed Bob` → `bob@example.com`");
    const since = Date.parse("2026-11-18T10:15:00+01:00") - 7 * 24 * 3_600_000;
    expect(queries).toEqual([{ kind: "result", effect: "external", event: "done", since, limit: 21 }]);
    expect(await run("/activity sent", {})).toBe("Nothing was sent in that time.");
  });
});

describe("/secrets", () => {
  test("names them and deletes one", async () => {
    const ports: Partial<CommandPorts> = {
      secrets: {
        list: () => [{ name: "github", lastFour: "abcd", usedAt: null, hosts: ["api.github.com"] }],
        delete: () => {},
        ...NOTHING_HELD,
      },
    };
    expect(await run("/secrets", ports)).toContain("- `github` …abcd, never used, for `api.github.com`");
    expect(await run("/secrets delete github", ports)).toBe("Deleted: `github`.");
    expect(await run("/secrets", {})).toContain("No secret is stored.");
    expect(await run("/secrets save 1 github", {})).toContain("The GitHub token is in your vault as `github`.");
    expect(await run("/secrets save 1", {})).toContain("Under which name?");
    expect(await run("/secrets discard 1", {})).toBe("The GitHub token is forgotten.");
    expect(await run("/secrets restore 1", {})).toBe("The GitHub token is back in your message.");
  });
});
