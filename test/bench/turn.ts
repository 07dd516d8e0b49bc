import { Outcome } from "../../src/agent/shapes.ts";
import type { Bundle, Deployment } from "./deployment.ts";
import { deployment } from "./deployment.ts";
import { ms, percentile, type Row } from "./table.ts";

const WARM_UP = 60;
const TURNS = 300;
const USERS = 8;
const TURNS_EACH = 100;
const MANY = 500;

/** One turn over HTTP, as a client sees it: from the request to the whole answer. Milliseconds. */
async function turn(of: Deployment, key: string, message: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${of.origin}/api/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ message }),
  });
  const outcome = Outcome.parse(await response.json());
  if (outcome.status !== "done") throw new Error(`a turn ended as ${outcome.status}: ${JSON.stringify(outcome.error)}`);
  return performance.now() - start;
}

/** Begins a new conversation, so that every measured stretch has histories of the same length. */
async function newConversation(of: Deployment, key: string): Promise<void> {
  await fetch(`${of.origin}/api/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ message: "/new" }),
  }).then((response) => response.arrayBuffer());
}

/** Turns of one user after another; a new conversation every 20, as people do. */
export async function series(of: Deployment, key: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    if (index % 20 === 0) await newConversation(of, key);
    times.push(await turn(of, key, `Message ${index}`));
  }
  return times;
}

/**
 * What Margay itself costs in a turn, with a model that answers at once: sign-in, idempotency, journal, metering and all. Client and model server
 * run in this process, on the same cores.
 */
export async function benchTurns(bundle: Bundle): Promise<Row[]> {
  const margay = await deployment(bundle);
  try {
    const users = await margay.invite(USERS);
    const [first] = users;
    if (!first) throw new Error("no user");
    await series(margay, first.key, WARM_UP);
    const before = margay.runtime();
    const alone = await series(margay, first.key, TURNS);
    const one = margay.runtime();

    await Promise.all(users.map((user) => series(margay, user.key, 10)));
    const busyBefore = margay.runtime();
    const start = performance.now();
    const together = (await Promise.all(users.map((user) => series(margay, user.key, TURNS_EACH)))).flat();
    const seconds = (performance.now() - start) / 1000;
    const busy = margay.runtime();

    const ids = await margay.insertAccounts(MANY);
    const touch = async (): Promise<void> => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
        const response = await fetch(`${margay.origin}/agent/command`, {
          method: "POST",
          headers: { authorization: `Bearer ${margay.serviceKey}`, "content-type": "application/json" },
          body: JSON.stringify({ user_id: id, channel: "bench", message: "hello" }),
        });
        if (!response.ok) throw new Error(`/agent/command answered ${response.status}: ${await response.text()}`);
        await response.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: 8 }, touch));
    const many = margay.runtime();
    return [
      { name: "turn, 1 user, p50", value: ms(percentile(alone, 0.5)), goal: "≤ 10 ms" },
      { name: "turn, 1 user, p95", value: ms(percentile(alone, 0.95)) },
      { name: "CPU of the runtime a turn, 1 user", value: ms((one.cpuMs - before.cpuMs) / alone.length) },
      { name: `CPU of the runtime a turn, ${USERS} users`, value: ms((busy.cpuMs - busyBefore.cpuMs) / together.length) },
      { name: `turn, ${USERS} users at once, p50`, value: ms(percentile(together, 0.5)) },
      { name: `turn, ${USERS} users at once, p95`, value: ms(percentile(together, 0.95)) },
      { name: `turns a second, ${USERS} users`, value: (together.length / seconds).toFixed(1), goal: "≥ 100" },
      { name: "memory of the runtime, 1 user", value: `${one.rssMiB.toFixed(0)} MiB` },
      { name: `memory of the runtime, ${MANY} users touched`, value: `${many.rssMiB.toFixed(0)} MiB` },
    ];
  } finally {
    await margay.close();
  }
}
