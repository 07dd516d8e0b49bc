import { expect, test } from "vitest";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { objectStorage } from "../support/object-storage.ts";

const DAY = 24 * 3_600_000;

function outboxOf(...ids: string[]): OutboxStore {
  const outbox = new OutboxStore(objectStorage().sql);
  for (const id of ids) outbox.insert({ id, turnId: null, messageId: id, target: { channel: "web" }, state: "pending", createdAt: 0 });
  return outbox;
}

test("OutboxStore.again() makes what was told due anew, and leaves alone what is being sent, which would be sent twice", () => {
  const outbox = outboxOf("told", "sending");
  outbox.finish("told", "told", null);
  outbox.startAttempt("sending");
  for (const id of ["told", "sending"]) outbox.again(id, 5);
  expect(outbox.waiting().map(({ id, nextAt, attempt }) => [id, nextAt, attempt])).toEqual([["told", 5, 0]]);
  expect(outbox.get("sending")?.state).toBe("sending");
});

test("OutboxStore.prune() forgets what ended a week ago, and nothing that still waits", () => {
  const outbox = outboxOf("told", "refused", "waits", "sending");
  outbox.finish("told", "told", null);
  outbox.finish("refused", "refused", "blocked");
  outbox.startAttempt("sending");
  outbox.prune(7 * DAY);
  expect(outbox.get("told")).not.toBeNull();
  outbox.prune(7 * DAY + 1);
  expect(["told", "refused", "waits", "sending"].filter((id) => outbox.get(id) !== null)).toEqual(["waits", "sending"]);
});
