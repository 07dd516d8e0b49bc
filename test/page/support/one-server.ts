import type { TestProject } from "vitest/node";
import { removeState, startDevServer } from "../../support/dev-server.ts";

/** One Margay for all files about the page: each has an account of its own in it (`account.ts`). To start it costs seconds of CPU, and so does what is slow in it once. */
export default async function oneServer(project: TestProject): Promise<() => Promise<void>> {
  const { builtWorker } = project.getProvidedContext();
  const server = await startDevServer({ built: builtWorker, vars: { EMAIL_DOMAIN: "margay.example.com" } });
  project.provide("pageServer", server.origin);
  return async () => {
    await server.stop();
    removeState(server.state);
  };
}

declare module "vitest" {
  interface ProvidedContext {
    /** The origin of the Margay whose page is tested. */
    pageServer: string;
  }
}
