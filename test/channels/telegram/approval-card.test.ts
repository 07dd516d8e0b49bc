import { describe, expect, test } from "vitest";
import { approvalCard, approvalDetails } from "../../../src/channels/telegram/approval-card.ts";
import { formatReply } from "../../../src/channels/telegram/format-reply.ts";
import { approvalView } from "../../commands/fake-context.ts";

const MORE = "There is more to it than this line says: press Details first.";

test.each([
  ["all of a short command", "Run ls -la", { command: "ls -la", timeout_s: 60 }, "Run ls -la"],
  ["the beginning of a long one", "Run echo aaa…", { command: `echo ${"a".repeat(300)}; rm -rf outputs` }, "rm -rf outputs"],
  ["that something is forgotten, and not what", "Forget something, for good", { what: "my sister" }, "what: my sister"],
  ["nothing of what is in a list", "Do it", { all: [{ to: "ana@example.com" }] }, "ana@example.com"],
  ["nothing of a value with marks", "Do it", { as: "a `b`  c" }, "a `b`  c"],
  ["the beginning of one that is too long", "Run echo aaa…", { command: `echo ${"a".repeat(3_000)}; rm -rf outputs` }, MORE],
] as const)("approvalCard() of a line that says %s says the rest below it, or that there is more", (_what, description, input, said) => {
  const text = approvalCard(approvalView({ description, arguments: JSON.stringify(input) }))
    .map((message) => message.text)
    .join("\n");
  expect(text).toContain(said);
  expect(text.includes(MORE)).toBe(said === MORE);
});

describe("approvalCard()", () => {
  const card = (change: Partial<Parameters<typeof approvalView>[0]> = {}) => {
    const messages = approvalCard(approvalView(change));
    return {
      text: messages.map(({ text }) => text).join("\n"),
      buttons: messages
        .at(-1)
        ?.keyboard?.flat()
        .map(({ text }) => text),
    };
  };

  test("offers more than this once only where that means more, and says how to answer with words", () => {
    expect(card().buttons).toEqual(["Once", "For this task", "Always", "Deny", "Details"]);
    expect(card({ always: null }).buttons).toEqual(["Once", "Deny", "Details"]);
    expect(card({ always: null }).text).not.toContain("Always");
    expect(card().text).toContain("/deny 7 because");
  });

  test("says who ended it: a person's no, or what asked was stopped first", () => {
    expect(card({ state: "denied", answered_at: 5 }).text).toContain("Denied:");
    expect(card({ state: "denied", answered_at: null }).text).toContain("Not asked any more:");
  });

  test("holds a program that fits, line by line, and says where a longer one is read; its details have it whole", () => {
    const code = "const a = 1;\nreturn `${a} ``` b`;";
    const asked = (text: string) => ({
      tool: "run_javascript",
      description: "Run 2 lines",
      arguments: JSON.stringify({ code: text, timeout_s: 5 }, null, 2),
    });
    expect(card(asked(code)).text).toContain(`code:\n\n${code}`);
    const long = `${code}\n`.repeat(100);
    expect(card(asked(long)).text).toContain(MORE);
    const details = formatReply(approvalDetails(approvalView(asked(code))));
    expect(details.map(({ text }) => text).join("\n")).toContain(`{\n  "timeout_s": 5\n}\n\ncode:\n\n${code}`);
    expect(details.flatMap(({ entities }) => entities).filter(({ type }) => type === "pre")).toHaveLength(2);
  });

  test("shows what a form would send, value by value, also what its page hides", () => {
    const form = {
      page: "https://shop.example/",
      element: 'button "Buy"',
      fields: [
        { field: "Item", value: "Pen" },
        { field: "price (hidden)", value: "10" },
        { field: "Note", value: "" },
      ],
      sends: [{ method: "POST", to: "https://shop.example/buy", body: "" }],
      asks: [],
      screenshot: "/outputs/screenshots/a.jpg",
    };
    const { text } = card({
      tool: "browser_submit",
      description: "Press …",
      arguments: JSON.stringify({ id: "shop#1", seen: form }, null, 2),
      always: null,
    });
    expect(text).toMatch(
      /^May I\? Press button "Buy" on https:\/\/shop.example\/\n\n• Item: Pen\n• price \(hidden\): 10\n• Note: \(empty\)\n• Sent by: POST https:\/\/shop.example\/buy\n/u,
    );
  });

  test("says a long address once and whole", () => {
    const text = `https://shop.example/search?q=${"x".repeat(300)}`;
    const said = card({
      description: `Read ${text}`,
      destinations: [{ text, yours: false, notes: [] }],
      always: `web_fetch to ${text}`,
    }).text;
    expect(said.split(text)).toHaveLength(2);
    expect(said).toContain("→ that address (not your word)");
    expect(said).toContain("would cover: web_fetch to that address");
  });
});
