import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { loopbackRoutes } from "./local/loopback.ts";
import worker from "./worker.ts";

export { Executor, Keyring, UserAgent } from "./worker.ts";

// The Worker of `npm start` (wrangler.local.toml): the deployed one, and the sign-in of the person at this machine.
const app = createApp({ extraRoutes: loopbackRoutes, plainHttp: true });

export default {
  ...worker,
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
