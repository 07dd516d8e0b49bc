import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";
import { bubblewrapWall } from "./bubblewrap.ts";
import { type Cgroups, findCgroups } from "./cgroup.ts";
import { containerWall } from "./container.ts";
import { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";
import { readSettings, type Settings } from "./settings.ts";
import type { Wall } from "./wall.ts";

/** Starts the server. Its first line of output says where it listens: `{"listening":"http://127.0.0.1:8080","isolation":"bubblewrap"}`. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  // What is started from here on has no reason to find it.
  delete process.env["SANDBOX_TOKEN"];
  const cgroups = findCgroups();
  const wall = await wallOf(settings, cgroups);
  // Where sessions cannot be walled off the server does not start; there is no other way that it would fall back to.
  try {
    await (await Session.start(wall, { id: "0".repeat(32), limits: settings.defaults, env: {}, network: "none" })).end();
  } catch (error) {
    wall.close();
    throw error;
  }
  const sessions = new Sessions(wall, settings);
  const app = createApp({ sessions, settings, limitsBy: cgroups === null ? "watcher" : "cgroup" });
  const server = serve({ fetch: app.fetch, hostname: settings.host, port: settings.port }, ({ port }) => {
    const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
    process.stdout.write(`${JSON.stringify({ listening: `http://${host}:${port}`, isolation: wall.isolation })}\n`);
  });
  // Longer than clients keep a connection that they might use again, so that it is they who close it.
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 120_000;
  const stop = async (code: number): Promise<void> => {
    server.close();
    await sessions.close();
    process.exit(code);
  };
  server.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    void stop(1);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void stop(0));
}

function wallOf(settings: Settings, cgroups: Cgroups | null): Promise<Wall> {
  return settings.isolation === "container" ? containerWall(cgroups) : bubblewrapWall(cgroups);
}

main().catch((error: unknown) => {
  process.stderr.write(`The sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
