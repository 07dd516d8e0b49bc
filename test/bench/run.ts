/**
 * `npm run bench [-- bare turn executors prompt startup first-byte ingest quiet-memory recall idle-week files code browser linux-sandbox linux-sync]`: measures and prints a table. Numbers are for reading, nothing fails by them: they
 * depend on the machine, and on what else it does.
 */
import { cpus } from "node:os";
import { benchBare } from "./bare.ts";
import { benchBrowser } from "./browser.ts";
import { benchCode } from "./code.ts";
import { benchFiles } from "./files.ts";
import { benchFirstByte } from "./first-byte.ts";
import { benchIngest } from "./ingest.ts";
import { benchPrompt } from "./prompt.ts";
import { benchRecall } from "./recall.ts";
import { benchStartup } from "./startup.ts";
import { benchTurns } from "./turn.ts";
import { benchIdleWeek } from "./idle-week.ts";
import { benchExecutors } from "./executors.ts";
import { benchLinuxSandbox } from "./linux-sandbox.ts";
import { benchLinuxSync } from "./linux-sync.ts";
import { benchQuietMemory } from "./quiet-memory.ts";
import { bundle, type Bundle } from "./deployment.ts";
import { table, type Row } from "./table.ts";

const BENCHES: Record<string, (of: Bundle) => Promise<Row[]>> = {
  bare: benchBare,
  turn: benchTurns,
  executors: benchExecutors,
  prompt: benchPrompt,
  startup: benchStartup,
  "first-byte": benchFirstByte,
  ingest: benchIngest,
  "quiet-memory": benchQuietMemory,
  recall: benchRecall,
  "idle-week": benchIdleWeek,
  files: benchFiles,
  code: benchCode,
  browser: benchBrowser,
  "linux-sandbox": benchLinuxSandbox,
  "linux-sync": benchLinuxSync,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark called ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}

const built = await bundle();
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    rows.push(...(await measure(built)));
  }
} finally {
  built.remove();
}
process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, Node ${process.version}\n\n${table(rows)}\n`);
