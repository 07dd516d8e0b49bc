import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ExecutionPlan, type PlanStepView, takePlan } from "../../src/web/api/plans.ts";
import {
  afterWords,
  doneShare,
  doneWords,
  jsonOf,
  mainSteps,
  leftOut,
  planTitle,
  runChoice,
  stepHelp,
  stepState,
  textParts,
  willSkip,
} from "../../src/web/plans/plan-words.ts";
import { freeName, likelyWords, planTexts, playbookName, timesIn, variableName } from "../../src/web/plans/playbook-words.ts";
import { couldWaitFor, inputOf, needsOf, stepOf, typedFields, typedStep } from "../../src/web/plans/typed-step.ts";
import { givenValues, missingValues, typedVariable, variableOf } from "../../src/web/plans/variables.ts";
import { plan, step } from "./plan-fixtures.ts";

const steps = (...statuses: PlanStepView["status"][]): PlanStepView[] =>
  statuses.map((status, place) => step({ name: `s${place}`, title: `Step ${place}`, status }));

describe("what a plan says of itself", () => {
  it("is called by the first line of its goal, cut where that is long", () => {
    expect(planTitle({ goal: "A weekend\nin Bergen" })).toBe("A weekend");
    expect(planTitle({ goal: "x".repeat(200) })).toHaveLength(160);
  });

  it("counts what is done once it was begun", () => {
    expect(doneWords(plan({ steps: steps("proposed") }))).toBe("1 step");
    expect(doneWords(plan({ status: "running", steps: steps("done", "running", "failed") }))).toBe("1 of 3 steps done");
    expect(doneShare(plan({ steps: steps("done", "running", "skipped", "approved") }))).toBe(0.5);
  });

  it("says of an approved step of a running plan that it has not begun", () => {
    expect(stepState({ status: "proposed" }, { status: "approved" }).name).toBe("approved");
    expect(stepState({ status: "running" }, { status: "approved" }).name).toBe("not begun");
  });

  it("says in words what a step waits for", () => {
    const list = [step({ name: "a", title: "Find flights" }), step({ name: "b", title: "Find a hotel" })];
    expect(afterWords(list, { needs: [] })).toBeNull();
    expect(afterWords(list, { needs: ["a", "b"] })).toBe("after Find flights and Find a hotel");
  });
});

describe("runChoice()", () => {
  it("approves what nobody decided about, and nothing that was rejected", () => {
    expect(runChoice({ steps: steps("proposed", "proposed") })).toEqual({ label: "Approve all and run", approveRest: true });
    expect(runChoice({ steps: steps("proposed", "rejected") })).toEqual({ label: "Approve the rest and run", approveRest: true });
    expect(runChoice({ steps: steps("approved", "approved") })).toEqual({ label: "Run", approveRest: false });
    expect(runChoice({ steps: steps("approved", "rejected") })).toEqual({ label: "Run approved", approveRest: false });
    expect(runChoice({ steps: steps("rejected", "rejected") })).toBeNull();
  });

  it("leaves it to a second button to run only what is approved", () => {
    expect(leftOut({ steps: steps("approved", "proposed", "rejected") })).toEqual(["s1"]);
    expect(leftOut({ steps: steps("proposed", "rejected") })).toBeNull();
    expect(leftOut({ steps: steps("approved", "rejected") })).toBeNull();
  });
});

describe("willSkip()", () => {
  it("follows a rejected step to everything that needs it", () => {
    const [a, b, c, d] = [
      step({ name: "a", title: "A", status: "rejected" }),
      step({ name: "b", title: "B", needs: ["a"] }),
      step({ name: "c", title: "C", needs: ["b"] }),
      step({ name: "d", title: "D" }),
    ];
    expect([...willSkip([a, b, c, d])]).toEqual([
      ["b", "A"],
      ["c", "B"],
    ]);
  });
});

describe("mainSteps()", () => {
  const call = { kind: "tool" as const, tool: "add_todo", input: {} };

  it("are the tasks that no other task builds on", () => {
    const list = [step({ name: "a" }), step({ name: "b", needs: ["a"] }), step({ name: "c", needs: ["b"], work: call })];
    expect([...mainSteps(list)]).toEqual(["b"]);
  });

  it("are the last calls where there is no task", () => {
    const list = [step({ name: "a", work: call }), step({ name: "b", needs: ["a"], work: call })];
    expect([...mainSteps(list)]).toEqual(["b"]);
  });
});

describe("textParts()", () => {
  it("shows what a text refers to by the title of the step, or as the variable", () => {
    expect(textParts("From {{find}} to {{my_city}}.", [{ name: "find", title: "Find flights" }])).toEqual([
      { text: "From " },
      { reference: "result of “Find flights”" },
      { text: " to " },
      { reference: "my city" },
      { text: "." },
    ]);
  });

  it("loses nothing of a text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const said = textParts(text, []).map((part) => ("text" in part ? part.text : part.reference));
        expect(said.join("").length).toBeLessThanOrEqual(text.length);
        if (!text.includes("{{")) expect(said.join("")).toBe(text);
      }),
    );
  });
});

describe("jsonOf()", () => {
  it("tells JSON from Markdown", () => {
    expect(jsonOf('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(jsonOf("[a link](https://example.com)")).toBeNull();
    expect(jsonOf("- one")).toBeNull();
  });
});

describe("stepHelp()", () => {
  it("leads to where an error can be put right", () => {
    expect(stepHelp("model_unavailable")?.href).toBe("/settings/models");
    expect(stepHelp("denied")?.href).toBe("/settings/permissions");
    expect(stepHelp("loop")).toBeNull();
  });
});

describe("a step that is changed", () => {
  const tool = step({ work: { kind: "tool", tool: "add_todo", input: { title: "Book", count: 2, tags: ["a"] } } });

  it("is the same where nothing was touched", () => {
    for (const one of [step({ after: ["x"] }), tool]) {
      const { name, title, work, after } = one;
      expect(stepOf(typedStep(one))).toEqual({ name, title, work, after });
    }
  });

  it("takes arguments of any kind back as they were", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (input) => {
        const kept = JSON.parse(JSON.stringify(input));
        // What is empty, or looks like a reference, is another matter.
        for (const [name, value] of Object.entries(kept)) if (typeof value === "string" && value.trim() === "") delete kept[name];
        expect(inputOf({ fields: typedFields(kept), raw: null })).toEqual(kept);
      }),
    );
  });

  it("takes a reference in place of a number, and leaves out what is empty", () => {
    const fields = [
      { name: "count", text: " {{find}} ", json: true },
      { name: "note", text: " ", json: false },
    ];
    expect(inputOf({ fields, raw: null })).toEqual({ count: "{{find}}" });
  });

  it("says what cannot be read or is missing", () => {
    expect(inputOf({ fields: [{ name: "count", text: "two", json: true }], raw: null })).toMatch(/^“count” must be JSON/u);
    expect(inputOf({ fields: [], raw: "[1]" })).toMatch(/JSON object/u);
    expect(inputOf({ fields: [], raw: " " })).toEqual({});
    expect(stepOf({ ...typedStep(step()), title: " " })).toBe("A step needs a title.");
    expect(stepOf({ ...typedStep(step()), text: "" })).toBe("Say what is to be done in “Find flights”.");
    expect(stepOf({ ...typedStep(tool), tool: "" })).toBe("Say which tool “Find flights” calls.");
  });

  it("can wait for no step that waits for it", () => {
    const refers = (input: string) => ({ kind: "agent" as const, profile: "research", input });
    const list = [
      step({ name: "a" }),
      step({ name: "b", work: refers("with {{a}}") }),
      step({ name: "c", after: ["b"] }),
      step({ name: "d", work: refers("with {{city}}") }),
    ];
    expect(couldWaitFor(list, "a").map(({ name }) => name)).toEqual(["d"]);
    expect(couldWaitFor(list, "c").map(({ name }) => name)).toEqual(["a", "b", "d"]);
    expect(list.map((one) => needsOf(one, list))).toEqual([[], ["a"], ["b"], []]);
  });
});

describe("names", () => {
  it("are made from titles in any letters, and are valid or empty", () => {
    expect(playbookName("Wochenende in Ålesund!")).toBe("wochenende-in-alesund");
    expect(variableName("3 days in Bergen")).toBe("days_in_bergen");
    expect(freeName("trip", [{ name: "trip" }, { name: "trip-2" }])).toBe("trip-3");
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(playbookName(text)).toMatch(/^(?:[a-z0-9][a-z0-9-]{0,59})?$/u);
        expect(variableName(text)).toMatch(/^(?:[a-z][a-z0-9_]{0,39})?$/u);
      }),
    );
  });
});

describe("likelyWords()", () => {
  it("offers quoted words, counted things and names, and none of what refers to another step", () => {
    const texts = ["A weekend in Bergen", "Find flights to Bergen for 3 days, “by the harbour”. Use {{find_Oslo}}"];
    expect(likelyWords(texts)).toEqual(["Bergen", "by the harbour", "3 days"]);
  });

  it("finds every one of them in the texts of the plan", () => {
    const texts = planTexts(plan({ steps: [step({ work: { kind: "tool", tool: "t", input: { tags: ["to Oslo"], n: 1 } } })] }));
    expect(texts).toEqual(["A weekend in Bergen", "Find flights", "to Oslo"]);
    fc.assert(fc.property(fc.array(fc.string()), (list) => likelyWords(list).every((words) => timesIn(list, words) > 0)));
  });
});

describe("variables", () => {
  const city = { name: "city", description: "", default: null };
  const days = { name: "day_count", description: "", default: "3 days" };
  const note = { name: "note", description: "", default: "" };

  it("are missing where they have no usual value and none was given", () => {
    expect(missingValues([city, days, note], {})).toEqual(["City"]);
    expect(missingValues([city, days], { city: " Oslo " })).toEqual([]);
  });

  it("are sent where they differ from what is usual", () => {
    expect(givenValues([city, days, note], { city: " Oslo ", day_count: "3 days", other: "x" })).toEqual({ city: "Oslo" });
    expect(givenValues([days], { day_count: "" })).toEqual({});
  });

  it("are the same after the form where nothing was touched", () => {
    for (const one of [city, days, note]) expect(variableOf(typedVariable(one))).toEqual(one);
  });
});

describe("takePlan()", () => {
  const page = (plans: ExecutionPlan[]) => ({ pages: [{ plans, next_before: null }], pageParams: [null] });
  const setUp = () => {
    const queries = new QueryClient();
    queries.setQueryData(["plans", "list", "open"], page([plan()]));
    queries.setQueryData(["plans", "list", "ended"], page([]));
    queries.setQueryData(["plans", "one", "p1"], plan());
    return { queries, stale: () => queries.getQueryState(["plans", "list", "ended"])?.isInvalidated };
  };

  it("shows how a plan goes on wherever it is shown, and reads no list anew", () => {
    const { queries, stale } = setUp();
    takePlan(queries, plan({ status: "running" }));
    expect(queries.getQueryData<ReturnType<typeof page>>(["plans", "list", "open"])?.pages[0]?.plans[0]?.status).toBe("running");
    expect(queries.getQueryData<ExecutionPlan>(["plans", "one", "p1"])?.status).toBe("running");
    expect(stale()).toBe(false);
  });

  it("has the lists read anew for one that is new or has ended", () => {
    for (const told of [plan({ id: "p2" }), plan({ status: "done" })]) {
      const { queries, stale } = setUp();
      takePlan(queries, told);
      expect(stale()).toBe(true);
    }
  });
});
