import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { makeEpub, packageOf, pageOf } from "./make-epub.ts";

const parse = (bytes: Uint8Array, limits = {}): Promise<ParsedDocument> =>
  parseDocument(bytes, { name: "a.epub", mime: "" }, { ...PARSE_LIMITS, ...limits });
const read = async (bytes: Uint8Array): Promise<string[]> =>
  (await parse(bytes)).blocks.map(({ kind, level, text }) => `${kind}${level ?? ""} ${text}`);
const NAV = `<nav epub:type="landmarks"><ol><li><a href="text/chapter%200.xhtml">Start</a></li></ol></nav><nav epub:type="toc"><ol><li><a href="text/chapter%200.xhtml">One</a></li><li><a href="text/chapter%201.xhtml#top">The <i>second</i></a><ol><li><a href="text/chapter%201.xhtml#x">Deeper</a></li></ol></li></ol></nav>`;
const item = (id: string, href: string, more = "", type = "application/xhtml+xml"): string =>
  `<item id="${id}" href="${href}" media-type="${type}" ${more}/>`;

describe("parseEpub()", () => {
  test("gives its chapters in the order in which they are read, with what is XML about them, each once", async () => {
    const book = makeEpub(
      [
        '<h1>Last</h1><p>It<a id="p9"/> ends<sup>1</sup> <a href="https://example.com/x">here</a>.</p><aside epub:type="footnote"><p>1 A note.</p></aside>',
        '<h1>First</h1><p>It begins.</p><p hidden="">unseen</p>',
      ],
      {
        "OEBPS/book.opf": packageOf(
          `${item("b", "text/chapter%200.xhtml")}${item("a", "text/chapter%201.xhtml")}${item("nav", "nav.xhtml", 'properties="nav"')}${item("pic", "a.svg", "", "image/svg+xml")}`,
          '<itemref idref="nav"/><itemref idref="a"/><itemref idref="pic"/><itemref idref="b" linear="no"/><itemref idref="a"/><itemref idref="lost"/>',
        ),
        "OEBPS/nav.xhtml": pageOf(`<h1>Contents</h1>${NAV}`),
      },
    );
    const { type, title, pages } = await parse(book);
    expect([type, title, pages]).toEqual(["epub", "A book", 1]);
    expect(await read(book)).toEqual([
      "heading1 First",
      "paragraph It begins.",
      "heading1 Last",
      "paragraph It ends1 [here](https://example.com/x).",
      "paragraph 1 A note.",
    ]);
  });

  test.each([
    ["EPUB 3", item("toc", "nav.xhtml", 'properties="scripted nav"'), "OEBPS/nav.xhtml", pageOf(NAV)],
    [
      "EPUB 2",
      item("toc", "toc.ncx", "", "application/x-dtbncx+xml"),
      "OEBPS/toc.ncx",
      '<ncx><docTitle><text>A book</text></docTitle><navMap><navPoint><navLabel><text>One</text></navLabel><content src="text/chapter%200.xhtml"/></navPoint><navPoint><navLabel><text>The second</text></navLabel><content src="text/chapter%201.xhtml#top"/><navPoint><navLabel><text>Deeper</text></navLabel><content src="text/chapter%201.xhtml#x"/></navPoint></navPoint></navMap></ncx>',
    ],
  ])("calls chapters without a heading as the table of contents of %s does", async (_what, contents, path, text) => {
    const chapters = ["<p>Some words.</p>", "<p><b>The second</b></p><p>More words.</p>", "<p>It goes on.</p>"];
    const items = chapters.map((_chapter, index) => item(`c${index}`, `text/chapter%20${index}.xhtml`)).join("");
    const spine = chapters.map((_chapter, index) => `<itemref idref="c${index}"/>`).join("");
    expect(await read(makeEpub(chapters, { "OEBPS/book.opf": packageOf(contents + items, spine), [path]: text }))).toEqual([
      "heading1 One",
      "paragraph Some words.",
      "heading1 The second",
      "paragraph More words.",
      "paragraph It goes on.",
    ]);
  });

  test("says that a book is protected against copying; fonts that are do not matter", async () => {
    const locked = (algorithm: string, path: string) =>
      makeEpub(["<p>x</p>"], {
        "META-INF/encryption.xml": `<encryption><enc:EncryptedData><enc:EncryptionMethod Algorithm="${algorithm}"/><KeyInfo/><enc:CipherData><enc:CipherReference URI="${path}"/></enc:CipherData></enc:EncryptedData></encryption>`,
      });
    await expect(parse(locked("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/chapter%200.xhtml"))).rejects.toMatchObject({
      code: "encrypted",
      message: expect.stringContaining("DRM"),
    });
    expect(await read(locked("http://www.idpf.org/2008/embedding", "OEBPS/fonts/a.otf"))).toEqual(["paragraph x"]);
  });

  test("follows no way out of the book", async () => {
    const out = packageOf(
      `${item("a", "https://example.com/a.xhtml")}${item("b", "../../../etc/a.xhtml")}`,
      '<itemref idref="a"/><itemref idref="b"/>',
    );
    await expect(parse(makeEpub([], { "OEBPS/book.opf": out }))).rejects.toMatchObject({ code: "no_text" });
  });

  test("keeps its limits", async () => {
    const refused = (bytes: Uint8Array, limits = {}) => parse(bytes, limits).catch((error: unknown) => error);
    const page = `<p>${"x ".repeat(40_000)}</p>`;
    expect(await refused(makeEpub([page, page]), { chars: 100_000 })).toMatchObject({ code: "too_long" });
    expect(await refused(makeEpub([page, page]), { unpackedBytes: 100_000 })).toMatchObject({ code: "too_large" });
    expect(await refused(makeEpub([" ".repeat(11_000_000)]))).toMatchObject({ code: "too_large" });
    expect(await refused(makeEpub(["<div>".repeat(400)]))).toMatchObject({ code: "too_deep" });
    expect(await refused(makeEpub(["<p>x</p>"], { "OEBPS/book.opf": "<package><spine>" }))).toMatchObject({ code: "damaged" });
    expect(await refused(makeEpub(["<p>x</p>"], { "META-INF/container.xml": "<container/>" }))).toMatchObject({ code: "damaged" });
  });
});
