import { UserAgent } from "../../../durable-objects/user-agent.ts";
import { Keyring } from "../../../durable-objects/keyring.ts";
import type { Env } from "../../../src/env.ts";
import { unwrap } from "../../../src/errors.ts";

export { Keyring };

/** A Thursday. */
const START = Date.UTC(2026, 10, 26, 9);
let clock = START;
// The whole object goes by this clock: a week takes seconds.
Date.now = () => clock;

/** What a wake cost. */
interface Counts {
  wakes: number;
  rowsRead: number;
  rowsWritten: number;
  alarmsSet: number;
}

interface Counted {
  alarm: number | null;
  cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[];
  alarmsSet: number;
}

/** The product's own object, whose alarms are rung by the benchmark and whose rows are counted. */
export class Idle extends UserAgent {
  readonly #counted: Counted;

  constructor(context: DurableObjectState, env: Env) {
    const counted: Counted = { alarm: null, cursors: [], alarmsSet: 0 };
    const { storage } = context;
    const exec = storage.sql.exec.bind(storage.sql);
    Object.defineProperty(storage.sql, "exec", {
      value: (query: string, ...values: SqlStorageValue[]) => {
        const cursor = exec(query, ...values);
        counted.cursors.push(cursor);
        return cursor;
      },
    });
    const alarms = {
      setAlarm: async (at: number | Date) => {
        counted.alarm = Number(at);
        counted.alarmsSet++;
      },
      getAlarm: async () => counted.alarm,
      deleteAlarm: async () => void (counted.alarm = null),
    };
    for (const [name, value] of Object.entries(alarms)) Object.defineProperty(storage, name, { value });
    super(context, env);
    this.#counted = counted;
  }

  /** A week: rings each alarm when it is due. `todos`: how many of the week's to-dos have a due date. */
  async week(todos: number): Promise<Counts> {
    const access = {
      authVersion: 1,
      role: "user",
      suspended: false,
      email: "ada@example.com",
      name: "Ada",
      dayCapMicroUsd: 1e6,
      monthCapMicroUsd: 1e7,
    } as const;
    const id = this.ctx.id.name ?? "";
    await this.setAccess(id, access);
    const caller = { userId: id, authVersion: 1, via: "api_key", role: "user" } as const;
    for (let n = 0; n < todos; n++)
      unwrap(
        await this.addTodo(caller, {
          title: `To-do ${n}`,
          notes: "",
          priority: "p4",
          due: new Date(START + (n + 1) * 86_400_000).toISOString(),
        }),
      );
    // Somebody who was there, and left.
    unwrap(
      await this.receive(caller, {
        channel: "http",
        route: "POST /api/v1/chat",
        key: "once",
        bodyHash: "once",
        text: "add milk to my list",
        content: [],
        replyTo: { channel: "http" },
        sentAt: START,
      }),
    );
    // What the calls themselves set going is no part of an idle week.
    await settle();
    this.#counted.cursors.length = 0;
    this.#counted.alarmsSet = 0;
    let wakes = 0;
    for (;;) {
      const { alarm } = this.#counted;
      if (alarm === null || alarm > START + 7 * 86_400_000) break;
      clock = Math.max(clock, alarm);
      this.#counted.alarm = null;
      wakes++;
      await this.alarm?.();
      await settle();
      if (wakes > 20_000) throw new Error("it does not come to rest");
    }
    clock = START;
    const sum = (of: (cursor: SqlStorageCursor<Record<string, SqlStorageValue>>) => number): number =>
      this.#counted.cursors.reduce((total, cursor) => total + of(cursor), 0);
    return {
      wakes,
      rowsRead: sum(({ rowsRead }) => rowsRead),
      rowsWritten: sum(({ rowsWritten }) => rowsWritten),
      alarmsSet: this.#counted.alarmsSet,
    };
  }
}

/** Lets what goes on in the background come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

interface BenchEnv {
  USER_AGENT: DurableObjectNamespace<Idle>;
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { user, todos } = await request.json<{ user: string; todos: number }>();
    return Response.json(await env.USER_AGENT.getByName(user).week(todos));
  },
};
