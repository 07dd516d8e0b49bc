import { CODE_MODULE } from "./as-module.ts";
import { HARNESS, HARNESS_MODULE } from "./harness.ts";
import type { RunModule, RunRequest } from "./javascript.ts";

/** What a run's isolate is made of; JSON, with bytes as base64, where it goes to another process. */
export interface WorkerCode {
  compatibilityDate: string;
  mainModule: string;
  modules: Record<string, RunModule>;
  cpuMs: number;
}

/** Of the runtime that code is written for. */
const COMPATIBILITY_DATE = "2026-11-01";

/** `code`: the module that the code was made to. */
export const workerCode = (code: string, { modules, limits }: Pick<RunRequest, "modules" | "limits">): WorkerCode => ({
  compatibilityDate: COMPATIBILITY_DATE,
  mainModule: HARNESS_MODULE,
  modules: { ...modules, [CODE_MODULE]: { js: code }, [HARNESS_MODULE]: { js: HARNESS } },
  cpuMs: limits.cpuMs,
});
