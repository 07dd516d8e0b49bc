import { expect, test } from "vitest";
import { ApprovalStore, approvalProfileSchema } from "../../src/db/object/approvals.ts";
import { objectStorage } from "../support/object-storage.ts";

test("approvalProfileSchema holds what waits already to what its task may do", () => {
  const { sql } = objectStorage();
  const approvals = new ApprovalStore(sql);
  const asks = (id: string, turnId: string): void =>
    approvals.insert({
      id,
      callId: `${turnId}:0.0`,
      turnId,
      taskId: null,
      conversationId: null,
      channel: "web",
      replyTo: { channel: "web" },
      tool: "web_fetch",
      version: "1",
      effect: "external",
      input: "{}",
      inputHash: "h",
      destinations: [],
      description: "Read it",
      reason: "",
      suspicious: false,
      tainted: false,
      unattended: true,
      profile: null,
      saidAt: 1,
      createdAt: 1,
      expiresAt: 2,
    });
  for (const [id, turnId] of [
    ["of a task", "k"],
    ["of a conversation", "t"],
  ] as const)
    asks(id, turnId);
  const columns = sql.exec("SELECT name FROM pragma_table_info('task') WHERE \"notnull\" = 1 AND dflt_value IS NULL AND pk = 0").toArray();
  const names = [...new Set(["id", "plan", ...columns.map(({ name }) => String(name))])];
  const values = names.map((name) => (name === "id" ? "k" : name === "plan" ? '{"capabilities":["net.fetch:shop.example"]}' : 1));
  sql.exec(`INSERT INTO task (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`, ...values);
  sql.exec(approvalProfileSchema[1] ?? "");
  expect(approvals.pending().map(({ profile }) => profile)).toEqual([["net.fetch:shop.example"], null]);
});
