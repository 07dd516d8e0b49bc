import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAuthenticationResults } from "../../../src/channels/email/authentication-results.ts";
import { RESULTS } from "./mails.ts";

const plain = (field: string) => {
  const read = readAuthenticationResults(field);
  return (
    read && {
      id: read.authservId,
      results: read.results.map(({ method, result, properties }) => [method, result, Object.fromEntries(properties)]),
    }
  );
};

describe("readAuthenticationResults()", () => {
  test("reads what Cloudflare writes", () => {
    expect(plain(RESULTS)).toEqual({
      id: "mx.cloudflare.net",
      results: [
        ["dkim", "pass", { "header.d": "example.com", "header.s": "20251104", "header.b": "L6CZ3OJ0" }],
        ["dmarc", "pass", { "header.from": "example.com", "policy.dmarc": "none" }],
        ["spf", "none", { "smtp.helo": "mail-yw1-x112d.google.com" }],
        ["spf", "pass", { "smtp.mailfrom": "ana@example.com" }],
        ["arc", "pass", { "smtp.remote-ip": "2607:f8b0:4864:20::112d" }],
      ],
    });
  });

  // RFC 8601, appendix B.
  test.each([
    ["B.2", "example.org 1; none", { id: "example.org", results: [] }],
    [
      "B.3",
      "example.com;\r\n spf=pass smtp.mailfrom=example.net",
      { id: "example.com", results: [["spf", "pass", { "smtp.mailfrom": "example.net" }]] },
    ],
    [
      "B.4",
      "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
      {
        id: "example.com",
        results: [
          ["auth", "pass", { "smtp.auth": "sender@example.net" }],
          ["spf", "pass", { "smtp.mailfrom": "example.net" }],
        ],
      },
    ],
    [
      "B.6",
      'example.com; dkim=pass reason="good signature"\r\n header.i=@mail-router.example.net;\r\n dkim=fail reason="bad signature"\r\n header.i=@newyork.example.com',
      {
        id: "example.com",
        results: [
          ["dkim", "pass", { reason: "good signature", "header.i": "@mail-router.example.net" }],
          ["dkim", "fail", { reason: "bad signature", "header.i": "@newyork.example.com" }],
        ],
      },
    ],
    [
      "B.7, with comments and versions",
      "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462",
      { id: "foo.example.net", results: [["dkim", "fail", { "policy.expired": "1362471462" }]] },
    ],
  ])("reads the example %s of RFC 8601", (_, field, expected) => {
    expect(plain(field)).toEqual(expected);
  });

  test.each([
    ["nothing", ""],
    ["no statement's result", "mx.cloudflare.net; dmarc"],
    ["an open comment", "mx.cloudflare.net; spf=pass (domain of x; dmarc=pass header.from=example.com"],
    ["an open quote", 'mx.cloudflare.net; spf=pass smtp.helo="x; dmarc=pass'],
    ["a second word where a property stands", "mx.cloudflare.net; dmarc=pass header.from=example.com example.org"],
    ["a property twice", "mx.cloudflare.net; dmarc=pass header.from=example.com header.from=example.org"],
    ["another version", "mx.cloudflare.net 2; dmarc=pass"],
    ["something before the first semicolon", "mx.cloudflare.net x; dmarc=pass"],
    ["no white space before a property", 'mx.cloudflare.net; dmarc=pass"x".y=z'],
    ["a control character", "mx.cloudflare.net; dmarc=pass header.from=example.com\u0000"],
    ["a very long field", `mx.cloudflare.net; dmarc=pass header.from=${"a".repeat(20_000)}`],
  ])("refuses %s", (_, field) => {
    expect(readAuthenticationResults(field)).toBeNull();
  });

  test("never throws and never takes long, whatever stands there", () => {
    const piece = fc.constantFrom(
      "dmarc",
      "=",
      "pass",
      ";",
      " ",
      "(",
      ")",
      "\\",
      '"',
      ".",
      "header.from",
      "example.com",
      "\r\n ",
      "1",
      "/",
      "@",
      "mx.cloudflare.net",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        readAuthenticationResults(pieces.join(""));
      }),
      { numRuns: 2_000 },
    );
    readAuthenticationResults("(".repeat(16_000));
    readAuthenticationResults(`x${"; a=b c.d=e".repeat(1_400)}`);
  });
});
