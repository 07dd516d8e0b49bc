import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMail } from "../../../src/channels/email/read-mail.ts";
import { verifySender } from "../../../src/channels/email/verify-sender.ts";
import { bytesOf, NOW, type RawMail, rawMail, RESULTS } from "./mails.ts";

const BOX = "ana-7k3f9q@margay.example.com";

async function judged(mail: RawMail = {}, envelopeFrom = "ana@example.com") {
  const read = await readMail(bytesOf(rawMail(mail)));
  if (!read) throw new Error("not read");
  return verifySender({ headers: read.headers, envelopeFrom, mailbox: (address) => address === BOX, date: read.date, now: NOW });
}

const results = (...statements: string[]): string => ["mx.cloudflare.net", ...statements].join("; ");

describe("verifySender()", () => {
  test("takes a mail that the receiving server vouches for", async () => {
    expect(await judged()).toEqual({
      address: "ana@example.com",
      name: "Ana Lopez",
      authenticated: true,
      reason: null,
      results: { dmarc: "pass", dkim: "pass", spf: "pass" },
    });
  });

  test("takes one of a domain without DMARC when that domain signed it", async () => {
    const mail = { results: results("dmarc=none header.from=example.com", "dkim=pass header.d=example.com") };
    expect(await judged(mail)).toMatchObject({ authenticated: true });
  });

  test("takes no difference of case for another address", async () => {
    expect(await judged({ from: "ANA@Example.COM" }, "Ana@example.com")).toMatchObject({ address: "ana@example.com", authenticated: true });
  });

  const refused: [string, RawMail, string?][] = [
    ["DMARC that failed", { results: results("dmarc=fail header.from=example.com", "dkim=pass header.d=example.com") }],
    ["DMARC that passed for another domain", { results: results("dmarc=pass header.from=evil.example") }],
    ["DMARC that passed for a longer domain", { results: results("dmarc=pass header.from=example.com.evil.example") }],
    ["DMARC without a domain", { results: results("dmarc=pass") }],
    ["two statements about DMARC", { results: results("dmarc=fail header.from=example.com", "dmarc=pass header.from=example.com") }],
    ["no statement about DMARC", { results: results("spf=pass smtp.mailfrom=ana@example.com", "dkim=pass header.d=example.com") }],
    ["a domain without DMARC, signed by another", { results: results("dmarc=none", "dkim=pass header.d=evil.example") }],
    ["a domain without DMARC, with SPF alone", { results: results("dmarc=none", "spf=pass smtp.mailfrom=ana@example.com") }],
    ["no results at all", { results: null }],
    ["results of another server", { results: RESULTS.replace("mx.cloudflare.net", "mx.evil.example") }],
    ["results of a server with a longer name", { results: RESULTS.replace("mx.cloudflare.net", "mx.cloudflare.net.evil.example") }],
    [
      "forged results below those of the server",
      { results: results("dmarc=fail header.from=example.com"), extra: [`Authentication-Results: ${RESULTS}`] },
    ],
    ["forged results below the sender's own server", { results: null, extra: [`Authentication-Results: ${RESULTS}`] }],
    ["forged results below a field of the sender's", { results: null, extra: ["X-Mailer: x", `Authentication-Results: ${RESULTS}`] }],
    ["another server's results above", { above: ["Authentication-Results: mx.evil.example; dmarc=fail"] }],
    ["a field of nobody's above the results", { above: ["X-Mailer: x"] }],
    ["results that do not parse", { results: `${RESULTS} (` }],
    [
      "results smuggled into a comment's end",
      {
        results: results(
          'spf=fail (domain of "x) dmarc=pass header.from=example.com (y"@evil.example',
          "dmarc=fail header.from=example.com",
        ),
      },
    ],
    [
      "results smuggled into a greeting",
      { results: results("spf=none smtp.helo=x", "dmarc=pass header.from=example.com", "dmarc=fail header.from=example.com") },
    ],
    ["another envelope", {}, "eve@evil.example"],
    ["no envelope", {}, ""],
    ["an envelope of the same domain", {}, "bob@example.com"],
    ["two From fields", { extra: ["From: eve@evil.example"] }],
    ["two addresses in From", { from: "ana@example.com, eve@evil.example" }],
    ["a name that is an address", { from: "ana@example.com <eve@evil.example>" }, "eve@evil.example"],
    ["a quoted name that is an address, from elsewhere", { from: '"ana@example.com" <eve@evil.example>' }, "eve@evil.example"],
    ["two bracketed addresses", { from: "<ana@example.com> <eve@evil.example>" }],
    ["a group", { from: "ana@example.com:eve@evil.example;" }],
    ["an encoded address", { from: "=?utf-8?q?ana=40example.com?= <eve@evil.example>" }, "eve@evil.example"],
    ["an encoded word instead of an address", { from: "=?utf-8?q?ana=40example.com?=" }],
    ["letters of another script", { from: "аna@example.com" }, "аna@example.com"],
    ["a domain of another script", { from: "ana@exаmple.com" }, "ana@exаmple.com"],
    ["invisible characters", { from: "ana@example.com\u200b" }],
    ["a null", { from: "ana@example.com\u0000" }],
    ["a quoted local part", { from: '"ana"@example.com' }, '"ana"@example.com'],
    ["a comment with an address", { from: "ana@example.com (eve@evil.example) <x@y.example>" }],
    ["no From", { from: "" }],
    ["another sender", { extra: ["Sender: eve@evil.example"] }],
    ["a mail that was sent on again", { extra: ["Resent-From: eve@evil.example"] }],
    ["a mail for somebody else", { to: "bob@example.org" }],
    ["a mail for a mailbox with a longer name", { to: `${BOX}.evil.example` }],
    ["our address as a name", { to: `"${BOX}" <bob@example.org>` }],
    ["an old mail", { date: new Date(NOW - 6 * 86_400_000).toUTCString() }],
    ["a mail of tomorrow's tomorrow", { date: new Date(NOW + 2 * 86_400_000).toUTCString() }],
    ["a mail without a date", { date: "yesterday" }],
  ];
  test.each(refused)("does not take %s for its sender's", async (_, mail, envelope) => {
    const verdict = await judged(mail, envelope);
    // What is proven of another address is nobody's linked one.
    expect(verdict.authenticated && verdict.address === "ana@example.com").toBe(false);
    if (!verdict.authenticated) expect(verdict.reason).toMatch(/./);
  });

  test("finds the mailbox among others, with names, in To and Cc", async () => {
    for (const to of [`"Lopez, Ana" <bob@example.org>, Margay <${BOX}>`, `${BOX.toUpperCase()}, bob@example.org`, `<${BOX}>`])
      expect(await judged({ to })).toMatchObject({ authenticated: true });
    expect(await judged({ to: "bob@example.org", extra: [`Cc: ${BOX}`] })).toMatchObject({ authenticated: true });
  });

  test.each([
    ["quotes that never end", '"'.repeat(16_000)],
    ["a quote of backslashes that never ends", `"${"\\\\a".repeat(5_000)}`],
    ["quotes and commas", '",'.repeat(8_000)],
  ])("takes no mail for its mailbox's that hides it among 256 KB of %s", async (_, value) => {
    const read = await readMail(bytesOf(rawMail()));
    if (!read) throw new Error("not read");
    const hostile = Array.from({ length: 16 }, () => ({ name: "to", value }));
    const arrival = { envelopeFrom: "ana@example.com", mailbox: (address: string) => address === BOX, date: read.date, now: NOW };
    for (const to of [hostile, [{ name: "cc", value: value.repeat(16) }]])
      expect(verifySender({ ...arrival, headers: [...read.headers, ...to] })).toMatchObject({
        authenticated: false,
        reason: "it is not addressed to this mailbox",
      });
    const little = [...read.headers, { name: "cc", value: value.slice(0, 10_000) }];
    expect(verifySender({ ...arrival, headers: little })).toMatchObject({ authenticated: true });
  });

  test("ends a piece of a list of addresses at no comma within quotes", async () => {
    for (const to of [`"Eve, ${BOX}, x" <bob@example.org>`, `"a\\", ${BOX}, b" <bob@example.org>`, `"Eve, ${BOX}`])
      expect(await judged({ to })).toMatchObject({ authenticated: false });
    expect(await judged({ to: `"a\\", b" <bob@example.org>; ${BOX}` })).toMatchObject({ authenticated: true });
  });

  test("believes no header that a sender can write, in any place below the stamp", async () => {
    const field = fc.constantFrom(
      `Authentication-Results: ${RESULTS}`,
      "Authentication-Results: mx.cloudflare.net; dmarc=pass header.from=example.com",
      "ARC-Authentication-Results: i=9; mx.cloudflare.net; dmarc=pass header.from=example.com",
      "X-CF-Auth: pass",
      "Received-SPF: pass",
      "Received: from x by cloudflare-email.net",
      "Return-Path: <ana@example.com>",
      "X-Mailer: x",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { maxLength: 8 }),
        fc.constantFrom("fail", "none", "temperror", "permerror"),
        async (extra, result) => {
          const verdict = await judged({ results: results(`dmarc=${result} header.from=example.com`), extra });
          expect(verdict.authenticated).toBe(false);
        },
      ),
    );
  });
});
