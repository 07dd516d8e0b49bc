import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findKeys, scrubKeys } from "../../src/secrets/key-shapes.ts";
import { scrub } from "../../src/secrets/scrub.ts";

const KEYS: Record<string, string> = {
  "Anthropic key": `sk-ant-api03-${"aB3_-".repeat(12)}`,
  "OpenAI key": `sk-proj-${"aB3".repeat(16)}`,
  "GitHub token": `ghp_${"aB3".repeat(12)}`,
  "GitLab token": `glpat-${"aB3-_".repeat(4)}`,
  "Slack token": `xoxb-${"1234567890-".repeat(2)}abcdef`,
  "Telegram bot token": `123456789:AA${"aB3".repeat(11)}`,
  "AWS access key": "AKIAIOSFODNN7EXAMPLE",
  "Google API key": `AIza${"aB3-_".repeat(7)}`,
  "Stripe key": `sk_live_${"aB3".repeat(8)}`,
  "npm token": `npm_${"aB3".repeat(12)}`,
  "Margay key": `mgy_${"aB".repeat(32)}`,
  "private key": `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXk".repeat(4)}\n-----END OPENSSH PRIVATE KEY-----`,
  "JSON web token": `eyJ${"hbGciOi".repeat(3)}.eyJ${"zdWIiOi".repeat(3)}.${"aB3_-".repeat(6)}`,
};

describe("findKeys()", () => {
  test.each(Object.entries(KEYS))("finds a %s in the middle of a text", (name, value) => {
    const text = `here it is: ${value}, keep it safe`;
    expect(findKeys(text)).toEqual([{ name, value, index: 12 }]);
    expect(scrubKeys(text)).toBe(`here it is: [${name} taken out], keep it safe`);
  });

  test.each([
    "my order number is 4711-0815-1234",
    "https://example.com/a?token=short",
    "task-list sk-learn and sk-ip",
    "meet at 10:30, room AA-12",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "see https://user@example.com/",
  ])("leaves %j alone", (text) => expect(scrubKeys(text)).toBe(text));

  test("takes a private key out behind the beginning of one that has no end", () => {
    const body = "b3BlbnNzaC1rZXk".repeat(4);
    const text = `-----BEGIN PRIVATE KEY-----\n\n-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`;
    expect(scrubKeys(text)).not.toContain(body);
  });

  test("takes the password out of an address and leaves the rest", () => {
    expect(scrubKeys("postgres://margay:hunter2!@db.example.com/x")).toBe(
      "postgres://margay:[password in an address taken out]@db.example.com/x",
    );
  });

  test("ends on long texts that look like the beginnings of keys: quadratic work would take minutes", () => {
    for (const piece of [
      "sk-",
      "eyJ",
      "ghp_",
      "-----BEGIN PRIVATE KEY-----",
      "a://b:",
      "xoxb-",
      "1234567890:AA",
      "https://hooks.slack.com/services/T",
    ])
      expect(scrubKeys(piece.repeat(Math.ceil(200_000 / piece.length))).length).toBeGreaterThan(0);
  });
});

describe("scrub()", () => {
  test("finds a stored value as it is and in the forms that it takes on its way", () => {
    const forms = fc.constantFrom(
      (value: string) => value,
      (value: string) => JSON.stringify(value).slice(1, -1),
      (value: string) => encodeURIComponent(value),
      (value: string) => new URLSearchParams({ v: value }).toString().slice(2),
      (value: string) => Buffer.from(value).toString("base64"),
      (value: string) => Buffer.from(value).toString("base64url"),
      (value: string) => Buffer.from(value).toString("hex"),
    );
    const value = fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }).filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(value, forms, fc.string(), fc.string(), (secret, form, before, after) => {
        const scrubbed = scrub(`${before} ${form(secret)} ${after}`, [{ name: "n", value: secret }]);
        expect(scrubbed).toContain("[secret n taken out]");
      }),
    );
  });

  test("takes the longer of two secrets first, and leaves short ones in ordinary words", () => {
    const secrets = [
      { name: "short", value: "abc" },
      { name: "part", value: "hunter22" },
      { name: "whole", value: "hunter22-and-more" },
    ];
    expect(scrub("abc hunter22-and-more hunter22", secrets)).toBe("abc [secret whole taken out] [secret part taken out]");
  });
});
