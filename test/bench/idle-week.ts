import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";
import { modulesIn, wrangler } from "./deployment.ts";
import type { Row } from "./table.ts";

const Counts = z.object({ wakes: z.number(), rowsRead: z.number(), rowsWritten: z.number(), alarmsSet: z.number() });

/** Cloudflare's prices beyond what the Workers Paid plan includes, in dollars a million (developers.cloudflare.com/durable-objects/platform/pricing, 2026). A set alarm counts as a written row. */
const PRICE = { requests: 0.15, rowsRead: 0.001, rowsWritten: 1, gigabyteSeconds: 12.5 };
/** An object is billed 128 MB while it is awake, and stays so for about ten seconds after its last event. */
const AWAKE_S = 10;

/** What a user costs who does nothing for a week: the product's own object under a clock of the benchmark's, whose alarms are rung as they come due. */
export async function benchIdleWeek(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "margay-bench-idle-"));
  const config = join(directory, "wrangler.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "idle",
      main: join(import.meta.dirname, "idle-week/worker.ts"),
      compatibility_date: "2026-11-01",
      compatibility_flags: ["nodejs_compat"],
      minify: true,
    }),
  );
  await wrangler(["deploy", "--dry-run", "--config", config, "--outdir", directory]);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "idle",
      modulesRoot: directory,
      modules: modulesIn(directory),
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      d1Databases: ["DB"],
      r2Buckets: ["FILES"],
      durableObjects: { USER_AGENT: { className: "Idle", useSQLite: true }, KEYRING: { className: "Keyring", useSQLite: true } },
      durableObjectsPersist: join(directory, "state"),
      bindings: { MASTER_KEY: "master-key-of-the-benchmark-0123456789" },
      handleStructuredLogs: (line: { level: string; message: string }) => {
        if (line.level === "error") process.stderr.write(`${line.message}\n`);
      },
    }),
  );
  try {
    const { origin } = await miniflare.ready;
    const rows: Row[] = [];
    for (const [name, todos] of [
      ["nothing at all", 0],
      ["a to-do due every day", 7],
    ] as const) {
      const response = await fetch(origin, { method: "POST", body: JSON.stringify({ user: name, todos }) });
      if (!response.ok) throw new Error(await response.text());
      const counts = Counts.parse(await response.json());
      const written = counts.rowsWritten + counts.alarmsSet;
      const dollars =
        (counts.wakes * PRICE.requests +
          counts.rowsRead * PRICE.rowsRead +
          written * PRICE.rowsWritten +
          counts.wakes * AWAKE_S * 0.128 * PRICE.gigabyteSeconds) /
        1e6;
      rows.push(
        { name: `an idle week with ${name}: wakes`, value: String(counts.wakes), goal: "at most one a heartbeat interval" },
        { name: `an idle week with ${name}: rows read / written`, value: `${counts.rowsRead} / ${written}` },
        { name: `an idle week with ${name}: dollars a million users, a week`, value: `$${(dollars * 1e6).toFixed(0)}` },
      );
    }
    return rows;
  } finally {
    await miniflare.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}
