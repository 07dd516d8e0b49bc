import { createApp } from "./app.ts";
import { handleEmail } from "./email-entry.ts";
import type { Env } from "./env.ts";
import { handleUsage } from "./usage-queue.ts";

export { UserAgent } from "../durable-objects/user-agent.ts";
export { Executor } from "../durable-objects/executor.ts";
export { Keyring } from "../durable-objects/keyring.ts";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  email: (message, env, context) => handleEmail(message, env, context),
  queue: (batch, env) => handleUsage(batch, env),
} satisfies ExportedHandler<Env>;
