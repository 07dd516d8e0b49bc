import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { handleUsage } from "./usage-queue.ts";

export { UserAgent } from "../durable-objects/user-agent.ts";
export { Keyring } from "../durable-objects/keyring.ts";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  queue: (batch, env) => handleUsage(batch, env),
} satisfies ExportedHandler<Env>;
