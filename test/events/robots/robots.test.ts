import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RobotsStore } from "../../../src/db/object/robots.ts";
import { requestHeaders } from "../../../src/egress/request-headers.ts";
import { mayAsk, readRobots } from "../../../src/events/robots/read-robots.ts";
import { KEPT_MS, Robots, TOKEN } from "../../../src/events/robots/robots.ts";
import { objectStorage } from "../../support/object-storage.ts";
import { type Pages, startWeb } from "../../support/web-server.ts";

const asks = (text: string, path: string): boolean => mayAsk(readRobots(text, "margay"), new URL(`https://a.example${path}`));

describe("readRobots() and mayAsk(), by RFC 9309", () => {
  test("takes the group of our name in any case, else that for everybody, and puts groups together", () => {
    const text =
      "User-agent: *\nDisallow: /\n\nUser-Agent: MARGAY/2.0\nDisallow: /a\n\nuser-agent: other\nuser-agent: margay\nDisallow: /b";
    expect(["/", "/a", "/b", "/c"].map((path) => asks(text, path))).toEqual([true, false, false, true]);
    expect(asks("User-agent: margaybot\nDisallow: /", "/")).toBe(true);
    expect(asks("User-agent: foo\nDisallow: /\nUser-agent: *\nDisallow: /x", "/x")).toBe(false);
  });

  test("gives the longest rule its word, and of equal ones the one that allows", () => {
    const text = "User-agent: *\nAllow: /p\nDisallow: /page\nAllow: /page/open\nDisallow: /same\nAllow: /same";
    expect(["/p", "/page", "/page/x", "/page/open/1", "/same"].map((path) => asks(text, path))).toEqual([true, false, false, true, true]);
  });

  test.each([
    ["/fish", ["/fish", "/fish.html", "/fishheads/y?x=1"], ["/Fish.asp", "/cat/fish"]],
    ["/fish/", ["/fish/", "/fish/?id=1"], ["/fish", "/fish.html"]],
    ["/*.php", ["/index.php", "/folder/any.php.file?x"], ["/", "/windows.PHP"]],
    ["/*.php$", ["/filename.php", "/folder/a.php"], ["/filename.php?parameters", "/filename.php/"]],
    ["/fish*.php", ["/fish.php", "/fishheads/catfish.php?x"], ["/Fish.PHP"]],
    ["/a*b*a$", ["/aba", "/axbxa", "/abaa"], ["/ab", "/abab"]],
    ["/ab$", ["/ab"], ["/a", "/abb"]],
    ["/**x", ["/x", "/ax"], ["/a"]],
    ["*", ["/", "/a"], []],
    ["/foo/bar?qux=taz&baz=http://foo.bar?tar&par", ["/foo/bar?qux=taz&baz=http://foo.bar?tar&par"], ["/foo/bar"]],
    ["/foo/bar/ツ", ["/foo/bar/%E3%83%84", "/foo/bar/ツ"], ["/foo/bar/"]],
    ["/foo/bar/%62%61%7A%2f", ["/foo/bar/baz%2F"], ["/foo/bar/baz/"]],
  ])("%s", (pattern, refused, allowed) => {
    const text = `User-agent: *\nDisallow: ${pattern}`;
    for (const path of refused) expect(asks(text, path), path).toBe(false);
    for (const path of allowed) expect(asks(text, path), path).toBe(true);
  });

  test("is not led astray by comments, other records, white space, a byte order mark, or rules before any name", () => {
    const text =
      "\uFEFFDisallow: /\r\n # c\r\nUser-agent : margay # us\rSitemap: https://a.example/s\rCrawl-delay: 5\nuser-agent: b\n\tDisallow:\t/x # no\nDisallow:\nnonsense\n<html>";
    expect(["/", "/x", "/y"].map((path) => asks(text, path))).toEqual([true, false, true]);
    expect(asks("User-agent: *\nDisallow: /", "/robots.txt")).toBe(true);
  });

  test("takes any text, also one that is made to take room and time", () => {
    const line = fc.constantFrom(
      "User-agent: margay",
      "User-agent: *",
      "Disallow: /*a*b$",
      "Allow: /%zz%41*$*",
      "disallow:",
      "x: y",
      "*",
      "$",
      "#",
    );
    const path = fc.array(fc.constantFrom("a", "b", "/", "%", "*", "$", "ツ", "?")).map((letters) => `/${letters.join("")}`);
    fc.assert(fc.property(fc.array(fc.oneof(line, fc.string())), path, (lines, at) => void asks(lines.join("\n"), at)));
    const names = Array.from({ length: 15_000 }, (_one, index) => `user-agent: a${index}`).join("\n");
    const many = Array.from({ length: 20_000 }, () => "disallow: /b").join("\n");
    expect(readRobots(`${names}\n${many}`, "margay")).toEqual([]);
    expect(asks(`user-agent: *\n${`disallow: ${"*a".repeat(900)}b$\n`.repeat(250)}`, `/${"a".repeat(1_900)}`)).toBe(true);
  });
});

describe("Robots", () => {
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
  const FILE = "https://a.example/robots.txt";
  function home() {
    const clock = { now: Date.parse("2026-11-20T12:00:00Z") };
    const robots = new Robots({ egress: web.egress, store: new RobotsStore(objectStorage().sql), now: () => clock.now });
    return { clock, judge: async (address = "https://a.example/news") => (await robots.judge(address)).kind };
  }

  test("its token is the name that requests are made by", () => {
    expect(requestHeaders({}, true).get("user-agent")?.toLowerCase()).toBe(TOKEN);
  });

  test("asks once a day and site, also over a redirect", async () => {
    pages[FILE] = { status: 301, headers: { location: "https://www.a.example/r" } };
    pages["https://www.a.example/r"] = { body: "user-agent: *\ndisallow: /news" };
    const { judge, clock } = home();
    expect([await judge(), await judge("https://a.example/else"), await judge()]).toEqual(["no", "yes", "no"]);
    expect(web.asked).toHaveLength(2);
    pages[FILE] = { body: "" };
    clock.now += KEPT_MS;
    expect(await judge()).toBe("yes");
    expect(web.asked).toHaveLength(3);
  });

  test.each([401, 403, 404, 410, 429])("lets everything be asked for where there is none (status %d)", async (status) => {
    pages[FILE] = { status };
    expect(await home().judge()).toBe("yes");
  });

  test("does not look now where the site fails, and goes by what it said before where it said something", async () => {
    pages[FILE] = { status: 503 };
    const { judge, clock } = home();
    expect(await judge()).toBe("later");
    pages[FILE] = { body: "user-agent: margay\ndisallow: /news" };
    expect(await judge()).toBe("no");
    pages[FILE] = { status: 500 };
    clock.now += 2 * KEPT_MS;
    expect([await judge(), await judge("https://a.example/x")]).toEqual(["no", "yes"]);
  });

  test("reads the first 500 KiB", async () => {
    pages[FILE] = { body: `user-agent: *\ndisallow: /news\n${"#".repeat(512_000)}\nallow: /news` };
    expect(await home().judge()).toBe("no");
  });

  test("leaves an address that cannot be asked for to whoever asks for it", async () => {
    const { judge } = home();
    expect([await judge("nonsense"), await judge("https://127.0.0.1/x")]).toEqual(["yes", "yes"]);
  });
});
