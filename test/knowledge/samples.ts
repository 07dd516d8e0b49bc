import { strToU8, zipSync } from "fflate";
import { makeDocx, styled, paragraph, item, row } from "./make-docx.ts";
import { makeEpub } from "./make-epub.ts";
import { cell, h, list, makeOdf, p, tableOf } from "./make-odf.ts";
import { makePdf } from "./make-pdf.ts";
import { box, makePptx, slideTable } from "./make-pptx.ts";
import { makeXlsx, numbers, texts } from "./make-xlsx.ts";

export const EML = [
  "Received: from a.example by b.example; Mon, 1 Jan 2024 10:00:00 +0000",
  "From: Ana Lima <ana@example.com>",
  "To: Bo <bo@example.com>, crew@example.com",
  "Subject: =?utf-8?q?Caf=C3=A9?= plans",
  "Date: Mon, 1 Jan 2024 10:00:00 +0000",
  "Message-ID: <1@example.com>",
  "MIME-Version: 1.0",
  "Content-Type: multipart/mixed; boundary=outer",
  "",
  "--outer",
  "Content-Type: text/html; charset=utf-8",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "<h2>Hello</h2><p>We meet at the caf=C3=A9 <b>tomorrow</b>.</p><p style=3D'display:none'>unseen</p>",
  "--outer",
  "Content-Type: application/pdf",
  'Content-Disposition: attachment; filename="menu.pdf"',
  "Content-Transfer-Encoding: base64",
  "",
  "AAAA",
  "--outer--",
  "",
].join("\r\n");

const WORDS = "The quick brown fox jumps over the lazy dog near the river bank while the sun is still up.";

/** One valid file of every kind that is text or a package. */
export const SAMPLES: Readonly<Record<string, () => Uint8Array>> = {
  "a.pdf": () =>
    makePdf({
      title: "A plan",
      packed: true,
      pages: [
        [{ text: "A plan", size: 20 }, "First line of a paragraph that", "goes on here."],
        [{ text: "Costs", size: 16 }, "Ten crowns."],
      ],
    }),
  "a.docx": () =>
    makeDocx(
      styled("A plan", "berschrift1") +
        paragraph(WORDS) +
        item("one", 2) +
        item("two", 2) +
        `<w:tbl>${row("A", "B")}${row("1", "2")}</w:tbl>`,
    ),
  "a.xlsx": () =>
    makeXlsx([
      { name: "Costs", data: texts(1, "day", "cost") + numbers(2, [45992, 1], [12.5, 3]) },
      { name: "Notes", data: texts(1, "A", "B") + texts(2, "1", "2") },
    ]),
  "a.pptx": () =>
    makePptx([{ shapes: box("A plan", "title") + box(WORDS) }, { shapes: slideTable(["A", "B"], ["1", "2"]), notes: "Say it slowly" }]),
  "a.odt": () =>
    makeOdf(
      "odt",
      h(1, "A plan") +
        p(WORDS) +
        list([p("one"), p("two")]) +
        tableOf([
          ["A", "B"],
          ["1", "2"],
        ]),
    ),
  "a.ods": () =>
    makeOdf(
      "ods",
      tableOf(
        [
          ["day", "cost"],
          [cell("1.12.", 'office:value-type="date" office:date-value="2025-12-01"'), "3"],
        ],
        'table:name="Costs"',
      ) + tableOf([["A", "B"]], 'table:name="Notes"'),
    ),
  "a.odp": () => makeOdf("odp", `<draw:page><draw:frame presentation:class="title">${p("A plan")}</draw:frame>${p(WORDS)}</draw:page>`),
  "a.epub": () => makeEpub([`<h1>A plan</h1><p>${WORDS}</p>`, "<p>The end</p>"]),
  "a.rtf": () =>
    strToU8(
      String.raw`{\rtf1\ansi{\fonttbl{\f0 Times;}}{\stylesheet{\s1 heading 1;}}\pard\s1 A plan\par\pard Caf\'e9 \u8364? {\v x}${WORDS}\par\trowd\intbl A\cell B\cell\row}`,
    ),
  "a.eml": () => strToU8(EML),
  "a.md": () =>
    strToU8(
      `---\ntitle: "Notes"\n---\n# Notes\n\n${WORDS}\n\n- one\n  - two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n\`\`\`ts\nconst x = 1;\n\`\`\`\n`,
    ),
  "a.txt": () => strToU8(`${WORDS}\n\n${WORDS}\n`),
  "a.html": () => strToU8(`<!doctype html><title>Page</title><main><h1>Page</h1><p>${WORDS}</p><ul><li>one</ul></main>`),
  "a.csv": () => strToU8('name,city\n"Lima, Ana",Oslo\nBo,Bergen\n'),
  "a.json": () => strToU8(JSON.stringify({ name: "x", list: [{ a: 1 }, { a: 2 }], tags: ["p", "q"] })),
  "a.jsonl": () => strToU8('{"a":1}\n{"a":{"b":[1,2]}}\n'),
  "a.zip": () => zipSync({ "notes/a.md": strToU8("# A"), "b.txt": strToU8(WORDS) }),
};
