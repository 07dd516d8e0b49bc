import type { TestProject } from "vitest/node";
import { startModelServer } from "./model-server.ts";
import { startTelegramServer } from "./telegram-server.ts";

/** Starts the scripted servers that tests inside workerd talk to, on free loopback ports, and stops them at the end. */
export default async function servers(project: TestProject): Promise<() => Promise<void>> {
  const modelServer = await startModelServer();
  project.provide("modelServer", modelServer.url);
  const telegramServer = await startTelegramServer();
  project.provide("telegramServer", telegramServer.url);
  return async () => {
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
  }
}
