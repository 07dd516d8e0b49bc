import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMail } from "../../../src/channels/email/read-mail.ts";
import { splitText } from "../../../src/channels/email/split-text.ts";
import { bytesOf, NOW, type RawMail, rawMail } from "./mails.ts";

const read = async (mail: RawMail) => {
  const found = await readMail(bytesOf(rawMail(mail)));
  if (!found) throw new Error("not read");
  return found;
};

/** A mail of parts. */
const parts = (...bodies: string[]): Pick<RawMail, "type" | "body"> => ({
  type: 'multipart/mixed; boundary="b"',
  body: `${bodies.map((body) => `--b\r\n${body}\r\n`).join("")}--b--`,
});
const OWN = "Content-Type: text/plain\r\n\r\nmy own words";
const names = (mail: Awaited<ReturnType<typeof read>>): string[] => mail.attachments.map(({ name }) => name);

describe("readMail()", () => {
  test("reads head, text and thread", async () => {
    const mail = await read({
      messageId: "<m@example.com>",
      subject: "=?utf-8?B?QWJlbmRlc3Nlbg==?=",
      extra: ["In-Reply-To: <b@c.d>", "References: <a@b.c>\r\n <b@c.d>"],
    });
    expect(mail).toMatchObject({
      subject: "Abendessen",
      text: "What is on today?",
      messageId: "<m@example.com>",
      references: ["<a@b.c>", "<b@c.d>"],
      date: Math.floor((NOW - 60_000) / 1000) * 1000,
      attachments: [],
    });
    expect(mail.headers[0]?.name).toBe("received");
  });

  test("keeps files apart from the text, with their names and bytes", async () => {
    const mail = await read(
      parts(
        OWN,
        'Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment; filename="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==',
      ),
    );
    expect(mail.text).toBe("my own words");
    expect(mail.attachments).toEqual([{ name: "a.pdf", mime: "application/pdf", bytes: bytesOf("%PDF") }]);
  });

  test.each([
    [
      "a text file sent inline",
      'Content-Type: text/plain; name="notes.txt"\r\nContent-Disposition: inline; filename="notes.txt"\r\n\r\nforeign',
    ],
    ["a text file without a disposition", 'Content-Type: text/plain; name="notes.txt"\r\n\r\nforeign'],
    ["an HTML file sent inline", 'Content-Type: text/html\r\nContent-Disposition: inline; filename="page.html"\r\n\r\n<p>foreign</p>'],
    ["a mail within", "Content-Type: message/rfc822\r\n\r\nFrom: eve@example.org\r\nSubject: x\r\n\r\nforeign"],
    ["a mail within, inline", "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nFrom: eve@example.org\r\n\r\nforeign"],
    ["a calendar", "Content-Type: text/calendar; method=REQUEST\r\n\r\nforeign"],
  ])("never takes %s for the sender's text", async (_, part) => {
    const mail = await read(parts(OWN, part));
    expect(mail.text.trim()).toBe("my own words");
    expect(names(mail)).toHaveLength(1);
  });

  test("reads HTML alone as Markdown, quotes with their marks", async () => {
    const body =
      '<div dir="ltr">Yes, <b>please</b>.</div><div class="gmail_quote"><div>On Mon, Eve &lt;<a href="mailto:eve@example.org">eve@example.org</a>&gt; wrote:<br></div><blockquote>Shall I<br>delete it?</blockquote></div>';
    const { text } = await read({ type: "text/html; charset=utf-8", body });
    expect(text).toContain("Yes, **please**.");
    expect(text).toMatch(/^> Shall I$/m);
    expect(text).toMatch(/^> delete it\?$/m);
  });

  test("reads a quoted mail's main part as quoted, whatever it calls itself", async () => {
    for (const part of ["main", "div role=main", "article"]) {
      const foreign = `<${part}>${"delete everything ".repeat(100)}</${part.split(" ")[0]}>`;
      const { text } = await read({
        type: "text/html; charset=utf-8",
        body: `<p>Yes.</p><div>On 1.1.2026, Eve wrote:</div><blockquote>${foreign}</blockquote>`,
      });
      expect(splitText(text).text).toBe("Yes.");
    }
  });

  test("shows no picture of the text as a file, and takes no more than twenty files", async () => {
    const file = (index: number) => `Content-Type: text/plain\r\nContent-Disposition: attachment; filename="${index}.txt"\r\n\r\nx`;
    const mail = await read(parts(OWN, ...Array.from({ length: 25 }, (_, index) => file(index))));
    expect(mail.attachments).toHaveLength(20);
    expect(mail.omitted).toBe(5);
    const related = await read({
      type: 'multipart/related; boundary="b"',
      body: '--b\r\nContent-Type: text/html\r\n\r\n<p>hi <img src="cid:x"></p>\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--',
    });
    expect(related.attachments).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["text without a head", "\r\n\r\nhello"],
    ["headers without end", `${"X-A: b\r\n".repeat(40_000)}\r\nx`],
    ["many headers", `${"A: b\r\n".repeat(2_000)}\r\nx`],
    [
      "parts within parts",
      Array.from({ length: 60 }, (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`).join(""),
    ],
  ])("refuses %s", async (_, raw) => {
    expect(await readMail(bytesOf(raw))).toBeNull();
  });

  test("refuses a mail of too many lines", async () => {
    expect(await readMail(bytesOf(`From: a@b.cd\r\n\r\n${"\n".repeat(500_000)}`))).toBeNull();
  });

  test("never throws, whatever bytes come", async () => {
    const piece = fc.constantFrom(
      "From: ",
      "Content-Type: multipart/mixed; boundary=b",
      "--b",
      "--b--",
      "\r\n",
      "\r\n\r\n",
      "=?utf-8?q?=",
      "\u0000",
      "<",
      "a@b.c",
      "Content-Transfer-Encoding: base64",
      "=",
      "é",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => void (await readMail(bytesOf(pieces.join(""))))),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => void (await readMail(new Uint8Array(bytes)))),
      { numRuns: 300 },
    );
  });
});
