import type { ListenerStore } from "../db/object/listeners.ts";
import type { Vault } from "../secrets/vault.ts";

interface HookSecretsDeps {
  vault: Pick<Vault, "put" | "get" | "delete">;
  store: ListenerStore;
  /** UTC milliseconds. */
  now(): number;
}

/** How long a secret is taken after another took its place. */
export const PREVIOUS_KEPT_MS = 24 * 3_600_000;

/** The secrets that hooks are signed with, in the user's vault. No value leaves but to verify one request. */
export class HookSecrets {
  constructor(private readonly deps: HookSecretsDeps) {}

  async set(id: string, value: string): Promise<void> {
    const { vault, store, now } = this.deps;
    const { lastFour } = await vault.put(current(id), value);
    // Deleted meanwhile: nothing is left behind.
    if (!store.get(id)) return this.forget(id);
    store.update(id, { secretLastFour: lastFour, secretSetAt: now() });
  }

  /** What was taken before is taken for {@link PREVIOUS_KEPT_MS} more. At no moment of it is neither taken. */
  async rotate(id: string, value: string): Promise<void> {
    const { vault, store, now } = this.deps;
    const before = await vault.get(current(id));
    if (before !== null && before !== value) {
      await vault.put(previous(id), before);
      store.update(id, { previousUntil: now() + PREVIOUS_KEPT_MS });
    }
    await this.set(id, value);
  }

  /** Those that a signature may be made with now. */
  async accepted(id: string): Promise<string[]> {
    const { vault, store, now } = this.deps;
    const until = store.get(id)?.previousUntil ?? 0;
    // One that does not open any more is as good as none; whoever posts is told nothing about it.
    const open = (name: string): Promise<string | null> => vault.get(name).catch(() => null);
    const values = await Promise.all([open(current(id)), until > now() ? open(previous(id)) : null]);
    return values.filter((value) => value !== null);
  }

  forget(id: string): void {
    for (const name of [current(id), previous(id)]) this.deps.vault.delete(name);
  }

  /** Those that are taken no more go. */
  tidy(): void {
    const { store, vault, now } = this.deps;
    for (const { id, previousUntil } of store.all()) {
      if (previousUntil === null || previousUntil > now()) continue;
      vault.delete(previous(id));
      store.update(id, { previousUntil: null });
    }
  }
}

/** With a colon they are Margay's own: no tool, list of secrets or model is offered them. */
const current = (id: string): string => `hook:${id}`;
const previous = (id: string): string => `hook:${id}:previous`;
