import { startLinuxHost } from "../../scripts/hands/linux-host.mjs";
import { httpSandbox } from "../../src/sandbox/linux/http-sandbox.ts";
import { linuxHome } from "../support/linux-home.ts";
import { ms, percentile, type Row } from "./table.ts";

const FILES = 1_000;
const RUNS = 20;

/** What a command of a conversation takes with the user's files in step, against the real server behind bubblewrap. Files are in SQLite in this process, as they are in the object. */
export async function benchLinuxSync(): Promise<Row[]> {
  const host = await startLinuxHost();
  if (host === null) return [{ name: "linux: this machine has no bubblewrap", value: "-" }];
  try {
    const user = linuxHome(httpSandbox({ url: host.url, token: host.token, fetch: (address, init) => fetch(address, init) }));
    for (let n = 0; n < FILES; n++) await user.write(`/data/${n % 10}/${n}.txt`, `row ${n}\n`.repeat(100));
    const timed = async (shell: string): Promise<number> => {
      const started = performance.now();
      const ran = await user.run({ command: { ...user.aRun().command, run: { shell } } });
      if (ran.exit.code !== 0) throw new Error(ran.stderr);
      return performance.now() - started;
    };
    const first = await timed("true");
    const unchanged: number[] = [];
    for (let n = 0; n < RUNS; n++) unchanged.push(await timed("true"));
    const changed = await timed("for f in data/*/*.txt; do echo more >> $f; done");
    const gone = await timed("rm -r data");
    return [
      { name: `linux: first command, ${FILES} files go in`, value: ms(first) },
      {
        name: `linux: command, ${FILES} files unchanged, p50 / p95`,
        value: `${ms(percentile(unchanged, 0.5))} / ${ms(percentile(unchanged, 0.95))}`,
      },
      { name: `linux: command that changes ${FILES} files, all come back`, value: ms(changed) },
      { name: `linux: command that deletes ${FILES} files`, value: ms(gone) },
    ];
  } finally {
    await host.stop();
  }
}
