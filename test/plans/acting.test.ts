import { expect, test } from "vitest";
import { delivery, listenerHome, pr } from "../support/listener-home.ts";
import { scheduleHome } from "../support/schedule-in-node.ts";

const PLAYBOOK = { kind: "playbook" as const, playbook: "weekly-review", variables: { focus: "work" } };

test("a schedule runs a playbook when it is due, as the user's where the user made it, and refuses one that is not there", async () => {
  const home = scheduleHome();
  const made = home.add("0 9 * * *", { action: PLAYBOOK });
  home.add("0 9 * * *", { action: PLAYBOOK, author: "agent" });
  expect(() => home.add("0 9 * * *", { action: { ...PLAYBOOK, playbook: "gone" } })).toThrow("no playbook called gone");
  await home.wake("2026-11-27T09:00:00");
  expect(home.plans).toMatchObject([
    { name: "weekly-review", variables: { focus: "work" }, data: {}, origin: "schedule", replyTo: { channel: "web" } },
    { name: "weekly-review" },
  ]);
  expect(new Set(home.plans.map(({ key }) => key)).size).toBe(2);
  // Read back from its row, it is what it was.
  expect(home.schedules.get(made.id)).toMatchObject({ action: PLAYBOOK, runs: 1, last_outcome: "started" });
  home.schedules.update(made.id, { action: { kind: "profile", profile: "research", input: "Look" } }, { author: "user", channel: "web" });
  expect(home.schedules.get(made.id).action).toEqual({ kind: "profile", profile: "research", input: "Look" });
});

test("a schedule that the agent made where content from outside was read does not run its playbook until the user says so", async () => {
  const home = scheduleHome();
  const held = home.add("0 9 * * *", { action: PLAYBOOK, author: "agent", tainted: true });
  expect(held.status).toBe("paused");
  await home.wake("2026-11-27T09:00:00");
  expect(home.plans).toEqual([]);
});

test("a listener runs a playbook with the event as data that is marked, and never as a word", async () => {
  const home = listenerHome();
  const action = { kind: "playbook", playbook: "whats-new", variables: {} };
  await expect(home.add({ source: { kind: "hook", scheme: { name: "github" } }, action: { ...action, playbook: "gone" } })).rejects.toThrow(
    "no playbook called gone",
  );
  const { id } = await home.add({ source: { kind: "hook", scheme: { name: "github" } }, action, title: "PRs" });
  await home.events.receive(delivery(home, id, pr(7)));
  await home.later(60_000);
  await home.later(3_600_000);
  expect(home.plans).toMatchObject([
    {
      name: "whats-new",
      origin: "event",
      data: { event: { origin: "GitHub hook “PRs”", text: expect.stringContaining("PR 7"), tainted: true } },
    },
  ]);
  expect(home.log(id).map(({ outcome }) => outcome)).toEqual(["fired"]);
});
