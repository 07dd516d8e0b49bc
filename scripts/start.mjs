/**
 * `npm start`: Margay on this machine, for the person at it. Builds the page, serves everything on loopback and says where.
 *
 * PORT (default 8787) and MARGAY_STATE (default .wrangler/state: accounts, conversations, files) may be set; secrets and model keys
 * are read from `.dev.vars`. `npm start -- --logs` shows the server's log lines.
 */
import { isAbsolute, join, relative } from "node:path";
import { ROOT } from "./build-node.mjs";
import { buildPage } from "./build-page.mjs";
import { introduction } from "./start-introduction.mjs";
import { portInUse, startServer } from "./start-server.mjs";

const say = (text) => process.stdout.write(`${text}\n`);
const complain = (text) => process.stderr.write(`${text}\n`);

async function main() {
  const port = Number(process.env["PORT"] || 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    complain(`PORT must be a number from 1 to 65535, not "${process.env["PORT"]}".`);
    return 1;
  }
  if (await portInUse(port)) {
    complain(
      `Port ${port} is in use by another program (another Margay?). Choose one with: PORT=${port === 65535 ? 8787 : port + 1} npm start`,
    );
    return 1;
  }
  const given = process.env["MARGAY_STATE"] || ".wrangler/state";
  const state = isAbsolute(given) ? given : join(ROOT, given);

  await buildPage();
  const server = await startServer({ port, state, echo: process.argv.includes("--logs") });
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      asked = true;
      void server.stop();
    });
  }
  if (await server.ready(120_000)) say(await introduction(port, relative(process.cwd(), server.logFile)));
  else if (!asked) {
    await server.stop();
    complain(`Margay did not start.\n${server.tail()}`);
    return 1;
  }
  const end = await Promise.race([server.exited, server.silent().then(() => null)]);
  if (asked) {
    await server.exited;
    return 0;
  }
  if (end === null) {
    await server.stop();
    complain(`Margay stopped answering. Its last words, the rest is in ${server.logFile}:\n${server.tail()}`);
    return 1;
  }
  const { code, signal } = end;
  complain(
    `Margay stopped by itself (${signal ?? `exit code ${code}`}). Its last words, the rest is in ${server.logFile}:\n${server.tail()}`,
  );
  return code || 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
