import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Fetch } from "../../src/egress/resolve.ts";
import { PAUSED_AFTER, TOLD_AFTER } from "../../src/events/polling.ts";
import { delivery, listenerHome, pr } from "../support/listener-home.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const URL_OF_FEED = "https://news.example.com/feed";

/** What the server says next, and what it was asked. */
let says: (request: IncomingMessage, response: ServerResponse) => void;
const seen: IncomingMessage[] = [];
const server = createServer((request, response) => {
  seen.push(request);
  says(request, response);
});
let base = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void (seen.length = 0));

/** Every name leads to the one server, so that the filter in front of it is the real one. */
const fetchThere: Fetch = (url, init) => {
  const { pathname, search } = new URL(url);
  return fetch(`${base}${pathname}${search}`, init);
};
const home = () => listenerHome({ fetch: fetchThere });

const feed = (...ids: number[]): string =>
  `<rss version="2.0"><channel><title>News</title>${ids.map((id) => `<item><guid>${id}</guid><title>Item ${id}</title><link>https://news.example.com/${id}</link></item>`).join("")}</channel></rss>`;
const answer =
  (body: string, { status = 200, ...headers }: { status?: number; etag?: string; [name: string]: string | number | undefined } = {}) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/rss+xml", ...headers });
    response.end(body);
  };
const listen = { source: { kind: "feed", url: URL_OF_FEED }, action: { kind: "prompt", prompt: "Sum it up" }, batch_seconds: 0 };

describe("Polling", () => {
  test("plans the wake for what waits while a slow server is looked at, and wakes for that look no more", async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const one = listenerHome({ fetch: (url, init) => gate.then(() => fetchThere(url, init)) });
    says = (_request, response) => void response.end(feed(1));
    await one.add({ source: { kind: "feed", url: URL_OF_FEED }, action: { kind: "prompt", prompt: "Read it" } });
    const hook = await one.add({ source: { kind: "hook", scheme: { name: "github" } }, action: { kind: "prompt", prompt: "Review it" } });
    await one.events.receive(delivery(one, hook.id, pr(1)));
    one.wakes.length = 0;
    const working = one.events.work();
    await expect.poll(() => one.wakes).toEqual([one.clock.now + 30_000]);
    release();
    await working;
  });

  test("asks a site what it lets programs do before it looks: while that is not known it waits, told no it stops and says so", async () => {
    const { add, later, told, events } = listenerHome({ fetch: fetchThere, robots: true });
    let robots = { status: 503, body: "" };
    says = (request, response) =>
      answer(request.url === "/robots.txt" ? robots.body : feed(1), request.url === "/robots.txt" ? { status: robots.status } : {})(
        request,
        response,
      );
    const { id } = await add(listen);
    await later(0);
    expect(events.listeners.get(id)).toMatchObject({
      status: "active",
      poll: { error: expect.stringContaining("robots.txt could not be read") },
    });
    expect(seen.map(({ url }) => url)).toEqual(["/robots.txt"]);
    robots = { status: 200, body: "User-agent: Margay\nDisallow: /feed\n" };
    await later(2 * HOUR);
    expect(seen.map(({ url }) => url)).toEqual(["/robots.txt", "/robots.txt"]);
    expect(events.listeners.get(id)).toMatchObject({ status: "paused" });
    expect(told.at(-1)?.text).toContain("asks programs not to look at this address");
  });

  test("learns at the first look, and begins once for what is new after it, as content under the user's own words", async () => {
    const { add, later, begun, log } = home();
    says = answer(feed(2, 1));
    const { id } = await add(listen);
    await later(0);
    expect(begun).toEqual([]);
    says = answer(feed(4, 3, 2, 1));
    await later(HOUR);
    await later(0);
    expect(begun).toHaveLength(1);
    expect(begun[0]).toMatchObject({
      route: "event",
      text: "Sum it up",
      word: true,
      tainted: false,
      content: [{ kind: "context", origin: "feed “Feed of news.example.com”", text: expect.stringMatching(/2 events.*Item 3.*Item 4/su) }],
    });
    await later(HOUR);
    expect(begun).toHaveLength(1);
    expect(log(id).map(({ outcome, title }) => [outcome, title])).toEqual([
      ["fired", "Item 4"],
      ["fired", "Item 3"],
    ]);
  });

  test("takes a 304 only from the address that told the mark: one that leads elsewhere by now is read", async () => {
    const { add, later, log } = home();
    let to = "/a";
    const marked = feed(1);
    says = (request, response) => {
      if (request.url === "/feed") response.writeHead(302, { location: to }).end();
      else if (request.headers["if-none-match"] === '"1"') response.writeHead(304).end();
      else answer(request.url === "/a" ? marked : feed(2, 1), { etag: '"1"' })(request, response);
    };
    const { id } = await add(listen);
    await later(0);
    await later(HOUR);
    expect(seen.map(({ url }) => url)).toEqual(["/feed", "/a", "/feed", "/a"]);
    to = "/b";
    await later(HOUR);
    await later(0);
    expect(log(id).map(({ title }) => title)).toEqual(["Item 2"]);
    await later(HOUR);
    expect(seen.slice(4).map(({ url }) => url)).toEqual(["/feed", "/b", "/feed", "/b", "/feed", "/b"]);
  });

  test("asks whether it changed, and a 304 leaves everything as it is", async () => {
    const { add, later, events, begun } = home();
    says = answer(feed(1), { etag: '"a"', "last-modified": "Wed, 18 Nov 2026 09:00:00 GMT" });
    const { id } = await add(listen);
    await later(0);
    says = (request, response) => {
      response.writeHead(request.headers["if-none-match"] === '"a"' ? 304 : 500);
      response.end();
    };
    await later(HOUR);
    expect(seen[1]?.headers).toMatchObject({
      "if-none-match": '"a"',
      "if-modified-since": "Wed, 18 Nov 2026 09:00:00 GMT",
      "user-agent": "Margay",
    });
    expect(events.listeners.get(id).poll).toMatchObject({ failures: 0, error: null });
    says = answer(feed(2, 1));
    await later(HOUR);
    await later(0);
    expect(begun).toHaveLength(1);
  });

  test("looks no sooner than asked for, at one time of several, and not while paused", async () => {
    const { add, later, events, wakes, clock } = home();
    says = answer(feed(1));
    const { id } = await add(listen);
    await later(0);
    expect(wakes.at(-1)).toBe(clock.now + HOUR);
    await later(HOUR - MINUTE);
    expect(seen).toHaveLength(1);
    events.listeners.update(id, { status: "paused" }, { author: "user", tainted: false, channel: "web" });
    await later(HOUR);
    expect(seen).toHaveLength(1);
    events.listeners.update(id, { status: "active" }, { author: "user", tainted: false, channel: "web" });
    await later(0);
    expect(seen).toHaveLength(2);
  });

  test.each([
    [429, "7200"],
    [503, "Wed, 18 Nov 2026 11:15:00 GMT"],
  ])("waits as long as a server that says %d asks for", async (status, after) => {
    const { add, later, events, clock } = home();
    says = answer("", { status, "retry-after": after });
    const { id } = await add(listen);
    await later(0);
    expect(events.listeners.get(id).poll).toMatchObject({
      next_at: clock.now + 2 * HOUR,
      failures: 1,
      error: `The server answered with status ${status}.`,
    });
  });

  test("tells of what cannot be read, looks more and more seldom, and pauses it in the end", async () => {
    const { add, later, events, told, clock } = home();
    says = answer("<rss><channel><item>");
    const { id } = await add(listen);
    await later(0);
    expect(told).toMatchObject([{ text: expect.stringContaining("The feed is damaged"), tainted: true }]);
    const waits: number[] = [];
    for (let failures = 1; failures < PAUSED_AFTER; failures++) {
      const { poll } = events.listeners.get(id);
      expect(poll?.failures).toBe(failures);
      waits.push((poll?.next_at ?? 0) - clock.now);
      await later((poll?.next_at ?? 0) - clock.now);
    }
    expect(waits.slice(0, 4)).toEqual([HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]);
    expect(Math.max(...waits)).toBe(24 * HOUR);
    expect(events.listeners.get(id)).toMatchObject({
      status: "paused",
      paused_because: expect.stringContaining(`${PAUSED_AFTER} times in a row`),
    });
    expect(told).toHaveLength(3);
    expect(told[1]?.text).toContain(`${TOLD_AFTER} times in a row`);
    expect(told[2]?.text).toContain("I paused it");
  });

  test("pauses at once what its server says is gone", async () => {
    const { add, later, events } = home();
    says = answer("", { status: 410 });
    const { id } = await add(listen);
    await later(0);
    expect(events.listeners.get(id)).toMatchObject({ status: "paused", paused_because: expect.stringContaining("gone for good") });
  });

  test("asks for no private address, whatever a listener or a redirect names", async () => {
    const { add, later, events } = home();
    for (const url of ["http://127.0.0.1/feed", "http://[::1]/", "file:///etc/passwd", "https://user:pw@example.com/"])
      await expect(add({ ...listen, source: { kind: "feed", url } }), url).rejects.toMatchObject({ code: "invalid_request" });
    says = answer("", { status: 302, location: "https://169.254.169.254/latest/meta-data/" });
    const { id } = await add(listen);
    await later(0);
    expect(seen).toHaveLength(1);
    expect(events.listeners.get(id).poll?.error).toContain("private or reserved network");
  });

  test("takes the newest of very many entries at once, and says so", async () => {
    const { add, later, log } = home();
    says = answer(feed(0));
    const { id } = await add(listen);
    await later(0);
    says = answer(feed(...Array.from({ length: 80 }, (_, index) => 80 - index), 0));
    await later(HOUR);
    expect(log(id).filter(({ outcome }) => outcome === "throttled")).toMatchObject([{ title: "30 older entries" }]);
    expect(log(id)).toHaveLength(51);
  });

  test("begins for a page that changed, and starts anew when its address changes", async () => {
    const { add, later, events, begun } = home();
    const page = (text: string) => answer(`<html><title>Shop</title><p>${text}</p></html>`, { "content-type": "text/html" });
    says = page("Sold out");
    const { id } = await add({ ...listen, source: { kind: "page", url: "https://shop.example.com/" } });
    await later(0);
    says = page("In stock");
    await later(HOUR);
    await later(0);
    expect(begun).toMatchObject([{ content: [{ text: expect.stringContaining("+ In stock") }] }]);
    events.listeners.update(
      id,
      { source: { kind: "page", url: "https://other.example.com/", minutes: 60, contains: null } },
      { author: "user", tainted: false, channel: "web" },
    );
    says = page("Something else");
    await later(0);
    await later(HOUR);
    expect(begun).toHaveLength(1);
  });
});
