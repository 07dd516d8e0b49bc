import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeReply, type EmailTarget } from "../../../src/channels/email/compose.ts";
import { markdownToHtml } from "../../../src/channels/email/markdown-to-html.ts";
import { sendFailure } from "../../../src/channels/email/send-failure.ts";
import { isForwardSubject, isReplySubject, messageIds, referencesOf, replySubject } from "../../../src/channels/email/thread.ts";
import { NAUGHTY_STRINGS } from "../../support/naughty-strings.ts";
import { anyText } from "../samples.ts";

const target = (change: Partial<EmailTarget> = {}): EmailTarget => ({
  channel: "email",
  from: "ana-7k3f9q@margay.example.com",
  to: "ana@example.com",
  subject: "Dinner",
  inReplyTo: "<two@example.com>",
  references: ["<one@example.com>"],
  ...change,
});

describe("composeReply()", () => {
  test("answers in the thread, as a program's answer", () => {
    expect(composeReply(target(), { text: "**Booked.**", status: "done" })).toEqual({
      from: { email: "ana-7k3f9q@margay.example.com", name: "Margay" },
      to: "ana@example.com",
      subject: "Re: Dinner",
      text: "**Booked.**",
      html: expect.stringContaining("<p><strong>Booked.</strong></p>"),
      headers: {
        "Auto-Submitted": "auto-replied",
        "In-Reply-To": "<two@example.com>",
        References: "<one@example.com> <two@example.com>",
      },
    });
  });

  test.each([
    ["cancelled", "Stopped."],
    ["failed", "I could not answer that. Please try again."],
    ["done", "Done. I have nothing to add."],
  ] as const)("says a sentence when there is no text: %s", (status, text) => {
    expect(composeReply(target(), { text: " \n", status }).text).toBe(text);
  });

  test("makes no header longer than Email Service takes, and none with a line end, of anything", () => {
    const id = fc.oneof(
      anyText,
      fc.constant("<a@b.c>\r\nBcc: eve@example.org"),
      fc.string({ maxLength: 400 }).map((text) => `<${text}@x>`),
    );
    fc.assert(
      fc.property(anyText, id, fc.array(id, { maxLength: 100 }), anyText, (subject, inReplyTo, references, text) => {
        const mail = composeReply(target({ subject, inReplyTo, references }), { text, status: "done" });
        for (const value of [mail.subject, ...Object.values(mail.headers)]) {
          expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(value.isWellFormed()).toBe(true);
          expect(new TextEncoder().encode(value).byteLength).toBeLessThanOrEqual(2_048);
          expect(value).not.toBe("");
        }
        expect(Object.keys(mail.headers).every((name) => ["Auto-Submitted", "In-Reply-To", "References"].includes(name))).toBe(true);
        expect(mail.to).toBe("ana@example.com");
      }),
    );
  });
});

describe("replySubject()", () => {
  test.each([
    ["Dinner", "Re: Dinner"],
    ["Re: Dinner", "Re: Dinner"],
    ["RE: AW: Re[2]: Dinner", "Re: Dinner"],
    ["Sv: Antw: Middag", "Re: Middag"],
    ["回复：晚饭", "Re: 晚饭"],
    ["", "Re: your mail"],
    ["a\r\nBcc: eve@example.org", "Re: a Bcc: eve@example.org"],
    ["Resignation", "Re: Resignation"],
    ["Fwd: Invoice", "Re: Fwd: Invoice"],
  ])("makes of %j %j", (subject, answer) => {
    expect(replySubject(subject)).toBe(answer);
  });
  test("cuts a long one between characters", () => {
    const answer = replySubject("👩‍👩‍👧".repeat(400));
    expect(answer.length).toBeLessThanOrEqual(254);
    expect(answer.isWellFormed()).toBe(true);
  });
  test("tells answers and what is sent on from new mails", () => {
    for (const subject of ["Re: x", "AW: x", "re : x", "Odp: x"]) expect(isReplySubject(subject)).toBe(true);
    for (const subject of ["Fwd: x", "FW: x", "WG: x", "TR : x"]) expect(isForwardSubject(subject)).toBe(true);
    for (const subject of ["Really: x", "Award: x", "x"])
      expect([isReplySubject(subject), isForwardSubject(subject)]).toEqual([false, false]);
  });
});

describe("referencesOf()", () => {
  test("keeps the first and the newest of many", () => {
    const ids = Array.from({ length: 200 }, (_, index) => `<${index}-${"x".repeat(40)}@example.com>`);
    const kept = referencesOf(ids);
    expect(kept[0]).toBe(ids[0]);
    expect(kept.at(-1)).toBe(ids.at(-1));
    expect(kept.join(" ").length).toBeLessThanOrEqual(1_900);
  });
  test("takes only what is an id", () => {
    expect(messageIds("<a@b.c>\t<not an id> <d@e.f> <a@b.c> plain@x.y <evil\r\n@x>")).toEqual(["<a@b.c>", "<d@e.f>"]);
  });
});

describe("markdownToHtml()", () => {
  test("paths of the user's files lead to their page where that is known", () => {
    const text = "In /outputs/a.md & `/outputs/b c.csv`, ![d](/outputs/d.png) [/outputs/e.md](https://x.example/)";
    expect(markdownToHtml(text, "https://margay.example")).toContain(
      '<p>In <a href="https://margay.example/files?file=/outputs/a.md" rel="noreferrer">/outputs/a.md</a> &amp; <a href="https://margay.example/files?file=/outputs/b%20c.csv" rel="noreferrer"><code>/outputs/b c.csv</code></a>, <a href="https://margay.example/files?file=/outputs/d.png" rel="noreferrer">d</a> <a href="https://x.example/" rel="noreferrer">/outputs/e.md</a></p>',
    );
    expect(markdownToHtml(text)).toContain("<p>In /outputs/a.md &amp; <code>/outputs/b c.csv</code>, d (/outputs/d.png)");
  });

  test("writes what Markdown has", () => {
    const html = markdownToHtml(
      "# Hi\n\n- [x] a\n- b `c`\n\n> q\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[web](https://example.com/?a=1&b=2) ~~s~~\n\n```js\n<x>\n```",
    );
    for (const part of [
      "<h1>Hi</h1>",
      "<li>☑ a</li>",
      "<code>c</code>",
      "<blockquote>",
      "<td>1</td>",
      '<a href="https://example.com/?a=1&amp;b=2" rel="noreferrer">web</a>',
      "<del>s</del>",
      "&lt;x&gt;",
    ])
      expect(html).toContain(part);
  });
  test("lets no HTML, script or picture through", () => {
    const html = markdownToHtml(
      '<script>alert(1)</script>\n\n![x](https://evil.example/p.png)\n\n[a](javascript:alert(1)) [b](data:text/html,x) <img src=x onerror=y>\n\n[c](https://x.y/"onclick=z)',
    );
    expect(html).not.toMatch(/<(?:script|img)|href="(?!https?:)/);
    expect(html).toContain('href="https://x.y/&quot;onclick=z"');
    expect(html).toContain("javascript:alert(1)");
  });
  test("has only its own tags, whatever the text", () => {
    const allowed =
      /^<\/?(?:!doctype html|html|head|meta charset="utf-8"|body(?: style="[^"]*")?|p(?: style="[^"]*")?|h[1-6]|blockquote|pre|code|ol(?: start="\d+")?|ul|li|table(?: [^<>]*)?|tr|th|td|hr|strong|em|del|br|a(?: href="https?:[^"<>]*" rel="noreferrer")?)>$/;
    const check = (text: string): void => {
      for (const [tag] of markdownToHtml(text).matchAll(/<[^<>]*>/g)) expect(tag).toMatch(allowed);
    };
    for (const text of NAUGHTY_STRINGS) check(text);
    fc.assert(fc.property(anyText, check));
  });
  test("takes a deep or endless text as it is", () => {
    for (const text of ["> ".repeat(5_000), "*".repeat(20_000), "[".repeat(20_000), "x ".repeat(200_000)])
      expect(markdownToHtml(text)).toMatch(/<body [^>]*>.+<\/body>/s);
    for (const text of [`${"- ".repeat(30)}a`, "*a_ ".repeat(2_100)])
      expect(markdownToHtml(text)).toContain(`<p style="white-space:pre-wrap">${text}</p>`);
  });
});

describe("sendFailure()", () => {
  const failed = (code: unknown) => sendFailure(Object.assign(new Error("secret inside"), { code }));
  test.each([
    "E_SENDER_NOT_VERIFIED",
    "E_RECIPIENT_NOT_ALLOWED",
    "E_RECIPIENT_SUPPRESSED",
    "E_CONTENT_TOO_LARGE",
    "E_HEADER_NOT_ALLOWED",
    "E_NEW_ONE",
  ])("gives up after %s", (code) => {
    expect(failed(code)).toEqual({ kind: "refused", reason: `the mail was refused (${code})` });
  });
  test("tries again after what passes", () => {
    expect(failed("E_DAILY_LIMIT_EXCEEDED")).toEqual({ kind: "retry", reason: "E_DAILY_LIMIT_EXCEEDED", afterMs: 3_600_000 });
    expect(failed("E_INTERNAL_SERVER_ERROR")).toMatchObject({ kind: "retry" });
    for (const code of [undefined, 500, "toString", "E_x secret"])
      expect(failed(code)).toEqual({ kind: "retry", reason: "the mail could not be handed over" });
    expect(sendFailure("x")).toMatchObject({ kind: "retry" });
  });
});
