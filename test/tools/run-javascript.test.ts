import { expect, test } from "vitest";
import type { CodeOutcome } from "../../src/sandbox/code-run.ts";
import { toolOutput } from "../../src/tools/code/run-javascript.ts";
import { codeRan } from "../support/code-ran.ts";

const FAILED: CodeOutcome = {
  ...codeRan,
  ended: "error",
  value: null,
  error: { name: "TypeError", message: "a is not defined", line: 3 },
  wallMs: 100,
};

test("toolOutput() says in its line where a code ended, where that is known", () => {
  expect(toolOutput(FAILED).summary).toBe("Ran code, which ended at line 3 with TypeError: a is not defined (0.1 s)");
  const limit = { ...FAILED, error: { name: "TimeLimit", message: "It took longer than 60 seconds.", line: null } };
  expect(toolOutput(limit).summary).toBe("Ran code, which ended with TimeLimit: It took longer than 60 seconds. (0.1 s)");
});

test("toolOutput() tells a person nothing that is meant for whoever writes the code, which reads it", () => {
  const error = { name: "Error", message: "Code has no network; call tools.web_fetch", line: 1 };
  const { output, summary } = toolOutput({ ...FAILED, error });
  expect(summary).toBe("Ran code, which ended at line 1 with Error: Code has no network (0.1 s)");
  expect(output).toMatchObject({ error });
  const asked = { name: "WaitsForApproval", message: "add_todo is not done yet: the user is asked.", line: null };
  const waiting = [{ tool: "add_todo", approval: "a1", why: "" }];
  expect(toolOutput({ ...FAILED, error: asked, waiting }).summary).toBe("Ran code, which ended where you are asked first (0.1 s)");
  // It went on from there, and broke off for another reason.
  expect(toolOutput({ ...FAILED, waiting }).summary).toBe("Ran code, which ended at line 3 with TypeError: a is not defined (0.1 s)");
});
