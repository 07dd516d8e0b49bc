/**
 * Serves a Worker that is built already, in the runtime and with the state on disk that `npm start` has, without `wrangler dev` before it: that one takes
 * five seconds of CPU more to start, and a hop for every request. `PORT`, `MARGAY_STATE`, what is set (`MARGAY_VARS`, JSON), and what `build-worker.mjs`
 * wrote, as the first argument.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { localBrowser } from "../../scripts/hands/local-browser.mjs";
import { startHands } from "../../scripts/hands/start-hands.mjs";

const { PORT, MARGAY_STATE: state, MARGAY_VARS: vars = "{}", MARGAY_CHROMIUM_ARGS: chromiumArgs = "[]" } = process.env;
const [built] = process.argv.slice(2);
const worker = JSON.parse(readFileSync(built, "utf8"));
const hands = await startHands();
const browser = localBrowser(state, JSON.parse(chromiumArgs));
Object.assign(process.env, browser.env);
worker.bindings = { ...worker.bindings, ...hands.vars, ...browser.vars, ...JSON.parse(vars) };

const server = new Miniflare({
  ...convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: Number(PORT),
    // Where this machine is, is not looked up.
    cf: false,
    telemetry: { enabled: false },
    // Mail comes in at `/cdn-cgi/local/email`.
    unsafeTriggerHandlers: true,
    logRequests: false,
    handleStructuredLogs: ({ level, message }) => {
      if (level === "error") process.stderr.write(`${message}\n`);
    },
    workers: [worker],
  }),
  resourcePersistencePath: join(state, "v3"),
});
const stop = async () => {
  await server.dispose();
  await hands.stop();
  process.exit(0);
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void stop());
await server.ready;
process.stdout.write("Ctrl-C stops it.\n");
