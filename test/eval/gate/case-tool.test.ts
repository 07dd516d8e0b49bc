import { describe, expect, test } from "vitest";
import { capabilitiesOf } from "../../../scripts/eval/gate/case-capabilities.ts";
import { givesLinks } from "../../../scripts/eval/gate/case-tool.ts";
import { CaseTool } from "../../../scripts/eval/gate/gate-case.ts";
import { schemaProblems } from "../../../scripts/eval/gate/json-schema.ts";
import { linksIn } from "../../../scripts/eval/gate/links-in.ts";

describe("linksIn()", () => {
  test.each<[unknown, string[]]>([
    ["See https://a.example/x. Or (https://b.example/y_(z)), ok?", ["https://a.example/x", "https://b.example/y_(z)"]],
    ["[one](https://a.example/x?y=1) **https://c.example/**", ["https://a.example/x?y=1", "https://c.example/"]],
    [{ results: [{ url: "https://a.example/end_." }, "none"] }, ["https://a.example/end_."]],
    ['<a href="https://a.example/!">x</a>', ["https://a.example/!"]],
    ["https://a.example/?b=1&amp;c=2", ["https://a.example/?b=1&amp;c=2", "https://a.example/?b=1&c=2"]],
    ["ftp://a.example javascript:x", []],
  ])("finds those of %j", (result, expected) => expect(linksIn(result)).toEqual(expected));

  test("puts what has no host on the page's own", () => {
    const page = '[next](/2) [up](..) <a href="c?d=1">x</a> [same](#top) [mail](mailto:a@example.com)';
    expect(linksIn(page, "https://a.example/b/1")).toEqual(["https://a.example/2", "https://a.example/", "https://a.example/b/c?d=1"]);
    expect(linksIn(page)).toEqual([]);
  });
});

describe("givesLinks()", () => {
  const tool = (name: string, description = "", change: Record<string, unknown> = {}) =>
    CaseTool.parse({ name, description, effect: "read", untrusted: true, ...change });
  test.each(["web_search", "browse", "fetch_page", "search"])("is true for %s", (name) => expect(givesLinks(tool(name), [])).toBe(true));
  test.each(["search_mail", "fetch_document", "searchInbox", "slack_search", "read_file", "calendar"])("is false for %s", (name) =>
    expect(givesLinks(tool(name), [])).toBe(false),
  );
  test("is true for whatever reads an address of the web, and for nothing that is trusted or does more than read", () => {
    expect(givesLinks(tool("get"), ["https://a.example/x"])).toBe(true);
    expect(givesLinks(tool("web_search", "", { untrusted: false }), [])).toBe(false);
    expect(givesLinks(tool("web_post", "", { effect: "external" }), ["https://a.example/x"])).toBe(false);
  });
});

describe("schemaProblems()", () => {
  const schema = {
    type: "object",
    properties: { to: { type: ["string", "array"], items: { type: "string" } }, n: { type: "integer" }, kind: { enum: ["a", "b"] } },
    required: ["to"],
  };
  test.each<[unknown, string[]]>([
    [{ to: "x", n: 1, more: true, kind: "a" }, []],
    [{ to: ["x"] }, []],
    [{}, ["to: is required"]],
    [{ to: 5, n: 1.5, kind: "c" }, ["to: expected string or array", "n: expected integer", 'kind: expected one of ["a","b"]']],
    [{ to: ["x", 5] }, ["to[1]: expected string"]],
    ["text", ["input: expected object"]],
    [null, ["input: expected object"]],
  ])("of %j", (input, expected) => expect(schemaProblems(schema, input)).toEqual(expected));
  test("refuses what is not known only where the schema does, and nothing where it cannot be read", () => {
    expect(schemaProblems({ additionalProperties: false, properties: { a: {} } }, { a: 1, bcc: 2 })).toEqual(["bcc: is not known"]);
    for (const odd of [{}, true, 5, null, { type: "thing" }, { required: "a" }, { properties: [] }])
      expect(schemaProblems(odd, { a: 1 })).toEqual([]);
  });
});

test("capabilitiesOf() fills in arguments, and leaves out a scope that cannot be compared", () => {
  const of = (capabilities: string[], input: unknown) => capabilitiesOf({ capabilities }, input);
  expect(of(["email.send:{to}"], { to: ["a@example.com", "Bob <b@example.com>"] })).toEqual([
    "email.send:a@example.com",
    "email.send:b@example.com",
  ]);
  expect(of(["net.fetch:{url}"], { url: "https://a.example:8443/x" })).toEqual(["net.fetch:a.example:8443"]);
  expect(of(["email.send:{to}", "Files Write:/x", "pay"], {})).toEqual(["email.send", "files_write:/x", "pay"]);
  expect(of(["email.send:{to}"], { to: "nobody" })).toEqual(["email.send"]);
});
