import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers } from "../../src/permission/capability.ts";

const pairs = (rows: [granted: string, needed: string][], expected: boolean) =>
  test.each(rows)(`${expected ? "takes" : "refuses"} %s for %s`, (granted, needed) => expect(covers(granted, needed)).toBe(expected));

describe("covers()", () => {
  pairs(
    [
      ["todos.read", "todos.read"],
      ["net.fetch:*", "net.fetch:api.github.com"],
      ["net.fetch:api.github.com", "net.fetch:API.GitHub.com."],
      ["net.fetch:API.GITHUB.COM", "net.fetch:api.github.com:443"],
      ["net.fetch:*.example.com", "net.fetch:a.b.example.com"],
      ["net.fetch:bücher.example", "net.fetch:xn--bcher-kva.example"],
      ["net.fetch:example.com:8443", "net.fetch:example.com:8443"],
      ["net.fetch:127.0.0.1", "net.fetch:0x7f.1"],
      ["net.fetch:[2001:db8::1]", "net.fetch:[2001:0DB8:0:0::1]"],
      ["email.send:ana@example.com", "email.send:Ana@EXAMPLE.com"],
      ["email.send:ana@example.com", "email.send:Ana Berg <ana@example.com>"],
      ["email.send:ana@example.com", 'email.send:"Berg, Ana" <ana@example.com>'],
      ["email.send:@example.com", "email.send:bob@example.com"],
      ["email.send:*", "email.send:bob@example.org"],
      ["files.write:/notes", "files.write:/notes"],
      ["files.write:/notes", "files.write:/notes/a/b.txt"],
      ["files.write:/notes/", "files.write:notes/%61.txt"],
      ["files.write:/notes", "files.write:/notes/x/../y"],
      ["files.read:/", "files.read:/any"],
      ["files.read", "files.read"],
      ["files.read", "files.read:/any"],
      ["files.write", "files.write:/notes/50%ab.txt"],
      ["mcp.call:github/list", "mcp.call:github/list"],
    ],
    true,
  );
  pairs(
    [
      ["todos.read", "todos.write"],
      ["todos", "todos.read"],
      ["todos.*", "todos.read"],
      ["net.fetch", "net.fetch:example.com"],
      ["net.fetch:example.com", "net.fetch"],
      ["net.fetch:example.com", "net.fetch:evil-example.com"],
      ["net.fetch:example.com", "net.fetch:example.com.evil.org"],
      ["net.fetch:example.com", "net.fetch:a.example.com"],
      ["net.fetch:*.example.com", "net.fetch:example.com"],
      ["net.fetch:*.example.com", "net.fetch:evilexample.com"],
      ["net.fetch:*.0.0.1", "net.fetch:127.0.0.1"],
      ["net.fetch:example.com", "net.fetch:example.com:8443"],
      ["net.fetch:*", "net.fetch:example.com:22"],
      ["net.fetch:*.", "net.fetch:example.com"],
      ["net.fetch:example.com", "net.fetch:example.com/@evil.org"],
      ["net.fetch:example.com", "net.fetch:user@example.com"],
      ["net.fetch:example.com", "net.fetch:example.com#.evil.org"],
      ["net.fetch:paypal.com", "net.fetch:pаypal.com"],
      ["email.send:ana@example.com", "email.send:ana@example.com.evil.org"],
      ["email.send:ana@example.com", "email.send:ana@example.com, eve@evil.org"],
      ["email.send:ana@example.com", "email.send:ana@example.com <eve@evil.org>"],
      ["email.send:ana@example.com", "email.send:eve@evil.org, Ana <ana@example.com>"],
      ["email.send:ana@example.com", "email.send:<eve@evil.org> <ana@example.com>"],
      ["email.send:ana@example.com", "email.send:eve@evil.org\nAna <ana@example.com>"],
      ["email.send:*", "email.send:eve@evil.org; Ana <ana@example.com>"],
      ["email.send:@example.com", "email.send:eve@a.example.com"],
      ["email.send:@example.com", "email.send:eve@evil.org"],
      ["email.send:@", "email.send:eve@evil.org"],
      ["email.send:*", "email.send:nobody"],
      ["files.write:/notes", "files.write:/notesx"],
      ["files.write:/notes", "files.write:/notes/../secrets"],
      ["files.write:/notes", "files.write:/notes/%2e%2e/secrets"],
      ["files.write:/notes", "files.write:/notes/%252e%252e/secrets"],
      ["files.write:/notes", "files.write:/notes\\..\\secrets"],
      ["files.write:/notes", "files.write:../../etc/passwd"],
      ["files.write:/notes", "files.write:/notes/\u0000"],
      ["files.write:/notes", "files.read:/notes/a"],
      ["files.read:/", "files.read"],
      ["files.read:/notes", "files.read:/"],
      ["files.read", "files.write:/notes"],
      ["constructor:x", "constructor:y"],
    ],
    false,
  );

  test("never throws, and what cannot be read covers nothing", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((scope) => `net.fetch:${scope}`),
      fc.string().map((scope) => `files.write:${scope}`),
    );
    fc.assert(
      fc.property(text, text, (granted, needed) => {
        expect(typeof covers(granted, needed)).toBe("boolean");
        expect(covers(granted, "")).toBe(false);
        expect(covers("", needed)).toBe(false);
      }),
    );
  });

  test("keeps every path inside the granted folder, however it is written", () => {
    const segment = fc.constantFrom("..", ".", "a", "notes", "%2e%2e", "%252e", "..%2f", "\\", "", "%5c..", "．．");
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
        const path = `/${segments.join("/")}`;
        if (!covers("files.write:/notes", `files.write:${path}`)) return;
        // Read the way a careless program would, it must still be inside.
        const careless = posix.normalize(decodeURIComponent(decodeURIComponent(path)).replaceAll("\\", "/"));
        expect(careless).toMatch(/^\/notes(\/|$)/);
      }),
    );
  });
});
