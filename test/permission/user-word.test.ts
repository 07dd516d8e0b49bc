import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDestination } from "../../src/permission/destination.ts";
import { readHost } from "../../src/permission/host.ts";
import { looksLikeOrders } from "../../src/permission/injection.ts";
import { sourceOf } from "../../src/permission/provenance.ts";
import { UserWord } from "../../src/permission/user-word.ts";
import { lookAlikes, visible } from "../../src/permission/visible.ts";

const names = (said: string, destination: string): boolean => new UserWord([said]).names(readDestination(destination));

describe("UserWord.names()", () => {
  test.each([
    ["Mail the report to ana@example.com, please.", "ana@example.com"],
    ["Mail (Ana@Example.COM)", "ana@example.com"],
    ["to: ana@example.com;bob@example.com", "Bob <bob@example.com>"],
    ["write to mailto:ana@example.com", "ana@example.com"],
    ["Post it to https://hooks.example.com/T1/B1.", "https://hooks.example.com/T1/B1"],
    ["Post it to <https://hooks.example.com/T1/B1?x=1>", "https://hooks.example.com/T1/B1"],
    ["see [here](https://example.com/a(b)c)", "https://example.com/a(b)c"],
    ["upload to example.com", "https://example.com/upload"],
    ["upload to https://example.com/", "https://example.com/upload"],
    ["bücher.example please", "https://xn--bcher-kva.example/x"],
    ["call +47 912 34 567", "+4791234567"],
    ["call 0047 91234567 now", "+47 912 34 567"],
    ["pay 200 to account 1234 56 78901", "12345678901"],
    ["tell Ana Berg", "ana berg"],
    ["post in #general", "general"],
    ["post in #general", "#general"],
    ["DM @ana_b", "@ana_b"],
  ])("takes %j for %j", (said, destination) => expect(names(said, destination)).toBe(true));

  test.each([
    ["Mail ana@example.com", "ana@example.com.evil.org"],
    ["Mail ana@example.com.evil.org", "ana@example.com"],
    ["Mail banana@example.com", "ana@example.com"],
    ["Mail ana@example.com", "ana@examp1e.com"],
    ["Mail ana@example.com", "аna@example.com"],
    ["Mail ana@example.com", "ana+x@example.com"],
    ["Mail somebody at example.com", "ana@example.com"],
    ["Post to https://hooks.example.com/T1/B1", "https://hooks.example.com/EVIL"],
    ["Post to https://hooks.example.com/T1", "https://hooks.example.com/T1/B2"],
    ["Post to https://example.com/a", "https://example.com.evil.org/a"],
    ["Post to https://example.com/a", "https://example.com:8443/a"],
    ["Post to example.com", "https://a.example.com/"],
    ["call 12345678", "1234567"],
    ["call 12345678", "123456789"],
    ["tell Ana", "Ana Berg"],
    ["tell Banana", "Ana"],
    ["in general I like it", "#general"],
    ["go", "go"],
    ["", "ana@example.com"],
    ["", ""],
  ])("does not take %j for %j", (said, destination) => expect(names(said, destination)).toBe(false));

  test("is not widened by anything written around an address", () => {
    const address = fc.constantFrom("ana@example.com", "https://example.com/a/b", "bob@sub.example.org");
    const around = fc.string({ unit: fc.constantFrom(...Array.from("abc.-_@/:%?#1")), maxLength: 6 });
    fc.assert(
      fc.property(address, around, around, (one, before, after) => {
        const glued = `${before}${one}${after}`;
        if (readDestination(glued).kind === "name" || glued === one) return;
        // A whole address that something else stands before is still a whole address, and the user wrote it.
        if (one.startsWith("https") && before !== "") return;
        const read = readDestination(glued);
        const plain = readDestination(one);
        // Whoever said the glued address named that one; the plain one only where both are the same.
        if (new UserWord([glued]).names(plain)) expect(JSON.stringify(read)).toContain(plain.kind === "email" ? plain.address : "example");
      }),
    );
  });

  test("takes whole what is kept of the user's, such as a contact", () => {
    const word = new UserWord([], ["ana@example.com", "Ana Berg", "https://example.com/hook"]);
    for (const known of ["ana@example.com", "Ana Berg", "https://example.com/hook"]) expect(word.names(readDestination(known))).toBe(true);
    expect(word.names(readDestination("bob@example.com"))).toBe(false);
  });
});

describe("sourceOf()", () => {
  const given = new Set(["https://news.example/a?id=7"]);
  const source = (said: string, destination: string, effect: "read" | "external" = "read") =>
    sourceOf(destination, effect, { word: new UserWord([said]), given });

  test("takes any page of a host that the user named, to read", () => {
    expect(source("what is new on example.com?", "https://example.com/news?page=2")).toBe("user");
    expect(source("read https://example.com/a", "https://example.com/b")).toBe("user");
    expect(source("read https://example.com/a", "https://sub.example.com/b")).toBe("model");
  });

  test("takes an address that a page gave only byte for byte, and only to read", () => {
    expect(source("", "https://news.example/a?id=7")).toBe("given");
    expect(source("", "https://news.example/a?id=8")).toBe("model");
    expect(source("", "https://news.example/a?id=7&q=secret")).toBe("model");
    expect(source("", "https://NEWS.example/a?id=7")).toBe("model");
    expect(source("", "https://news.example/a?id=7", "external")).toBe("model");
  });

  test("wants the very destination to be named where something is sent", () => {
    expect(source("read https://example.com/a", "https://example.com/b", "external")).toBe("model");
    expect(source("post to https://example.com/b", "https://example.com/b", "external")).toBe("user");
  });
});

test("UserWord takes a site with and without www. for the same one to read from, and nothing else below or above it", () => {
  const reads = (said: string, asked: string): boolean => {
    const host = readHost(asked);
    return host !== null && new UserWord([said]).namesHost(host);
  };
  expect(reads("read example.com", "www.example.com")).toBe(true);
  expect(reads("read https://www.example.com/a", "example.com")).toBe(true);
  for (const asked of [
    "www.www.example.com",
    "api.example.com",
    "example.com.evil.example",
    "wwwexample.com",
    "www.example.com:8443",
    "com",
    "www.com",
  ])
    expect(reads("read example.com", asked), asked).toBe(false);
  expect(reads("read www.com", "com")).toBe(false);
  expect(new UserWord(["read example.com"]).names(readDestination("https://www.example.com/"))).toBe(false);
});

test("UserWord takes no file name and no missing space for a host, but for the page of that address alone", () => {
  const source = (said: string, address: string) => sourceOf(address, "read", { word: new UserWord([said]), given: new Set() });
  for (const [said, host] of [
    ["Please read README.md and run install.sh", "readme.md"],
    ["Please read README.md and run install.sh", "install.sh"],
    ["look at setup.py, report.zip and film.mov", "report.zip"],
    ["Thanks.it works now", "thanks.it"],
    ["that is all.is it?", "all.is"],
  ] as const) {
    expect(source(said, `https://${host}/?q=what-it-knows`), host).toBe("model");
    expect(source(said, `https://${host}/`), host).toBe("user");
  }
  for (const said of ["https://readme.md/a", "www.repubblica.it", "repubblica.it/politica", "example.com"])
    expect(source(`read ${said}`, `${said.startsWith("http") ? said : `https://${said}`}/x?y=1`), said).toBe("user");
});

test("the kernel's readers end on hostile texts: quadratic work would take minutes", () => {
  const long = (piece: string): string => piece.repeat(Math.ceil(100_000 / piece.length));
  for (const piece of [
    ")",
    "a)",
    ".",
    "a.",
    "a.com ",
    "a@b.co ",
    "a@",
    '""',
    '"\\"',
    "token to a@",
    "\n",
    "ai must ",
    "\u00a0",
    "<",
    "1 ",
    "((",
    "https://a",
  ]) {
    const text = long(piece);
    for (const whole of [text, `a${text}`, `${text}é`, `"${text}<a@b.co>`]) {
      const word = new UserWord([whole]);
      word.names(readDestination(whole));
      looksLikeOrders(whole);
      lookAlikes(whole);
      visible(whole);
    }
  }
}, 60_000);
