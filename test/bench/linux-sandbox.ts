import { strToU8 } from "fflate";
import { NO_BUBBLEWRAP, type Sandbox, type SandboxSession, startSandbox } from "../../container-sandbox/test/support/sandbox.ts";
import { ms, percentile, type Row } from "./table.ts";

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function repeated(times: number, work: () => Promise<unknown>): Promise<string> {
  const all: number[] = [];
  for (let n = 0; n < times; n++) all.push(await timed(work));
  return `${ms(percentile(all, 0.5))} (p95 ${ms(percentile(all, 0.95))})`;
}

/** The sandbox's server, as its client sees it: a session begun and its first command, commands in a session that is there, and 1,000 files of 1 KB each way. */
export async function benchLinuxSandbox(): Promise<Row[]> {
  if (NO_BUBBLEWRAP) return [{ name: "Linux sandbox", value: "no bubblewrap here" }];
  let sandbox: Sandbox | undefined;
  try {
    const started = await timed(async () => (sandbox = await startSandbox()));
    if (sandbox === undefined) throw new Error("no server");
    return [{ name: "sandbox server, start to listening", value: ms(started) }, ...(await measure(sandbox))];
  } finally {
    await sandbox?.stop();
  }
}

async function measure(sandbox: Sandbox): Promise<Row[]> {
  const cold = await repeated(20, async () => {
    const fresh = await sandbox.session();
    await fresh.bash("true");
    await fresh.end();
  });
  const session = await sandbox.session();
  const warm = await repeated(50, () => session.bash("true"));
  const python = await repeated(20, () => session.python("print(1)"));
  const files = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, at) => [`f/${at % 20}/${at}.txt`, strToU8(`${at} `.repeat(200).slice(0, 1_024))]),
  );
  const into = await repeated(5, () => session.put(files));
  const tree = await repeated(10, () => session.tree());
  const out = await repeated(5, () => readAll(session));
  return [
    { name: "session begun, first command, ended", value: cold },
    { name: "command in a session (bash true)", value: warm },
    { name: "python3 in a session (print)", value: python },
    { name: "1,000 files of 1 KB in", value: into, goal: "well under 1 s" },
    { name: "tree of 1,000 files with hashes", value: tree },
    { name: "1,000 files of 1 KB out", value: out, goal: "well under 1 s" },
  ];
}

async function readAll(session: SandboxSession): Promise<void> {
  await session.read((await session.tree()).files.map(({ path }) => path));
}
