import { describe, expect, test } from "vitest";
import type { ReplyTarget } from "../../src/channels/message.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { ImprovementStore } from "../../src/db/object/improvements.ts";
import type { Finding } from "../../src/self-improvement/finding.ts";
import { MailEventStore } from "../../src/db/object/mail-events.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { rewriteQuotes } from "../../src/db/object/quoting-tables.ts";
import { Redaction } from "../../src/memory/redaction.ts";
import { StepStore } from "../../src/db/object/steps.ts";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { bytes, filesHome } from "../support/files-home.ts";
import { objectStorage } from "../support/object-storage.ts";

const forgotten = new Redaction([{ text: "The address of Eve is eve@example.org", quote: "Eve has moved to the blue house" }]);

describe("rewriteQuotes() takes what is forgotten", () => {
  test("out of whatever a mail that came holds, and leaves it readable", () => {
    const { sql } = objectStorage();
    const store = new MailEventStore(sql);
    const mail = {
      id: "one",
      at: 1,
      to: "ana@margay.example.com",
      tag: "eve@example.org",
      from: "eve@example.org",
      from_name: "eve@example.org",
      authenticated: true,
      results: { dmarc: "pass", dkim: null, spf: null },
      reason: "its sender is not linked to this account",
      automatic: false,
      subject: "From eve@example.org",
      text: "I am eve@example.org.",
      attachments: ["eve@example.org.txt"],
    };
    store.add(mail);
    store.add({ ...mail, id: "two", from: null, tag: null });
    rewriteQuotes(sql, forgotten);
    expect(JSON.stringify(sql.exec("SELECT * FROM mail_event").toArray())).not.toContain("eve@");
    expect(store.list(10)).toEqual([
      expect.objectContaining({ id: "one", from: "[forgotten]", to: mail.to, results: mail.results, reason: mail.reason }),
      expect.objectContaining({ id: "two", from: null, tag: null }),
    ]);
  });

  test("out of files and calls of years, a few rows at a time: all of them are more than an object can hold", async () => {
    const { storage, workspace } = filesHome();
    const { sql } = storage;
    for (let n = 0; n < 45; n++)
      await workspace.write(`/outputs/${n}.md`, bytes(`${n}: eve@example.org`), { author: "agent", untrusted: null, key: `call ${n}` });
    const steps = new StepStore(sql);
    for (let n = 0; n < 45; n++) steps.put(`turn ${n % 3}`, `step ${n}`, JSON.stringify({ text: "eve@example.org" }));
    let most = 0;
    const watched = onlyThis<SqlStorage>("SqlStorage", {
      exec<T extends Record<string, SqlStorageValue>>(query: string, ...values: unknown[]) {
        const cursor = sql.exec<T>(query, ...values);
        return onlyThis<SqlStorageCursor<T>>("SqlStorageCursor", {
          toArray() {
            const rows = cursor.toArray();
            most = Math.max(most, rows.length);
            return rows;
          },
        });
      },
    });
    expect(rewriteQuotes(watched, forgotten)).toBe(90);
    expect(most).toBeLessThanOrEqual(20);
    expect(JSON.stringify(sql.exec("SELECT text FROM file_version UNION ALL SELECT result FROM step").toArray())).not.toContain("eve@");
    expect(rewriteQuotes(watched, forgotten)).toBe(0);
  });

  test("with every finding and trial that quotes it, by its words or by their stems, and leaves the others", () => {
    const { sql } = objectStorage();
    const store = new ImprovementStore(sql);
    const finding: Finding = {
      kind: "repeated",
      terms: ["timesheet"],
      title: "Make the timesheet",
      skill: null,
      count: 3,
      days: 3,
      calls: 2,
      ms: 1,
      micro_usd: 1,
      turn_ids: [],
    };
    store.add({ id: "said", finding: { ...finding, terms: [], title: '"Write to eve@example.org" and the like' }, taskId: "t1", at: 1 });
    store.add({
      id: "stems",
      finding: { ...finding, terms: ["blue", "house", "eve", "move", "letter"], title: "Write the letter" },
      taskId: "t2",
      at: 1,
    });
    store.add({ id: "other", finding: { ...finding, terms: ["timesheet"] }, taskId: "t3", at: 1 });
    const run = { script: "scripts/go.js", ok: true, text: '"eve@example.org"', files: [], ms: 1 };
    store.putTrial("a", { version: "a", problems: [], runs: [run] }, 1);
    store.putTrial("b", { version: "b", problems: [], runs: [{ ...run, text: "1" }] }, 1);
    const moved = new Redaction([
      { text: "The address of Eve is eve@example.org", quote: null },
      { text: "Eve has moved to the blue house", quote: null },
    ]);
    expect(rewriteQuotes(sql, moved)).toBe(3);
    expect(store.all().map(({ id }) => id)).toEqual(["other"]);
    expect([store.trial("a"), store.trial("b")?.version]).toEqual([null, "b"]);
  });

  test("out of the subject of the mail that is answered, and leaves where the answer goes", () => {
    const { sql } = objectStorage();
    const target = {
      channel: "email",
      from: "ana@margay.example.com",
      to: "eve@example.org",
      subject: "Eve has moved to the blue house",
      inReplyTo: "<eve@example.org>",
      references: ["<eve@example.org>"],
    } satisfies ReplyTarget;
    const inbox = new InboxStore(sql);
    const row = { route: "email", bodyHash: "h", coalesceKey: null, tier: null, state: "queued", turnId: null, taskId: null } as const;
    inbox.insert({ ...row, id: "m1", key: "k1", replyTo: target, holdUntil: null, receivedAt: 1 });
    inbox.insert({ ...row, id: "m2", key: "k2", replyTo: { channel: "web" }, holdUntil: null, receivedAt: 1 });
    new OutboxStore(sql).insert({ id: "o1", turnId: "t1", messageId: null, target, state: "pending", createdAt: 1 });
    rewriteQuotes(sql, forgotten);
    const left = { ...target, subject: "[forgotten]" };
    expect(inbox.get("m1")?.replyTo).toEqual(left);
    expect(inbox.get("m2")?.replyTo).toEqual({ channel: "web" });
    expect(JSON.parse(String(sql.exec("SELECT target FROM outbox").one()["target"]))).toEqual(left);
    expect(rewriteQuotes(sql, forgotten)).toBe(0);
  });
});
