import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORGOTTEN, Redaction } from "../../src/memory/redaction.ts";

const about = (text: string, quote: string | null = null) => new Redaction([{ text, quote }]);

describe("Redaction.text()", () => {
  test("takes out the sentence that says it, and leaves the others byte for byte", () => {
    const said = "Good morning!  I live in Denver.\nPlease add milk to my list.";
    expect(about("Lives in Denver").text(said)).toBe(`Good morning!  ${FORGOTTEN}\nPlease add milk to my list.`);
  });

  test("finds it in other words of the same stems, and by a code alone", () => {
    expect(about("User lives in Denver").text("She was living in Denver then.")).toBe(FORGOTTEN);
    expect(about("Locker code is ZX-4417-Q").text("I noted zx-4417-q for you. Anything else?")).toBe(`${FORGOTTEN} Anything else?`);
  });

  test.each([
    ["Живу в Осло", "Привет! Живу в Осло. Пока."],
    ["Lives in Ålesund", "She lives in Ålesund."],
    ["Isst gern Äpfel", "Ich ESSE Äpfel und ISST GERN ÄPFEL."],
  ])("finds %j whatever the letters", (text, said) => {
    expect(about(text, text).text(said)).toContain(FORGOTTEN);
  });

  test("takes out the very words that it was made of", () => {
    const quote = "Between us, the party is a surprise";
    expect(about("Is planning a surprise party", quote).text(`${quote}. See you!`)).toBe(`${FORGOTTEN} See you!`);
  });

  test("takes out a message that says it over several sentences", () => {
    const quote = "It is my knee. The left one";
    expect(about("Has a bad left knee", quote).text(`${quote}.`)).not.toContain("knee");
  });

  test.each(["The weather in Denver is fine.", "I live in Oslo.", "Call me in 2026.", ""])("leaves %j", (said) => {
    expect(about("Lives in Denver since 2026").text(said)).toBe(said);
  });

  test("leaves nothing of a code, wherever it stands", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(about("Door code 99-ABXY-12").text(`${before} 99-ABXY-12 ${after}`).toLowerCase()).not.toContain("99-abxy-12");
      }),
    );
  });
});

test("Redaction.value() goes through JSON and keeps its shape", () => {
  const value = { text: "I live in Denver.", list: ["Denver is big", { n: 1, deep: "She lives in Denver" }], nothing: null };
  expect(about("Lives in Denver").value(value)).toEqual({
    text: FORGOTTEN,
    list: ["Denver is big", { n: 1, deep: FORGOTTEN }],
    nothing: null,
  });
});

test("Redaction.value() takes out a code that was given as a number, and leaves what only refers to something", () => {
  expect(about("Door code is 4711").value({ code: 4711, n: 12, id: "4711-a", key: "u/1/4711" })).toEqual({
    code: FORGOTTEN,
    n: 12,
    id: "4711-a",
    key: "u/1/4711",
  });
});

test("Redaction.text() reads texts of any shape in one pass", () => {
  const redaction = about("Lives in Denver");
  for (const piece of [".", " ", "!?", "a.", ". ", "\n"]) {
    const text = `Denver lives ${piece.repeat(100_000)}b`;
    expect(redaction.text(text).endsWith("b") || redaction.text(text).endsWith(FORGOTTEN)).toBe(true);
  }
});
