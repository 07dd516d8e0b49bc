import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

/**
 * Builds the page and the Worker of `npm start` once for all servers of a run: every server that builds its own takes ten seconds of CPU more. Provides
 * where it is, for `startDevServer()`.
 */
export default async function builtWorker(project: TestProject): Promise<() => void> {
  // Each project of a run loads this file anew.
  const once = globalThis as { margayBuilt?: Promise<string> };
  once.margayBuilt ??= build();
  const directory = await once.margayBuilt;
  project.provide("builtWorker", join(directory, "worker.json"));
  return () => rmSync(directory, { recursive: true, force: true });
}

async function build(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "margay-built-"));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "build-worker.mjs"), directory]);
  return directory;
}

declare module "vitest" {
  interface ProvidedContext {
    /** What was built once, as `test/support/serve.mjs` serves it. */
    builtWorker: string;
  }
}
