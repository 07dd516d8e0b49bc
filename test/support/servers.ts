import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startJavascriptHost } from "../../scripts/hands/javascript-host.mjs";
import { startModelServer } from "./model-server.ts";
import { startTelegramServer } from "./telegram-server.ts";

/** Builds the modules that the Worker reads from its assets, starts the scripted servers that tests inside workerd talk to, on free loopback ports, and stops them at the end. */
export default async function servers(project: TestProject): Promise<() => Promise<void>> {
  // Each project of a run loads this file anew.
  const once = globalThis as { margayModules?: Promise<unknown> };
  once.margayModules ??= promisify(execFile)(process.execPath, [join(import.meta.dirname, "build-modules.mjs"), "dist/test-modules"]);
  await once.margayModules;
  const modelServer = await startModelServer();
  project.provide("modelServer", modelServer.url);
  const telegramServer = await startTelegramServer();
  project.provide("telegramServer", telegramServer.url);
  const javascriptHost = await startJavascriptHost();
  project.provide("javascriptHost", { url: javascriptHost.url, token: javascriptHost.token });
  return async () => {
    await javascriptHost.stop();
    await modelServer.close();
    await telegramServer.close();
  };
}

declare module "vitest" {
  interface ProvidedContext {
    /** Root of the scripted model server. */
    modelServer: string;
    /** Root of the strict Telegram Bot API server. */
    telegramServer: string;
    /** The host that runs code in processes of its own. */
    javascriptHost: { url: string; token: string };
  }
}
