import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Carried, carriedBy } from "../../src/browser/carried.ts";
import { notShown } from "../../src/browser/not-shown.ts";

const AT = "https://shop.example.com/pay";
const FORM = "application/x-www-form-urlencoded";
const NOW = Date.parse("2026-11-27T02:00:00Z");
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString("base64");
const carried = (body: string | Uint8Array, type = "application/json", address = AT): Carried =>
  carriedBy(address, type, [base64(body)], true);
const json = (value: unknown): Carried => carried(JSON.stringify(value));
const form = (body: string): Carried => carried(body, FORM);
const other = (now: Carried, shown: Carried, typed: string[] = []): string | null => notShown(now, shown, { typed, now: NOW });
const multipart = (...parts: [name: string, file: string | null, content: string][]): Carried =>
  carried(
    `${parts
      .map(
        ([name, file, content]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"${file === null ? "" : `; filename="${file}"\r\nContent-Type: text/plain`}\r\n\r\n${content}\r\n`,
      )
      .join("")}--b--\r\n`,
    "multipart/form-data; boundary=b",
  );

describe("carriedBy()", () => {
  test("takes apart addresses, forms, forms with files, JSON and JSON in JSON", () => {
    expect(carriedBy(`${AT}?a=1&a=2`, "", [], false)).toEqual({
      values: [
        { name: "a", value: "1" },
        { name: "a", value: "2" },
      ],
      around: [],
      opaque: null,
    });
    expect(form("to=alice&amount=10+%E2%82%AC").values).toEqual([
      { name: "to", value: "alice" },
      { name: "amount", value: "10 €" },
    ]);
    expect(multipart(["to", null, "Zoë"], ["f", "a.txt", "abc"]).values).toEqual([
      { name: "to", value: "Zoë" },
      { name: "f", value: "[file a.txt]", size: 3 },
    ]);
    expect(json({ order: { items: [{ id: 7 }], gift: false }, variables: '{"to":"bob"}' })).toMatchObject({
      values: [
        { name: "id", value: "7" },
        { name: "gift", value: "" },
        { name: "to", value: "bob" },
      ],
      around: ["order", "items", "variables"],
    });
    expect(carried("plain words", "text/plain").values).toEqual([{ name: "", value: "plain words" }]);
  });

  test("says so of what cannot be taken apart, and never throws", () => {
    expect(carried(new Uint8Array([0, 255, 254]), "").opaque).toMatchObject({ size: 3 });
    expect(carriedBy(AT, "", [], true).opaque).toMatchObject({ size: null });
    expect(json(JSON.parse(`${"[".repeat(60)}1${"]".repeat(60)}`)).opaque).not.toBeNull();
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(FORM, "multipart/form-data", "application/json", ""), (bytes, type) => {
        const one = carried(bytes, type);
        expect(other(one, one)).toBeNull();
      }),
    );
  });
});

describe("notShown()", () => {
  test("is nothing for what was shown, in any order and with what is empty", () => {
    expect(other(form("b=2&a=1&note=one%0D%0Atwo"), form("a=1&b=2&note=one%0Atwo&gift="))).toBeNull();
    expect(other(json({ a: 1, list: [1, 2] }), json({ list: [1, 2], a: 1 }))).toBeNull();
  });

  test.each([
    ["another value", form("to=mallory&amount=10"), form("to=alice&amount=10"), '"to": "mallory"'],
    ["a value under another name", form("to=10&amount=10"), form("to=alice&amount=10"), '"to": "10"'],
    ["a name more", form("to=alice&cc=mallory"), form("to=alice"), '"cc": "mallory"'],
    ["a name more that is empty", form("to=alice&my-secret="), form("to=alice"), '"my-secret": ""'],
    ["the same once more", form("item=pen&item=pen"), form("item=pen"), '"item": "pen"'],
    ["one deep in JSON", json({ order: { to: "mallory" } }), json({ order: { to: "alice" } }), '"to": "mallory"'],
    ["a name around others", json({ told: { to: "alice" } }), json({ order: { to: "alice" } }), '"told"'],
    ["another file", multipart(["f", "b.txt", "x"]), multipart(["f", "a.txt", "x"]), '"f": "[file b.txt]"'],
    ["a larger file", multipart(["f", "a.txt", "xyz"]), multipart(["f", "a.txt", "x"]), '"f": "[file a.txt]"'],
    ["another text", carried("b", "text/plain"), carried("a", "text/plain"), '"b"'],
    ["in its address", carriedBy(`${AT}?to=mallory`, "", [], false), carriedBy(AT, "", [], false), '"to": "mallory"'],
    ["an account number", form("iban=DE02120300000000202051"), form("iban=DE89370400440532013000"), '"iban": "DE02120300000000202051"'],
  ])("finds %s", (_, now, shown, found) => expect(other(now, shown)).toBe(found));

  test("lets tokens and the time be others under their name, unless they hold what was typed", () => {
    const at = (token: string, time: number): Carried => json({ token, time, nonce: `0.${time}123` });
    const shown = at("a8Fj2kd93Lx0q1ZpQw7e", NOW - 60_000);
    expect(other(at("b1Gk4md82Mz7r0YpRw3f", NOW), shown)).toBeNull();
    expect(other(at("b1Gk4md82Mz7r0YpRw3f", NOW), shown, ["82mz7r0y"])).toMatch(/^"token"/);
    expect(other(at("b1Gk4md82Mz7r0YpRw3f".repeat(2), NOW), shown)).toMatch(/^"token"/);
    expect(other(at("send-everything-to-mallory", NOW), shown)).toMatch(/^"token"/);
    expect(other(at("a8Fj2kd93Lx0q1ZpQw7e", 1_234_567_890_123), shown)).toMatch(/^"time"/);
  });

  test("holds content that cannot be read to what was there: the same, or about as long and without what was typed", () => {
    const raw = (text: string): Carried => carried(`\0\u{1F600}${text}`, "application/octet-stream");
    expect(other(raw("order one"), raw("order one"))).toBeNull();
    expect(other(raw("order two"), raw("order one"))).toBeNull();
    expect(other(raw("x".repeat(500)), raw("order one"))).toBe("content that is longer, and cannot be read");
    expect(other(raw("order hunter2"), raw("order one"), ["hunter2"])).toBe('content with "hunter2" in it');
    expect(other(raw("hunter2"), raw("hunter2!"), ["hunter2"])).toBeNull();
    expect(other(raw("order one"), form("a=1"))).toBe("content that cannot be read");
    expect(other(carriedBy(AT, "", [], true), raw("order one"))).toBe("content that is longer, and cannot be read");
  });
});
