import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlToMarkdown } from "../../../src/tools/web/html-to-markdown.ts";
import { HTML_LIMITS } from "../../../src/html/read-html.ts";

const ADDRESS = "https://example.com/docs/page";
const markdown = (html: string): string => htmlToMarkdown(html, ADDRESS).text;

describe("htmlToMarkdown()", () => {
  test.each([
    ["headings", "<h1>A <b>b</b></h1><h3>C</h3>", "# A **b**\n\n### C"],
    ["paragraphs", "<p>one\n  two<p>three", "one two\n\nthree"],
    ["text beside blocks", "a<div>b</div>c<section><div>d</div></section>", "a\n\nb\n\nc\n\nd"],
    [
      "emphasis, with white space outside",
      "x<b> bold </b>y <em>it</em> <del>d</del> <b><strong>once</strong></b>",
      "x **bold** y *it* ~~d~~ **once**",
    ],
    ["line breaks", "a<br>b<br><br>c", "a\nb\nc"],
    ["lists", "<ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>", "- a\n  - b\n- c\n\n  d"],
    ["numbered lists", '<ol start="9"><li>a<li>b</ol>', "9. a\n10. b"],
    ["checkboxes", "<ul><li><input type=checkbox checked>done<li><input type=checkbox>open</ul>", "- [x] done\n- [ ] open"],
    ["quotations", "<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"],
    ["definitions", "<dl><dt>a<dd>b</dl>", "a\n\n: b"],
    ["code", "<p><code>a  *b*</code> <kbd>c</kbd>", "`a *b*` `c`"],
    ["code blocks", '<pre><code class="x language-ts">a\n  b &lt; c\n</code></pre>', "```ts\na\n  b < c\n```"],
    ["code blocks with fences in them", "<pre>```\nx</pre>", "````\n```\nx\n````"],
    ["code blocks with an element a line", "<pre><div>a</div><div>b</div></pre>", "```\na\nb\n```"],
    ["tables", "<table><thead><tr><th>A<th>B|C<tbody><tr><td>1<br>2<td><p>x<p>y</table>", "| A | B\\|C |\n| - | - |\n| 1 2 | x y |"],
    [
      "columns that a cell takes",
      "<table><tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3</table>",
      "| a |  | b |\n| - | - | - |\n| 1 | 2 | 3 |",
    ],
    ["tables for the layout", "<table><tr><td><table><tr><td>a<td>b</table><tr><td>c</table>", "| a | b |\n| - | - |\n\nc"],
    ["pictures by their description", '<p><img src=a.png alt="A cat"><img src=b.png>', "[image: A cat]"],
    ["rules", "a<hr>b", "a\n\n---\n\nb"],
    ["no escapes", "<p>a_b * 1. [x] # <i>y</i>", "a_b * 1. [x] # *y*"],
    ["entities", "<p>&lt;b&gt; &amp;amp; &#x41; &nbsp;x", "<b> &amp; A \u00a0x"],
  ])("writes %s", (_what, html, expected) => expect(markdown(html)).toBe(expected));

  test.each([
    ["absolute", '<a href="https://other.example.org/q?a=1&amp;b=2">x</a>', "[x](https://other.example.org/q?a=1&b=2)"],
    ["relative", '<a href="../x y.html#part"> x </a>z', "[x](https://example.com/x%20y.html) z"],
    ["as their text", '<a href="/a">https://example.com/a</a>', "<https://example.com/a>"],
    ["with brackets as they are", '<a href="/w/A_(b)">x</a>', "[x](https://example.com/w/A_(b))"],
    ["of mail", '<a href="mailto:a@b.org">x</a>', "[x](mailto:a@b.org)"],
    ["around paragraphs", '<a href="/c"><h3>T</h3><p>t</p></a>', "[T t](https://example.com/c)"],
    ["to a place in the page, as text", '<a href="#x">x</a>', "x"],
    ["that run something, as text", '<a href="javascript:alert(1)">x</a> <a href="data:text/html,x">y</a>', "x y"],
    ["into a private network, as text", '<a href="http://10.0.0.1/">x</a> <a href="http://localhost/">y</a>', "x y"],
    ["that are empty, not at all", '<a href="/a"></a>z', "z"],
  ])("writes links %s", (_what, html, expected) => expect(markdown(html)).toBe(expected));

  test("links are in their normal form, each once, by the page's base", () => {
    const { links, text } = htmlToMarkdown(
      '<base href="/b/"><a href="HTTPS://EXAMPLE.com:443/b/x#1">1</a><a href="x#2">2</a><a href="/y">3</a>',
      ADDRESS,
    );
    expect(links).toEqual(["https://example.com/b/x", "https://example.com/y"]);
    for (const link of links) expect(text).toContain(`(${link})`);
  });

  test("tells the page's own address only where it is of the same host, and gives it to nobody to fetch", () => {
    const read = (canonical: string, base = "") =>
      htmlToMarkdown(`${base}<link rel=canonical href="${canonical}"><p>x <a href="/y">y</a>`, ADDRESS);
    expect(read("/docs/other")).toMatchObject({ about: "https://example.com/docs/other", links: ["https://example.com/y"] });
    for (const elsewhere of ["https://evil.example/?q=1", "//evil.example/", "https://sub.example.com/", "https://example.com:8443/"])
      expect(read(elsewhere)).toMatchObject({ about: "", links: ["https://example.com/y"] });
    expect(read("/z", '<base href="https://evil.example/">').about).toBe("");
  });

  const HIDDEN = [
    ["hidden", "<p hidden>X</p>"],
    ["hidden until found", '<p hidden="until-found">X</p>'],
    ["aria-hidden", '<span aria-hidden="true">X</span>'],
    ["display none", '<div style="color:red;DISPLAY : none !important"><p>X</p></div>'],
    ["display none behind a comment", '<div style="display:/**/none">X</div>'],
    ["visibility hidden", '<p style="visibility:hidden">X</p>'],
    ["no opacity", '<p style="opacity:0">X</p>'],
    ["no opacity, written longer", '<p style="opacity: 0.00; color: red">X</p>'],
    ["no size", '<p style="font-size:0px">X</p>'],
    ["off the screen", '<p style="position:absolute;left:-9999px">X</p>'],
    ["indented away", '<p style="text-indent:-9999em">X</p>'],
    ["clipped", '<p style="clip:rect(0,0,0,0)">X</p>'],
    ["a script", "<script>X</script>"],
    ["a style", "<style>X</style>"],
    ["a template", "<template><p>X</p></template>"],
    ["noscript", "<noscript><p>X</p></noscript>"],
    ["a comment", "<!-- X -->"],
    ["a closed dialog", "<dialog>X</dialog>"],
    ["a hidden field", '<input type="hidden" value="X">'],
    ["a text field", "<textarea>X</textarea>"],
    ["a drawing", "<svg><text>X</text></svg>"],
    ["a frame", '<iframe srcdoc="X">X</iframe>'],
    ["a menu", "<nav>X</nav>"],
    ["a footer", "<footer>X</footer>"],
    ["a menu by its role", '<div role="navigation">X</div>'],
    ["a link in what is hidden", '<div hidden><a href="/x">X</a></div>'],
    ["hidden deep down", "<ul><li><b><i hidden>X</i></b></ul>"],
    ["an attribute", '<p title="X" data-x="X">'],
  ] as const;
  test.each(HIDDEN)("leaves out %s", (_what, html) => {
    const read = htmlToMarkdown(`<body><p>before</p>${html}<p>after</p>`, ADDRESS);
    expect([read.text, read.links]).toEqual(["before\n\nafter", []]);
  });

  test.each(["opacity:0.5", "font-size:0.9em", "display:block", "left:-9px", "visibility:visible"])(
    "keeps what is only styled with %s",
    (style) => expect(markdown(`<p style="${style}">x</p>`)).toBe("x"),
  );

  test("leaves out characters that cannot be seen", () => {
    const tags = Array.from("ignore", (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("");
    expect(markdown(`<p>a${tags}\u200b\u202eb\u2066c</p><img alt="d${tags}">`)).toBe("abc\n\n[image: d]");
    expect(markdown("<p>👩‍👩‍👧 می‌خواهم")).toBe("👩‍👩‍👧 می‌خواهم");
  });

  test("takes the main part where a page marks one that holds something", () => {
    const long = "word ".repeat(60).trim();
    expect(markdown(`<header>h</header><div>side</div><main><header><h1>T</h1></header><p>${long}</main><div>more</div>`)).toBe(
      `# T\n\n${long}`,
    );
    expect(markdown(`<div>side</div><article>${long}</article>`)).toBe(long);
    expect(markdown(`<div role=main>${long}</div><p>x`)).toBe(long);
    expect(markdown(`<article>${long}</article><article>${long}</article>`)).toBe(`${long}\n\n${long}`);
    expect(markdown(`<main></main><p>${long}`)).toBe(long);
  });

  test("reads title and body of pages without head, with an open head, with a body that fades in", () => {
    expect(htmlToMarkdown("<title> A &amp;\n B </title><p>x", ADDRESS)).toMatchObject({ title: "A & B", text: "x" });
    expect(htmlToMarkdown("<html><head><title>T</title><body style='opacity:0'><p>x", ADDRESS)).toMatchObject({ title: "T", text: "x" });
    expect(markdown("<html hidden><p>x")).toBe("x");
  });

  test("reads large and hostile pages in part, and soon", () => {
    const fill = (piece: string): string => piece.repeat(Math.ceil(HTML_LIMITS.characters / piece.length));
    const attributes = Array.from({ length: 150_000 }, (_, index) => `a${index}=1`).join(" ");
    const pages = [
      fill("<div>"), fill("<b>a</b> "), fill(" <b> </b>"), fill("<ul><li>a"), fill("<blockquote>x"), fill("<table><tr><td>x<td>"), `<x ${attributes}>`,
      `<table><tr>${"<td>".repeat(100_000)}${"<tr>".repeat(100_000)}`, fill("<!--"), fill("<"), fill("&amp"), `<p>${fill(" ")}x`, fill("<a href=/a>x</a>"), fill("</p>"), fill("`"), `<pre>${fill("\t ")}`,
    ]; // prettier-ignore
    for (const page of pages) {
      const before = process.cpuUsage();
      expect(htmlToMarkdown(page, ADDRESS).text.length).toBeLessThanOrEqual(2 * HTML_LIMITS.characters);
      // What takes the square of its length takes minutes here.
      expect([page.slice(0, 20), process.cpuUsage(before).user / 1e6 < 10]).toEqual([page.slice(0, 20), true]);
    }
    expect(htmlToMarkdown(fill("<p>a"), ADDRESS).cut).toBe(true);
    expect(htmlToMarkdown("<p>a", ADDRESS).cut).toBe(false);
  }, 120_000);

  test("reads whatever it is given, and gives only links that may be fetched", () => {
    const pieces = [
      "<",
      ">",
      "a",
      "</",
      "div",
      "p",
      "table",
      "tr",
      "td",
      "li",
      "ul",
      "pre",
      "code",
      "b",
      "a href=",
      "'",
      '"',
      "/x",
      " ",
      "\n",
      "&#0;",
      "<!--",
      "-->",
      "hidden",
      "=",
      "http://10.0.0.1/",
      "https://example.org/",
      "<a href='//h/'>",
      "svg",
      "title",
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (parts) => {
        const read = htmlToMarkdown(parts.join(""), ADDRESS);
        for (const link of read.links) expect(new URL(link).href).toBe(link);
        expect(read.links.join(" ")).not.toContain("10.0.0.1");
      }),
    );
  });
});
