import type { Principal } from "./principal.ts";

interface Entry {
  principal: Principal;
  /** UTC ms; the entry is worthless from then on. */
  until: number;
}

/** Remembers verified callers for a short while, by the hash of their credential. The one used longest ago goes first. */
export class PrincipalCache {
  readonly #entries = new Map<string, Entry>();

  constructor(readonly limit: number) {}

  get(key: string, now: number): Principal | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    this.#entries.delete(key);
    if (entry.until <= now) return null;
    this.#entries.set(key, entry);
    return entry.principal;
  }

  set(key: string, principal: Principal, until: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { principal, until });
    if (this.#entries.size <= this.limit) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }
}
