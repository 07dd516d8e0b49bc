import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NotAFeed } from "../../src/events/feed/feed.ts";
import { parseFeed } from "../../src/events/feed/parse-feed.ts";
import { readFeed } from "../../src/events/sources/feed.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const parse = (text: string, charset: string | null = null) => parseFeed(bytes(text), charset);
const answer = (text: string) => ({ bytes: bytes(text), charset: null, truncated: false, url: "https://example.com/feed" });

const RSS = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News &amp; more</title><link>https://example.com/</link><image><title>Logo</title></image>
<item><title><![CDATA[Second <b>item</b>]]></title><link>/2</link><guid isPermaLink="false">g2</guid><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><dc:creator>Ada</dc:creator>
<media:title>A picture</media:title><content:encoded>long</content:encoded><description>Short &lt;p&gt;text&lt;/p&gt;</description><category>a</category><category>b c</category></item>
<item><title>First</title><link>https://example.com/1</link></item></channel></rss>`;
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Releases</title><entry><id>tag:1</id><title>v1</title>
<link rel="self" href="https://example.com/self"/><link href="https://example.com/v1"/><updated>2026-11-20T10:00:00Z</updated><published>2026-11-19T10:00:00Z</published>
<author><name>Bob</name><uri>https://example.com/bob</uri></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello</p> there</div></content><category term="x"/></entry></feed>`;
const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>
<item rdf:about="https://example.com/a"><title>A</title><link>https://example.com/a</link><dc:date>2026-11-20</dc:date></item></rdf:RDF>`;
const JSON_FEED = JSON.stringify({
  version: "https://jsonfeed.org/version/1.1",
  title: "J",
  items: [{ id: 7, url: "https://example.com/7", title: "Seven", content_html: "<p>x</p>", authors: [{ name: "C" }], tags: ["t"] }, "junk"],
});

describe("parseFeed()", () => {
  test("reads RSS 2.0", async () => {
    expect(await parse(RSS)).toEqual({
      title: "News & more",
      items: [
        {
          key: "g2",
          title: "Second <b>item</b>",
          link: "/2",
          published: "Fri, 20 Nov 2026 10:00:00 GMT",
          author: "Ada",
          summary: "Short <p>text</p>",
          categories: ["a", "b c"],
        },
        {
          key: "https://example.com/1",
          title: "First",
          link: "https://example.com/1",
          published: "",
          author: "",
          summary: "",
          categories: [],
        },
      ],
    });
  });

  test("reads Atom, with text in XHTML", async () => {
    const { title, items } = await parse(ATOM);
    expect(title).toBe("Releases");
    expect(items).toMatchObject([
      { key: "tag:1", title: "v1", link: "https://example.com/v1", published: "2026-11-19T10:00:00Z", categories: ["x"] },
    ]);
    expect(items[0]?.summary.replaceAll(/\s+/gu, " ")).toBe("Hello there");
    expect(items[0]?.author).toContain("Bob");
  });

  test("reads RSS 1.0 and JSON Feed", async () => {
    expect(await parse(RDF)).toMatchObject({
      title: "Old",
      items: [{ key: "https://example.com/a", title: "A", published: "2026-11-20" }],
    });
    expect(await parse(JSON_FEED)).toMatchObject({
      title: "J",
      items: [
        { key: "7", title: "Seven", link: "https://example.com/7", author: "C", summary: "<p>x</p>", categories: ["t"] },
        { key: expect.anything() },
      ].slice(0, 1),
    });
  });

  test("reads another charset, as the file says it", async () => {
    const text = `<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><title>x</title><item><title>S\u00f8rlandet</title></item></channel></rss>`;
    const latin = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect((await parseFeed(latin, null)).items[0]?.title).toBe("Sørlandet");
  });

  test("gives what came before a feed breaks off", async () => {
    const { items } = await parse(RSS.slice(0, RSS.indexOf("<title>First")));
    expect(items.map(({ key }) => key)).toEqual(["g2"]);
  });

  test("grows no entity that a feed declares for itself", async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
      <rss><channel><title>t</title><item><title>&c;&x;</title><link>https://example.com/b</link></item></channel></rss>`;
    const { items } = await parse(bomb);
    expect(items).toHaveLength(1);
    expect(items[0]?.title.length).toBeLessThan(50);
    expect(items[0]?.title).not.toContain("root");
  });

  test.each([
    "",
    "hello",
    "<html><body><p>a page</p></body></html>",
    "{}",
    "{",
    "<rss><channel><item><title>x",
    `{"version":"https://jsonfeed.org/version/1"}`,
  ])("says of %j that it is none", async (text) => {
    await expect(parse(text)).rejects.toThrow(NotAFeed);
  });

  test("takes at most 300 entries and a part of each field", async () => {
    const items = Array.from(
      { length: 1_000 },
      (_, index) =>
        `<item><guid>${index}</guid><title>${"x".repeat(1_000)}</title><description>${"y".repeat(index === 0 ? 100_000 : 0)}</description></item>`,
    );
    const feed = await parse(`<rss><channel><title>t</title>${items.join("")}</channel></rss>`);
    expect(feed.items).toHaveLength(300);
    expect(feed.items[0]?.summary.length).toBeLessThanOrEqual(20_000);
  });

  test("ends in a feed or in a sentence, whatever it is given", async () => {
    const tags = fc.constantFrom(
      "<rss>",
      "</rss>",
      "<channel>",
      "<item>",
      "</item>",
      "<title>",
      "</title>",
      "<link href='x'/>",
      "<![CDATA[",
      "]]>",
      "&amp;",
      "&x;",
      "<!DOCTYPE",
      "text",
      "<entry>",
      "<feed>",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(tags, { maxLength: 30 }), async (parts) => {
        const read = await readFeed(answer(parts.join("")), null);
        expect(typeof read.ok).toBe("boolean");
      }),
    );
  });
});

describe("readFeed()", () => {
  test("learns at the first look, and gives the oldest first after it", async () => {
    expect(await readFeed(answer(RSS), null)).toMatchObject({ ok: true, events: [], known: ["item https://example.com/1", "item g2"] });
    const read = await readFeed(answer(RSS), "learned");
    expect(read).toMatchObject({
      ok: true,
      known: [],
      events: [
        { title: "First" },
        { key: "item g2", fields: { link: "https://example.com/2", feed: { title: "News & more" }, summary: "Short\n\ntext" } },
      ],
    });
    if (read.ok) expect(read.events[1]?.title).toContain("Second");
  });
});
