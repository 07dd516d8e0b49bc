import type { Instead, Parts } from "../../../durable-objects/parts.ts";
import type { ServerFrame } from "../../../src/channels/socket-protocol.ts";
import type { InboundMessage } from "../../../src/channels/message.ts";
import { migrateObject } from "../../../src/db/object/schema.ts";
import { type Env, Settings } from "../../../src/env.ts";
import { onlyThis } from "./only-this.ts";
import { sqlAsText } from "./sql-as-text.ts";
import { type SqliteStorage, sqliteStorage } from "./sqlite-storage.ts";

/** Longer than any turn without a real model takes, milliseconds. */
const STUCK_MS = 30_000;
/** Settings and bindings that a deployment need not have. */
const UNSET: Partial<Env> = Object.fromEntries(
  [...Object.keys(Settings.shape), "USAGE", "VECTORS", "AI", "EMAIL", "BROWSER"].map((name) => [name, undefined]),
);
const USER = "evaluated-user";

export interface AgentInNode {
  readonly parts: Parts;
  readonly sql: SqlStorage;
  /** The user types something on the page. Throws when it is not taken. */
  say(text: string): Promise<void>;
  /** Resolves when no turn runs and nothing is under way. */
  settled(): Promise<void>;
  /** Nothing of it is used any more. Call it when it has settled, or never. */
  end(): void;
}

export interface AgentOptions {
  instead: Instead;
  /** Hears what connected pages would. */
  onFrame(frame: ServerFrame): void;
  /** UTC milliseconds. */
  now(): number;
}

/** Storages that nobody uses, as they are after the migration. */
const idle: SqliteStorage[] = [];

function emptyStorage(): SqliteStorage {
  const known = idle.pop();
  if (known) return known;
  const made = sqliteStorage();
  migrateObject(made.storage);
  made.keep();
  return made;
}

/**
 * A user's whole agent as the object wires it, empty, on SQLite in memory and without a network: the coordinator, the gate, approvals and audit are the product's
 * own. D1, R2 and the other bindings are not there, and using one throws.
 */
export async function agentInNode({ instead, onFrame, now }: AgentOptions): Promise<AgentInNode> {
  sqlAsText();
  const { createParts } = await import("../../../durable-objects/parts.ts");
  const kept = emptyStorage();
  const { storage } = kept;
  const work = new Set<Promise<unknown>>();
  const parts = createParts(
    {
      storage,
      env: onlyThis<Env>("Env", {
        ...UNSET,
        DB: onlyThis<D1Database>("D1Database", {}),
        FILES: onlyThis<R2Bucket>("R2Bucket", {}),
        MASTER_KEY: "only for evaluations, where nothing is secret",
      }),
      userId: USER,
      now,
      broadcast: onFrame,
      // Nothing here lives long enough to be woken.
      wakeAt: () => Promise.resolve(),
      background(promise) {
        work.add(promise);
        const ended = (): void => void work.delete(promise);
        promise.then(ended, ended);
      },
      active: () => undefined,
    },
    instead,
  );
  parts.access.set(USER, {
    authVersion: 1,
    role: "user",
    suspended: false,
    email: "user@margay.example",
    name: "User",
    dayCapMicroUsd: null,
    monthCapMicroUsd: null,
  });
  let messages = 0;
  return {
    parts,
    sql: storage.sql,
    end() {
      kept.restore();
      idle.push(kept);
    },
    async say(text) {
      const key = `say-${++messages}`;
      const message: InboundMessage = {
        channel: "web",
        route: "web",
        key,
        bodyHash: key,
        text,
        content: [],
        replyTo: { channel: "web" },
        sentAt: now(),
        timeZone: "UTC",
      };
      const receipt = await parts.intake.receive(message);
      if (!receipt.ok) throw new Error(receipt.error.message);
    },
    async settled() {
      for (;;) {
        // What fails in the background has told so itself, as in the object.
        while (work.size > 0) await Promise.allSettled(work);
        if (parts.turnRows.running().length === 0) return;
        const began = performance.now();
        await parts.turns.changed(STUCK_MS);
        if (performance.now() - began >= STUCK_MS) throw new Error("the turn does not end");
      }
    },
  };
}
