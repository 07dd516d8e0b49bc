import { describe, expect, test } from "vitest";
import type { TurnEvent } from "../../src/channels/events.ts";
import { Spoken } from "../../src/http/openai/spoken.ts";

const step = (n: number): TurnEvent => ({ type: "step", step: n, model: "m" });
const text = (n: number, delta: string): TurnEvent => ({ type: "text", step: n, delta });

const sayAll = (...events: TurnEvent[]): string => {
  const spoken = new Spoken();
  return events.map((event) => spoken.take(event)).join("");
};

describe("Spoken", () => {
  test("sets steps apart as paragraphs", () => {
    expect(sayAll(step(0), text(0, "Adding."), step(1), text(1, "It is "), text(1, "done."))).toBe("Adding.\n\nIt is done.");
  });

  test("says a second step once when it starts over and repeats itself", () => {
    const events = [
      step(0),
      text(0, "Adding."),
      step(1),
      text(1, "It is added to "),
      step(1),
      text(1, "It is"),
      text(1, " added to your list."),
    ];
    expect(sayAll(...events)).toBe("Adding.\n\nIt is added to your list.");
  });

  test("adds a paragraph when a step that starts over says something else", () => {
    expect(sayAll(step(0), text(0, "It is"), step(0), text(0, "Perhaps not."))).toBe("It is\n\nPerhaps not.");
  });
});
