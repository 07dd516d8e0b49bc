import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TodoView } from "../../src/web/api/todos.ts";
import { parseUsd } from "../../src/web/owner/parse-usd.ts";
import { quickAdd } from "../../src/web/todos/quick-add.ts";
import { dueInstant, dueText, groupTodos, sameDue } from "../../src/web/todos/todo-groups.ts";

const NOW = new Date(2026, 10, 20, 12).getTime();
const todo = (fields: Partial<TodoView> = {}): TodoView => ({
  id: "t",
  title: "t",
  notes: "",
  priority: "p4",
  due_at: null,
  due_has_time: true,
  time_zone: "UTC",
  status: "open",
  created_at: "2026-11-01T00:00:00.000Z",
  completed_at: null,
  ...fields,
});
const at = (day: number, hour = 9) => new Date(2026, 10, day, hour).toISOString();

describe("quickAdd()", () => {
  it.each([
    ["Film the video, p1, due tomorrow at 9am", { title: "Film the video", priority: "p1", due: "tomorrow at 9am" }],
    ["Call Ben friday at 3pm P2", { title: "Call Ben", priority: "p2", due: "friday at 3pm" }],
    ["Pay rent by 2026-12-01", { title: "Pay rent", due: "2026-12-01" }],
    ["Water the plants in 3 days", { title: "Water the plants", due: "in 3 days" }],
    ["Birthday card due 5 December", { title: "Birthday card", due: "5 December" }],
    ["Stand-up tomorrow morning", { title: "Stand-up", due: "tomorrow morning" }],
    ["Pick up the parcel at 17:30", { title: "Pick up the parcel", due: "at 17:30" }],
    ["Send the report due end of the month", { title: "Send the report", due: "end of the month" }],
    ["Buy milk", { title: "Buy milk" }],
    ["Read chapter 5", { title: "Read chapter 5" }],
    ["Fix the p12 adapter", { title: "Fix the p12 adapter" }],
    ["Watch Friday Night Lights", { title: "Watch Friday Night Lights" }],
    ["tomorrow", { title: "tomorrow" }],
    ["p1", { title: "p1" }],
  ])("understands %s", (line, expected) => {
    expect(quickAdd(line)).toEqual(expected);
  });

  it("never loses the title of a line that has one", () => {
    fc.assert(fc.property(fc.string(), (line) => (quickAdd(line).title === "") === (line.trim() === "")));
  });
});

describe("groupTodos()", () => {
  it("sorts into overdue, today, tomorrow, the week, later and no date, leaving empty groups out", () => {
    const list = [undefined, at(20, 8), at(20, 18), at(21), at(25), at(30)].map((due, index) =>
      todo({ id: String(index), ...(due === undefined ? {} : { due_at: due }) }),
    );
    expect(groupTodos(NOW, list).map((group) => [group.name, group.todos.map((item) => item.id)])).toEqual([
      ["Overdue", ["1"]],
      ["Today", ["2"]],
      ["Tomorrow", ["3"]],
      ["Next 7 days", ["4"]],
      ["Later", ["5"]],
      ["No date", ["0"]],
    ]);
    expect(groupTodos(NOW, [])).toEqual([]);
  });

  it("puts the more urgent first where the date is the same", () => {
    const list = [todo({ id: "b", priority: "p3" }), todo({ id: "a", priority: "p1" })];
    expect(groupTodos(NOW, list)[0]?.todos.map((item) => item.id)).toEqual(["a", "b"]);
  });

  it("counts a day without a time as due until that day ends", () => {
    const today = todo({ due_at: "2026-11-20T23:59:59.999Z", due_has_time: false });
    expect(groupTodos(NOW, [today]).map((group) => group.name)).toEqual(["Today"]);
  });
});

describe("dueInstant()", () => {
  it("keeps a due day the same day, whatever zone it was said in", () => {
    const auckland = todo({ due_at: "2026-11-21T10:59:59.999Z", due_has_time: false, time_zone: "Pacific/Auckland" });
    expect(new Date(dueInstant(auckland) ?? 0).getDate()).toBe(21);
    const honolulu = todo({ due_at: "2026-11-22T09:59:59.999Z", due_has_time: false, time_zone: "Pacific/Honolulu" });
    expect(new Date(dueInstant(honolulu) ?? 0).getDate()).toBe(21);
  });
});

describe("dueText()", () => {
  const clock = () => "09:00";
  it("names the day, and the time where there is one", () => {
    expect(dueText(NOW, todo({ due_at: at(21) }), clock)).toBe("Tomorrow, 09:00");
    expect(dueText(NOW, todo({ due_at: "2026-11-20T23:59:59.999Z", due_has_time: false }), clock)).toBe("Today");
    expect(dueText(NOW, todo(), clock)).toBeNull();
  });
});

describe("sameDue()", () => {
  it("gives a day back as a day and an instant as an instant", () => {
    expect(sameDue(todo({ due_at: "2026-11-21T10:59:59.999Z", due_has_time: false, time_zone: "Pacific/Auckland" }))).toBe("2026-11-21");
    expect(sameDue(todo({ due_at: at(21) }))).toBe(at(21));
    expect(sameDue(todo())).toBeNull();
  });
});

describe("parseUsd()", () => {
  it("reads amounts with point or comma, and tells nothing from nonsense", () => {
    expect(["5", "2.50", "2,5", "$10", " 0 ", "", "abc", "-1", "1e9", "2000000"].map(parseUsd)).toEqual([
      5,
      2.5,
      2.5,
      10,
      0,
      null,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
