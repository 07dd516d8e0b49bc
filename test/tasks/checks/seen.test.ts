import { describe, expect, test } from "vitest";
import type { CheckedCall } from "../../../src/tasks/checked-task.ts";
import { checkSeen } from "../../../src/tasks/checks/seen.ts";

const call = (tool: string, input: unknown, output: unknown = "", state: CheckedCall["state"] = "done"): CheckedCall => ({
  step: 0,
  tool,
  input,
  state,
  output: () => output,
});
const open = call("browser_open", { url: "https://www.shop.example.com/a" });
const submit = call("browser_submit", { id: "shop.example.com#1" }, "Sent: POST https://shop.example.com/order\nTab t1");
const notes = (calls: CheckedCall[], result: string): (string | null)[] => checkSeen({ calls, result }).map(({ note }) => note);

describe("checkSeen()", () => {
  test("finds nothing where the page is named and what was sent was sent", () => {
    expect(notes([open], "shop.example.com sells pens for 2 €.")).toEqual([]);
    expect(notes([open, submit], "I ordered it at https://shop.example.com/a.")).toEqual([]);
    expect(notes([], "Nothing to look at.")).toEqual([]);
    expect(notes([open], "At shop.example.com nothing was ordered, since you said no.")).toEqual([]);
  });

  test("names what is missing: the page, and the sending", () => {
    expect(notes([open], "Pens are 2 €.")).toEqual(["It does not say on which page this was seen."]);
    expect(notes([open], "I ordered it at shop.example.com.")).toEqual(["Nothing was sent."]);
    expect(notes([open, call("browser_submit", {}, "Nothing was sent.")], "Your table was booked at shop.example.com.")).toEqual([
      "Nothing was sent.",
    ]);
    const page = "Nothing was sent.\nTab t1: https://shop.example.com/a\n\nSent: POST https://shop.example.com/order";
    expect(notes([open, call("browser_submit", {}, page)], "I ordered it at shop.example.com.")).toEqual(["Nothing was sent."]);
    expect(notes([open, call("browser_submit", {}, {}, "denied")], "I have booked it at shop.example.com.")).toEqual(["Nothing was sent."]);
  });
});
