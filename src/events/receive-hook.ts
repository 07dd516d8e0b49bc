import type { NewAuditEntry } from "../db/object/audit.ts";
import type { ListenerStore } from "../db/object/listeners.ts";
import { MargayError } from "../errors.ts";
import type { HookSecrets } from "./hook-secrets.ts";
import { markOf, type StoredListener } from "./listener.ts";
import { recordDuplicate, type RecordDeps, recordEvents, unseen } from "./record.ts";
import type { FiringOutcome } from "./shapes.ts";
import { hexText } from "./signatures/hmac-sha256.ts";
import { verifyHook } from "./signatures/registry.ts";
import { hookEvent } from "./sources/hook.ts";

/** A request to an address of a hook, as the Worker hands it over: nothing of it is verified. */
export interface HookRequest {
  hookId: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** `outcome`: what became of the event; `challenge`: the text that the service asked for. */
export type HookAnswer = { outcome: FiringOutcome } | { challenge: string };

export interface ReceiveHookDeps extends RecordDeps {
  store: ListenerStore;
  secrets: HookSecrets;
  scrub(texts: readonly string[]): Promise<string[]>;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  plan(): Promise<void>;
}

/** A wrong signature is put into the trail at most this often for each hook: anybody can send one. */
const REJECTED_EVERY_MS = 60_000;

/** The one refusal, whatever is wrong and whether or not the hook exists. */
export const hookRefused = (): MargayError =>
  new MargayError("unauthorized", "The signature is missing, wrong or too old, or there is no such hook.");

/** Takes what a service posted: verifies it with the user's secret, and writes it down before anybody is told that it is taken. Throws `unauthorized` for everything that is not rightly signed. */
export async function receiveHook(request: HookRequest, deps: ReceiveHookDeps): Promise<HookAnswer> {
  const { store, secrets, scrub, transaction, now } = deps;
  const listener = store.byHook(request.hookId);
  if (!listener || listener.source.kind !== "hook") throw hookRefused();
  const posted = { headers: request.headers, body: request.body, now: now() };
  const verified = await verifyHook(posted, await secrets.accepted(listener.id), listener.source.scheme);
  if (verified === null) {
    noteRejected(listener, deps);
    throw hookRefused();
  }
  if (verified.kind === "challenge") return { challenge: verified.answer };
  const digest = hexText(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(request.body))));
  const event = hookEvent(posted, verified, digest, listener.source.scheme);
  const [title = "", content = ""] = await scrub([event.title, event.content]);
  const outcome = transaction((): FiringOutcome => {
    // As it is now: it may have been paused or deleted meanwhile.
    const current = store.get(listener.id);
    if (!current) throw hookRefused();
    const [fresh] = unseen(deps, current.id, [{ ...event, title, content }]);
    if (fresh !== undefined) return recordEvents(deps, current, [fresh])[0] ?? "waiting";
    recordDuplicate(deps, current, { ...event, title });
    return "duplicate";
  });
  await deps.plan();
  return { outcome };
}

function noteRejected(listener: StoredListener, { store, audit, transaction, now }: ReceiveHookDeps): void {
  transaction(() => {
    const last = store.get(listener.id)?.rejectedAt ?? null;
    if (last !== null && now() - last < REJECTED_EVERY_MS) return;
    store.update(listener.id, { rejectedAt: now() });
    audit({
      kind: "listener",
      event: "rejected",
      actor: "system",
      channel: "webhook",
      subject: listener.id,
      tainted: true,
      summary: `A request to ${markOf(listener)} was not rightly signed`,
    });
  });
}
