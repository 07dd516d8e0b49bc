import { describe, expect, test } from "vitest";
import type { CheckedCall } from "../../../src/tasks/checked-task.ts";
import { checkRan } from "../../../src/tasks/checks/ran.ts";

const call = (tool: string, input: unknown, output: unknown = {}, state: CheckedCall["state"] = "done"): CheckedCall => ({
  step: 0,
  tool,
  input,
  state,
  output: () => output,
});
const write = (path: string) => call("write_file", { path, text: "x" });
const ran = call("run_javascript", { code: "1" }, { value: 1 });

const found = (calls: CheckedCall[], result: string, written = ["/outputs/a.js", "/outputs/b.py", "/outputs/note.md"]): (string | null)[] =>
  checkRan({ result, calls, expects: null, final: true }, { written: () => written }).map(({ note }) => note);

describe("checkRan()", () => {
  test("finds nothing where a program was run after its last change, or none was written", () => {
    expect(found([write("/outputs/a.js"), ran], "It works.")).toEqual([]);
    expect(found([write("/outputs/a.js"), write("/outputs/b.py"), call("run_python", {}, { exit_code: 0 })], "It works.")).toEqual([]);
    expect(found([write("/outputs/note.md")], "Here is a note.")).toEqual([]);
    expect(found([], "You can run it with node.")).toEqual([]);
  });

  test("names programs that were changed after the last run, also those that a run wrote itself", () => {
    expect(found([write("/outputs/a.js")], "It works.")).toEqual(["Not run after the last change: /outputs/a.js."]);
    expect(found([write("/outputs/a.js"), ran, call("edit_file", { path: "outputs/a.js" })], "It works.")).toEqual([
      "Not run after the last change: /outputs/a.js.",
    ]);
    expect(found([call("run_javascript", {}, { files_written: ["/outputs/b.py"] })], "Done.")).toEqual([
      "Not run after the last change: /outputs/b.py.",
    ]);
  });

  test("takes no run for one that was refused, and no file that is not there any more", () => {
    expect(found([write("/outputs/a.js"), call("run_javascript", {}, {}, "denied")], "Done.")).toHaveLength(1);
    expect(found([write("/outputs/gone.js")], "Done.")).toEqual([]);
  });

  test("says that the last run went wrong", () => {
    expect(found([write("/outputs/a.js"), call("run_javascript", {}, { error: { name: "TypeError" } })], "It works.")).toEqual([
      "The last run of it ended with an error.",
    ]);
    expect(found([write("/outputs/b.py"), call("run_shell", {}, { exit_code: 1 })], "It works.")).toHaveLength(1);
    expect(
      found([write("/outputs/a.js"), ran, call("run_javascript", {}, { error: { name: "TypeError" } }, "failed")], "It works."),
    ).toEqual(["The last run of it ended with an error."]);
  });

  test("says that nothing was run where the result claims it", () => {
    expect(found([], "I ran it and all tests passed.", [])).toEqual(["Nothing was run."]);
    expect(found([ran], "I ran it and all tests passed.", [])).toEqual([]);
  });

  test("is content with a result that says plainly what was not run", () => {
    expect(found([write("/outputs/a.js")], "Written, but not run: it needs a printer.")).toEqual([]);
  });
});
