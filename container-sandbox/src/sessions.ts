import { randomBytes } from "node:crypto";
import type { Limits, SessionRequest } from "../../src/sandbox/linux/contract.ts";
import { Failure } from "./failure.ts";
import { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { Wall } from "./wall.ts";

/** The sessions of this server. Each ends by itself when nothing was asked of it for a while. */
export class Sessions {
  readonly #wall: Wall;
  readonly #settings: Settings;
  readonly #open = new Map<string, { session: Session; timer: NodeJS.Timeout | undefined }>();
  /** Places that are taken by sessions that start or end. */
  #pending = 0;

  constructor(wall: Wall, settings: Settings) {
    this.#wall = wall;
    this.#settings = settings;
  }

  get count(): number {
    return this.#open.size + this.#pending;
  }

  async create({ limits, env, network }: SessionRequest): Promise<Session> {
    const granted = this.#granted(limits ?? {});
    if (this.count >= this.#settings.sessions)
      throw new Failure("rate_limited", `This server holds ${this.#settings.sessions} sessions at once. Try again when one has ended.`);
    this.#pending++;
    try {
      const id = randomBytes(16).toString("hex");
      const session = await Session.start(this.#wall, { id, limits: granted, env: env ?? {}, network: network ?? "none" });
      const place = { session, timer: undefined };
      this.#open.set(id, place);
      void session.broken.then(() => this.#remove(id));
      this.#rest(id);
      return session;
    } finally {
      this.#pending--;
    }
  }

  /** The session for one operation; while `work` runs, it does not end for idleness. */
  async use<T>(id: string, work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.find(id);
    clearTimeout(this.#open.get(id)?.timer);
    try {
      return await work(session);
    } finally {
      this.#rest(id);
    }
  }

  find(id: string): Session {
    const found = this.#open.get(id);
    if (found === undefined)
      throw new Failure("not_found", "There is no such Linux session; it may have ended because nothing was asked of it. Begin a new one.");
    return found.session;
  }

  async end(id: string): Promise<void> {
    await this.#open.get(id)?.session.end();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ session }) => session.end()));
    this.#wall.close();
  }

  #granted(asked: Partial<Limits>): Limits {
    const { defaults, most } = this.#settings;
    for (const [name, value] of Object.entries(asked)) {
      const limit = most[name as keyof Limits];
      if (value !== undefined && value > limit) throw new Failure("invalid_request", `limits.${name} may be ${limit} at most here.`);
    }
    return { ...defaults, ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) };
  }

  #rest(id: string): void {
    const place = this.#open.get(id);
    if (place === undefined) return;
    clearTimeout(place.timer);
    place.timer = setTimeout(() => {
      if (place.session.busy) this.#rest(id);
      else void place.session.end();
    }, this.#settings.idleMs);
    place.timer.unref();
  }

  /** A place is free again once nothing of the session is left. */
  async #remove(id: string): Promise<void> {
    const place = this.#open.get(id);
    if (place === undefined) return;
    this.#open.delete(id);
    clearTimeout(place.timer);
    this.#pending++;
    try {
      await place.session.end();
    } finally {
      this.#pending--;
    }
  }
}
