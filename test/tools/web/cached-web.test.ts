import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rewriteQuotes } from "../../../src/db/object/quoting-tables.ts";
import { PageCacheStore } from "../../../src/db/object/page-cache.ts";
import { cachedWeb } from "../../../src/tools/web/cached-web.ts";
import { signedWeb } from "../../../src/tools/web/signed-web.ts";
import type { WebOptions } from "../../../src/tools/web/web-port.ts";
import { objectStorage } from "../../support/object-storage.ts";
import { type Page, type Pages, startWeb } from "../../support/web-server.ts";

const PAGE = "https://a.example/page";
const pages: Pages = {};
let web: Awaited<ReturnType<typeof startWeb>>;
beforeAll(async () => {
  web = await startWeb(pages);
});
afterAll(() => web.close());
beforeEach(() => {
  web.asked.length = 0;
  for (const address of Object.keys(pages)) delete pages[address];
});

/** One user's web, with a clock that the test moves. */
function home() {
  const clock = { now: Date.parse("2026-11-20T12:00:00Z") };
  const { sql } = objectStorage();
  const signed = signedWeb({
    egress: web.egress,
    vault: { useOf: () => ({ place: "bearer", hosts: ["a.example"] }), get: async () => "s3cret" },
    used: () => undefined,
  });
  const cache = new PageCacheStore(sql);
  const { fetch } = cachedWeb({ web: signed, cache, now: () => clock.now });
  const read = async (address = PAGE, options: WebOptions = {}): Promise<string> => {
    const result = await fetch(address, options);
    return result.ok ? `${result.status} ${result.url} ${result.mediaType} ${new TextDecoder().decode(result.bytes)}` : result.code;
  };
  return { clock, sql, cache, read };
}

describe("cachedWeb()", () => {
  test("gives what is fresh without asking, as it came, and asks when it is not any more", async () => {
    pages[PAGE] = { body: "one", headers: { "cache-control": "max-age=60" } };
    const { read, clock } = home();
    const first = await read();
    expect(await read(`${PAGE}#part`)).toBe(first);
    expect(web.asked).toHaveLength(1);
    pages[PAGE] = { body: "two" };
    clock.now += 60_000;
    expect(await read()).toContain("two");
    expect(web.asked).toHaveLength(2);
  });

  test("asks whether it changed, by the mark the server gave, and takes it as fresh again where it did not", async () => {
    pages[PAGE] = ({ "if-none-match": mark, "if-modified-since": since }): Page =>
      mark === '"v1"' && since === "Fri, 20 Nov 2026 10:00:00 GMT"
        ? { status: 304, headers: { "cache-control": "max-age=10" } }
        : { body: "one", headers: { "cache-control": "no-cache", etag: '"v1"', "last-modified": "Fri, 20 Nov 2026 10:00:00 GMT" } };
    const { read } = home();
    const first = await read();
    expect(await read()).toBe(first);
    expect(web.asked).toHaveLength(2);
    expect(await read()).toBe(first);
    expect(web.asked).toHaveLength(2);
  });

  test("reads a page that moved anew, where its new place says that it did not change", async () => {
    const moved = "https://a.example/moved";
    pages[PAGE] = { body: "one", headers: { "cache-control": "no-cache", etag: '"v1"' } };
    const { read } = home();
    await read();
    pages[PAGE] = { status: 301, headers: { location: moved } };
    pages[moved] = ({ "if-none-match": mark }): Page => (mark === '"v1"' ? { status: 304 } : { body: "one", headers: { etag: '"v1"' } });
    expect(await read()).toMatch(/^200 .*moved .*one$/);
  });

  test.each<[string, Pages[string], WebOptions]>([
    ["what must not be stored", { body: "x", headers: { "cache-control": "no-store" } }, {}],
    ["what was made for somebody", { body: "x", headers: { "cache-control": "private" } }, {}],
    ["an error", { status: 500, body: "x" }, {}],
    ["a page that is not there", { status: 404, body: "x" }, {}],
    ["what was cut off", { body: "x".repeat(2_000) }, { maxBytes: 1_000 }],
    ["what is very large", { body: "x".repeat(1_600_000) }, {}],
    ["what a secret opened", { body: "x", headers: { "cache-control": "max-age=600" } }, { secretName: "key" }],
    ["what was sent something", { body: "x" }, { method: "POST", body: "q" }],
  ])("does not keep %s", async (_what, page, options) => {
    pages[PAGE] = page;
    const { read } = home();
    await read(PAGE, options);
    await read(PAGE, options);
    expect(web.asked).toHaveLength(2);
  });

  test("does not give to a request with a secret what was kept without it", async () => {
    pages[PAGE] = ({ authorization }) => ({ body: authorization === undefined ? "public" : "mine" });
    const { read } = home();
    expect(await read()).toContain("public");
    expect(await read(PAGE, { secretName: "key" })).toContain("mine");
    expect(await read()).toContain("public");
    expect(web.asked).toHaveLength(2);
  });

  test("keeps a page under the address that answered, and follows a redirect again", async () => {
    pages["https://a.example/short"] = { status: 302, headers: { location: PAGE } };
    pages[PAGE] = { body: "there" };
    const { read } = home();
    await read("https://a.example/short");
    expect(await read()).toContain("there");
    await read("https://a.example/short", { follow: "none" });
    expect(web.asked).toEqual(["https://a.example/short", PAGE, "https://a.example/short"]);
  });

  test("forgets a page that is there no more, and everything where something is to be forgotten", async () => {
    pages[PAGE] = { body: "one", headers: { "cache-control": "no-cache", etag: '"v1"' } };
    const { read, sql, cache } = home();
    await read();
    expect(cache.get(PAGE)).not.toBeNull();
    delete pages[PAGE];
    await read();
    expect(cache.get(PAGE)).toBeNull();
    pages[PAGE] = { body: "my secret" };
    await read();
    rewriteQuotes(sql, { text: (text) => text, value: (value) => value });
    expect(cache.get(PAGE)).toBeNull();
  });

  test("keeps so many bytes at most, the newest, and nothing for more than a day", async () => {
    const { read, cache, clock } = home();
    const addresses = [1, 2, 3, 4, 5, 6, 7].map((n) => `https://a.example/${n}`);
    for (const address of addresses) {
      pages[address] = { body: "x".repeat(1_400_000) };
      await read(address);
      clock.now += 1;
    }
    expect(addresses.map((address) => cache.get(address) !== null)).toEqual([false, false, true, true, true, true, true]);
    cache.prune(clock.now + 86_400_000);
    expect(addresses.some((address) => cache.get(address) !== null)).toBe(false);
  });
});
