import { describe, expect, test } from "vitest";
import type { EgressAnswer, EgressOptions, EgressResult } from "../../../src/egress/egress-result.ts";
import { parsePdf } from "../../../src/knowledge/parse/pdf.ts";
import { DEFAULT_GRANTS } from "../../../src/tools/registry.ts";
import { makePdf } from "../../knowledge/make-pdf.ts";
import { covers } from "../../../src/permission/capability.ts";
import { sourceOf } from "../../../src/permission/provenance.ts";
import { UserWord } from "../../../src/permission/user-word.ts";
import { PART, webFetch } from "../../../src/tools/web/web-fetch.ts";

const URL_HERE = "https://example.com/page";

const page = (body: string | Uint8Array<ArrayBuffer>, over: Partial<EgressAnswer> = {}): EgressAnswer => ({
  ok: true,
  status: 200,
  url: URL_HERE,
  mediaType: "text/html",
  charset: null,
  headers: {},
  bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
  truncated: false,
  hops: [URL_HERE],
  ...over,
});

interface Asked {
  url: string;
  options: EgressOptions;
}

/** What a call gets, of which each test says what it is about. */
const CONTEXT = {
  idempotencyKey: "k",
  signal: new AbortController().signal,
  now: () => 0,
  saidAt: 0,
  timeZone: "UTC",
  tainted: false,
  composed: false,
  profile: null,
  scrub: async (text: string) => text,
};

async function run(result: EgressResult, input: { url?: string; from?: number; whole?: boolean } = {}, composed = false) {
  const asked: Asked[] = [];
  const context = {
    ...CONTEXT,
    tainted: composed,
    composed,
    stores: {
      web: {
        pdf: parsePdf,
        fetch: async (url: string, options: EgressOptions) => {
          asked.push({ url, options });
          return result;
        },
      },
    },
  };
  const output = await webFetch.execute({ url: URL_HERE, ...input }, context);
  return { ...output, asked, text: typeof output.output === "string" ? output.output : JSON.stringify(output.output) };
}

describe("web_fetch", () => {
  test("reads a page: title, text, links, and where it comes from", async () => {
    const answer = await run(page('<title>T</title><p>Hi <a href="/a#x">a</a>'));
    expect(answer.text).toBe("Title: T\n\nHi [a](https://example.com/a)");
    expect(answer).toMatchObject({ untrusted: "example.com/page", links: ["https://example.com/a"], summary: `Read ${URL_HERE}` });
    expect(answer.asked[0]?.options).toMatchObject({ follow: "any", maxBytes: 10_000_000 });
  });

  test("reads the main text, or all of the page where that is asked for, and says when there is more", async () => {
    const body = `<meta property="og:type" content="article"><h1>T</h1><div>${"<p>It rained all day, and nobody went out before noon.</p>".repeat(6)}</div>
      <div class="related">${"<p><a href=/b>Something else happened, and it is told on another page.</a></p>".repeat(12)}</div>`;
    const main = await run(page(body));
    expect(main.text).toContain("It rained all day");
    expect(main.text).not.toContain("Something else");
    expect(main.text).toContain("whole: true");
    const whole = await run(page(body), { whole: true });
    expect(whole.text).toContain("Something else");
    expect(whole.text).not.toContain("whole: true");
  });

  test("reads PDF, and says why one cannot be read", async () => {
    const pdf = new Uint8Array(makePdf({ pages: [["The harvest was good this year."], ["And the next one too."]] }));
    const answer = await run(page(pdf, { mediaType: "application/pdf" }));
    expect(answer.text).toContain("About: PDF; 2 pages");
    expect(answer.text).toMatch(/The harvest was good this year\.[^]*\[Page 2\][^]*And the next one too\./);
    const broken = await run(page("no PDF at all", { mediaType: "application/pdf", truncated: true }));
    expect(broken).toMatchObject({ output: { error: "The PDF is larger than can be read here (10 MB)." }, untrusted: "example.com/page" });
  });

  test("tells a status and an address that are not the expected ones, also without text", async () => {
    const url = "https://other.example.org/x?secret=1";
    const answer = await run(page("<p>gone", { status: 404, url }));
    expect(answer.text).toBe(`Status: 404\nAddress: ${url}\n\ngone`);
    expect(answer.untrusted).toBe("other.example.org/x");
    expect((await run(page("", { status: 500 }))).text).toBe("Status: 500\n\n[No text.]");
    expect((await run(page("<p>x"), { url: `${URL_HERE}#part` })).text).toBe("x");
  });

  test.each([
    ["plain text as it is", "text/plain", "a <b> * \r\nc\n", "a <b> * \nc"],
    ["Markdown as it is", "text/markdown", "# a\n\n<b>", "# a\n\n<b>"],
    ["small JSON in lines", "application/json", '{"a":[1]}', '{\n "a": [\n  1\n ]\n}'],
    ["JSON that is none as it is", "application/ld+json", "{a", "{a"],
    ["invisible characters not at all", "text/plain", "a\u{e0041}\u202eb", "ab"],
  ])("reads %s", async (_what, mediaType, body, expected) => expect((await run(page(body, { mediaType }))).text).toBe(expected));

  test("leaves large JSON as it is", async () => {
    const body = JSON.stringify({ a: "x".repeat(5000) });
    expect((await run(page(body, { mediaType: "application/json" }))).text).toBe(body);
  });

  test("gives the addresses in a text that is no HTML, without the punctuation around them", async () => {
    const body =
      "See https://example.org/a, (https://example.org/w/B_(c)) <HTTPS://EXAMPLE.org:443/d#e>. http://10.0.0.1/ [x](https://example.org/f)";
    const { links } = await run(page(body, { mediaType: "text/plain" }));
    expect(links).toEqual(["https://example.org/a", "https://example.org/w/B_(c)", "https://example.org/f", "https://example.org/d"]);
  });

  test.each([
    ["the content type", "latin1", new Uint8Array([0xe4]), "ä"],
    ["a byte order mark before it", "latin1", new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa4]), "ä"],
    ["UTF-16", null, new Uint8Array([0xff, 0xfe, 0xe4, 0]), "ä"],
    ["a meta element", null, new Uint8Array([...new TextEncoder().encode("<meta charset=windows-1251>"), 0xe6]), "ж"],
    [
      "an XML declaration",
      null,
      new Uint8Array([...new TextEncoder().encode('<?xml version="1.0" encoding="windows-1251"?><p>'), 0xe6]),
      "ж",
    ],
    ["windows-1252 where nothing is named and it is no UTF-8", null, new Uint8Array([0x4b, 0xf6, 0x6c, 0x6e, 0x20, 0x80]), "Köln €"],
    ["UTF-8 otherwise", null, new TextEncoder().encode("ä"), "ä"],
    ["UTF-8 for an unknown charset", "klingon", new TextEncoder().encode("ä"), "ä"],
  ])("decodes by %s", async (_what, charset, bytes, expected) => expect((await run(page(bytes, { charset }))).text).toBe(expected));

  test("gives long pages in parts that join to the whole", async () => {
    const body = Array.from({ length: 6000 }, (_, index) => `line ${index} 😀`).join("\n");
    let from = 0;
    let whole = "";
    for (let calls = 0; calls < 20; calls++) {
      const { text } = await run(page(body, { mediaType: "text/plain" }), { from });
      const [, shown = text, next] = /^(.*)\n\n\[Characters \d+ to \d+ of \d+\. Go on with from: (\d+)\]$/s.exec(text) ?? [];
      expect(shown.length).toBeLessThanOrEqual(PART);
      expect(shown.isWellFormed()).toBe(true);
      whole += shown;
      if (next === undefined) break;
      from = Number(next);
    }
    expect(whole).toBe(body);
  });

  test("says when there is no more, and when the end is missing", async () => {
    expect((await run(page("<p>x"), { from: 5 })).text).toBe("[There are only 1 characters.]");
    expect((await run(page("<p>x", { truncated: true }))).text).toBe("x\n\n[The page is longer; the rest cannot be read.]");
  });

  test("gives at most 200 links, those of the shown part first", async () => {
    const link = (index: number): string => `<p>${"x".repeat(200)}<a href="/${index}/">n</a>`;
    const body = Array.from({ length: 500 }, (_, index) => link(index)).join("");
    const { links } = await run(page(body), { from: 3 * PART });
    expect(links?.length).toBe(200);
    expect(links?.[0]).not.toBe("https://example.com/0/");
    expect((await run(page(body))).links?.[0]).toBe("https://example.com/0/");
  });

  test("follows no redirect to another host for who may reach some hosts only, also where a person said yes", async () => {
    const options: EgressOptions[] = [];
    const stores = {
      web: {
        pdf: parsePdf,
        async fetch(_url: string, asked: EgressOptions) {
          options.push(asked);
          return page("Hi");
        },
      },
    };
    for (const profile of [null, ["net.fetch:*"], ["net.fetch:example.com"]])
      await webFetch.execute({ url: URL_HERE }, { ...CONTEXT, marks: null, profile, signal: new AbortController().signal, stores });
    expect(options.map(({ follow }) => follow)).toEqual(["any", "any", "same-host"]);
  });

  describe("where the model wrote the address itself", () => {
    test("redirects stay on the host, and no links are given: the answer may repeat what the address told it", async () => {
      const body = '<a href="/a">a</a> <a href="https://other.example.org/?secret">b</a> <a href="https://example.com:8443/">c</a>';
      const answer = await run(page(body), {}, true);
      expect(answer.asked[0]?.options.follow).toBe("same-host");
      expect(answer.links ?? []).toEqual([]);
    });

    test("a redirect that is not followed is told with its target, as the server's word", async () => {
      const location = "https://other.example.org/next";
      const message = `example.com leads on to ${location}, which is not followed: it is on another host.`;
      const answer = await run({ ok: false, code: "redirect_refused", message, sent: true, location }, {}, true);
      expect(answer.text).toContain(location);
      expect(answer.links ?? []).toEqual([]);
      expect(answer.untrusted).toBe("example.com/page");
    });
  });

  test.each([
    ["http://169.254.169.254/", "169.254.169.254 is an address of a private or reserved network."],
    ["example.com", "The address must start with http:// or https:// and a host."],
    ["https://user:pw@example.com/", "The address must not hold a user name or password."],
  ])("refuses %s with the filter's reason: nothing is asked, of the network or of the user", async (url, reason) => {
    await expect(run(page("x"), { url })).rejects.toMatchObject({ name: "MargayError", message: reason });
    expect(webFetch.destinations({ url })).toEqual([]);
    expect(webFetch.capabilities({ url })).toEqual(["net.fetch:invalid.example"]);
  });

  test("refuses with the reason of the client", async () => {
    const failure = (code: "network" | "unsupported_type", sent: boolean) => ({
      ok: false as const,
      code,
      message: `It is ${code}.`,
      sent,
    });
    await expect(run(failure("network", true))).rejects.toMatchObject({ message: "It is network." });
    expect(await run(failure("unsupported_type", true))).toMatchObject({
      output: { error: "It is unsupported_type." },
      untrusted: "example.com/page",
    });
  });

  test("ends with its turn", async () => {
    const stores = {
      web: { pdf: parsePdf, fetch: async (): Promise<EgressResult> => ({ ok: false, code: "timeout", message: "stopped", sent: true }) },
    };
    const context = { ...CONTEXT, signal: AbortSignal.abort(new Error("over")), stores };
    await expect(webFetch.execute({ url: URL_HERE }, context)).rejects.toThrow("over");
  });

  test("declares what the gate needs: host, address as it is asked for, a line for a person", () => {
    const url = "HTTPS://Example.COM:443/a b#c".replace(" ", "%20");
    expect(webFetch.capabilities({ url })).toEqual(["net.fetch:example.com"]);
    expect(webFetch.capabilities({ url: "https://example.com:8443/" })).toEqual(["net.fetch:example.com:8443"]);
    expect(webFetch.destinations({ url })).toEqual(["https://example.com/a%20b"]);
    expect(webFetch.describe?.({ url })).toBe("Read https://example.com/a%20b");
    expect(webFetch.effect({ url })).toBe("read");
    expect(covers("net.fetch:*", webFetch.capabilities({ url })[0] ?? "")).toBe(true);
    expect(DEFAULT_GRANTS).toBeDefined();
    expect(webFetch.input.safeParse({ url, other: 1 }).success).toBe(false);
    expect(webFetch.input.safeParse({ url, from: -1 }).success).toBe(false);
  });

  test("a link that it gave is given to the gate byte for byte, also when the model adds a fragment", async () => {
    const { links } = await run(page('<a href="https://Other.example.org/Ä b#x">a</a>'));
    const provenance = { word: new UserWord([]), given: new Set(links) };
    const [link = ""] = links ?? [];
    for (const url of [link, `${link}#y`]) {
      expect(webFetch.destinations({ url }).map((one) => sourceOf(one, "read", provenance))).toEqual(["given"]);
    }
    expect(webFetch.destinations({ url: `${link}?q=1` }).map((one) => sourceOf(one, "read", provenance))).toEqual(["model"]);
  });

  test("with a stored secret is asked about like anything that leaves: services change things on a GET", () => {
    expect(webFetch.effect({ url: URL_HERE })).toBe("read");
    expect(webFetch.effect({ url: URL_HERE, secret: "slack" })).toBe("external");
    expect(webFetch.describe?.({ url: URL_HERE, secret: "slack" })).toContain("with the secret slack");
  });

  test("takes secrets out of the whole page before it gives a part of it", async () => {
    const value = "hunter2-very-long-token-value-0001";
    const result = page(`it said ${value}, twice ${value}`, { mediaType: "text/plain" });
    const context = {
      ...CONTEXT,
      scrub: async (text: string) => text.replaceAll(value, "[taken out]"),
      stores: { web: { pdf: parsePdf, fetch: async () => result } },
    };
    const { output } = await webFetch.execute({ url: URL_HERE, from: 9 }, context);
    expect(String(output)).not.toContain("unter2");
  });

  test("says what a server led to as its word, and what it never reached as its own", async () => {
    const failed = { ok: false, code: "network", message: "system-notice.example.com could not be reached.", sent: true } as const;
    expect(await run({ ...failed, redirected: true })).toMatchObject({ untrusted: "example.com/page" });
    await expect(run(failed)).rejects.toThrow("could not be reached");
  });
});
