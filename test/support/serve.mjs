/** Serves a Worker that is built already, as `npm start` does: PORT, MARGAY_STATE, and the configuration as the first argument. */
import { startServer } from "../../scripts/start-server.mjs";

const { PORT, MARGAY_STATE: state } = process.env;
const [config] = process.argv.slice(2);
const server = await startServer({ port: Number(PORT), state, echo: false, config });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void server.stop());
if (await server.ready(120_000)) process.stdout.write("Ctrl-C stops it.\n");
else {
  process.stderr.write(`Margay did not start.\n${server.tail()}\n`);
  await server.stop();
  process.exitCode = 1;
}
