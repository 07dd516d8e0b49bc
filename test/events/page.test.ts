import { describe, expect, test } from "vitest";
import { readPage } from "../../src/events/sources/page.ts";

const page = (body: string, mediaType = "text/html") => ({
  bytes: new Uint8Array(new TextEncoder().encode(body)),
  charset: null,
  mediaType,
  url: "https://shop.example.com/a",
});
const html = (...lines: string[]) =>
  page(`<html><head><title>Shop</title></head><body><main>${lines.map((line) => `<p>${line}</p>`).join("")}</main></body></html>`);
const look = (what: ReturnType<typeof page>, snapshot: string | null, contains: string | null = null) =>
  readPage(what, { contains, snapshot, now: 1 });
const snapshotOf = (what: ReturnType<typeof page>, contains: string | null = null): string => {
  const read = look(what, null, contains);
  return read.ok ? read.snapshot : "";
};

describe("readPage()", () => {
  test("learns at the first look, and keeps nothing of what the page says", () => {
    const read = look(html("The price is 12 crowns"), null);
    expect(read).toMatchObject({ ok: true, events: [] });
    expect(JSON.stringify(read)).not.toContain("price");
  });

  test("says which lines are new and how many are gone, and nothing where only white space differs", () => {
    const before = snapshotOf(html("Bread", "Sold out"));
    expect(look(html("Bread  ", " Sold   out"), before)).toMatchObject({ events: [] });
    expect(look(html("Bread", "Back in stock", "Hurry"), before)).toMatchObject({
      events: [
        {
          title: "Shop: 2 new lines, 1 line gone",
          fields: { added: ["Back in stock", "Hurry"], added_count: 2, removed_count: 1, url: "https://shop.example.com/a" },
          content: expect.stringContaining("+ Back in stock"),
        },
      ],
    });
    expect(look(html("Bread"), before)).toMatchObject({ events: [{ title: "Shop: 1 line gone" }] });
  });

  test("looks at lines with a text only, where one is named", () => {
    const before = snapshotOf(html("Price: 12", "Visitors: 1"), "price");
    expect(look(html("Price: 12", "Visitors: 2"), before, "price")).toMatchObject({ events: [] });
    expect(look(html("Price: 11", "Visitors: 2"), before, "price")).toMatchObject({ events: [{ fields: { added: ["Price: 11"] } }] });
  });

  test("counts the same change once more when it comes again", () => {
    const [a, b] = [snapshotOf(html("A")), snapshotOf(html("B"))];
    const first = readPage(html("B"), { contains: null, snapshot: a, now: 1 });
    const second = readPage(html("B"), { contains: null, snapshot: a, now: 2 });
    expect(first.ok && second.ok && first.events[0]?.key !== second.events[0]?.key).toBe(true);
    expect(look(html("B"), b)).toMatchObject({ events: [] });
  });

  test("says of what is no text that it cannot be compared", () => {
    expect(look(page("x", "image/png"), null)).toMatchObject({ ok: false, why: expect.stringContaining("image/png") });
    expect(look(page("plain", "text/plain"), null)).toMatchObject({ ok: true });
  });
});
