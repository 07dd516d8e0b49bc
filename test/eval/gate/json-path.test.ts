import { describe, expect, test } from "vitest";
import { valuesAt } from "../../../scripts/eval/gate/json-path.ts";

const INPUT = {
  to: ["a@example.com", "b@example.com"],
  url: "https://example.com",
  message: { recipients: [{ email: "c@example.com", name: "C" }, { email: "d@example.com" }], "odd.key": "e" },
  "flat.key": "f",
  nothing: null,
};

describe("valuesAt()", () => {
  test.each<[string, unknown[]]>([
    ["to", [INPUT.to]],
    ["$.to", [INPUT.to]],
    ["$", [INPUT]],
    ["to[*]", INPUT.to],
    ["to[]", INPUT.to],
    ["$.to.*", INPUT.to],
    ["to[0]", ["a@example.com"]],
    ["$.to[-1]", ["b@example.com"]],
    ["to.1", ["b@example.com"]],
    ["/to/0", ["a@example.com"]],
    ["#/message/recipients/1/email", ["d@example.com"]],
    ["$['url']", ["https://example.com"]],
    ['$["message"]["odd.key"]', ["e"]],
    ["$['url','flat.key']", ["https://example.com", "f"]],
    ["flat.key", ["f"]],
    ["$.message.recipients[*].email", ["c@example.com", "d@example.com"]],
    ["message.recipients[].email", ["c@example.com", "d@example.com"]],
    ["message.recipients.email", ["c@example.com", "d@example.com"]],
    ["$..email", ["c@example.com", "d@example.com"]],
    ["$.message.recipients[?(@.name=='C')].email", ["c@example.com", "d@example.com"]],
    ["arguments.url", ["https://example.com"]],
    ["$.input.to[1]", ["b@example.com"]],
    ["missing", []],
    ["nothing", []],
    ["to[7]", []],
    ["url[*]", ["https://example.com"]],
    ["url[0].host", ["https://example.com"]],
    ["to[*].email", ["a@example.com", "b@example.com"]],
    ["$..recipients[*].email", ["c@example.com", "d@example.com"]],
    ["", [INPUT]],
  ])("finds %s", (path, expected) => expect(valuesAt(path, INPUT)).toEqual(expected));

  test("finds nothing of what an object inherits, and takes any input", () => {
    expect(valuesAt("constructor", {})).toEqual([]);
    expect(valuesAt("$..to", "text")).toEqual([]);
    expect(valuesAt("$..to", null)).toEqual([]);
  });
});
