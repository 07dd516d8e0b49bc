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
