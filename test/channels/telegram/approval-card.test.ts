import { expect, test } from "vitest";
import { approvalCard } from "../../../src/channels/telegram/approval-card.ts";
import { approval } from "../../web/fixtures.ts";

const MORE = "There is more to it than this line says: press Details first.";

test.each([
  ["all of a short command", "Run ls -la", { command: "ls\n-la", timeout_s: 60 }, false],
  ["the beginning of a long one", "Run echo aaa…", { command: `echo ${"a".repeat(300)}; rm -rf outputs` }, true],
  ["that something is forgotten, and not what", "Forget something, for good", { what: "my sister" }, true],
  ["nothing of what is in a list", "Do it", { all: [{ to: "ana@example.com" }] }, true],
] as const)("approvalCard() of a line that says %s tells whether there is more", (_what, description, input, more) => {
  const [card] = approvalCard(approval({ description, arguments: JSON.stringify(input) }));
  expect(card?.text.includes(MORE)).toBe(more);
});
