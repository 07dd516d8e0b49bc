import type { CodeOutcome } from "../../src/sandbox/code-run.ts";

/** How a run of code ends that gives 1 and does nothing else. */
export const codeRan: CodeOutcome = {
  ended: "done",
  value: 1,
  cut: false,
  error: null,
  logs: [],
  wallMs: 1,
  files: [],
  notWritten: [],
  waiting: [],
  calls: 0,
  untrusted: null,
  suspicious: false,
  links: [],
  usedGiven: 0,
  microUsd: 0,
};
