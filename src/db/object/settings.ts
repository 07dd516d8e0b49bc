import { z } from "zod";
import { UserSettings } from "../../agent/shapes.ts";
import { DEFAULT_HEARTBEAT } from "../../heartbeat/shapes.ts";

const DEFAULTS: UserSettings = {
  timeZone: null,
  models: { fast: null, smart: null, vision: null },
  tier: "smart",
  persona: "",
  approvalMinutes: {},
  tools: {},
  memoryQuiet: true,
  heartbeat: DEFAULT_HEARTBEAT,
  executors: 5,
  selfImprovement: "propose",
};

const LEARNED = "learned_time_zone";
const LearnedZone = z.object({ timeZone: z.string(), fromPage: z.boolean() });

/**
 * A key-value table of JSON settings: some dozens of small rows, read once in the life of the object in memory. Values that do not parse count as
 * absent: an older or damaged one never breaks a turn.
 */
export class SettingStore {
  #rows: Map<string, string> | null = null;
  #user: UserSettings | null = null;
  constructor(
    private readonly sql: SqlStorage,
    /** The user's zone is another than it was. */
    private readonly zoneChanged: () => void = () => undefined,
  ) {}

  #all(): Map<string, string> {
    this.#rows ??= new Map(
      this.sql
        .exec("SELECT key, value FROM setting")
        .toArray()
        .map((row) => [String(row["key"]), String(row["value"])]),
    );
    return this.#rows;
  }

  /** After a transaction that was undone: what is kept in memory is read anew. */
  forget(): void {
    this.#rows = null;
    this.#user = null;
  }

  read<T>(key: string, schema: z.ZodType<T>): T | null {
    const value = this.#all().get(key);
    if (value === undefined) return null;
    const parsed = schema.safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : null;
  }

  write(key: string, value: unknown, now: number): void {
    const text = JSON.stringify(value);
    const before = key === "user" || key === LEARNED ? this.timeZone() : null;
    this.sql.exec(
      "INSERT INTO setting (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
      key,
      text,
      now,
    );
    this.#all().set(key, text);
    this.#user = null;
    if (before !== null && before !== this.timeZone()) this.zoneChanged();
  }

  /** When a value was written last, UTC milliseconds; 0: never. */
  updatedAt(key: string): number {
    const [row] = this.sql.exec("SELECT updated_at FROM setting WHERE key = ?", key).toArray();
    return Number(row?.["updated_at"] ?? 0);
  }

  /** Writes a value that is often the same: only when it differs. */
  note(key: string, value: unknown, now: number): void {
    if (this.#all().get(key) !== JSON.stringify(value)) this.write(key, value, now);
  }

  delete(key: string): void {
    this.sql.exec("DELETE FROM setting WHERE key = ?", key);
    this.#all().delete(key);
  }

  keys(prefix: string): string[] {
    return [...this.#all().keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }

  /** What holds for the user: what they set, and the time zone that was learned where they set none. */
  user(): UserSettings {
    if (this.#user) return this.#user;
    const set = this.chosen();
    this.#user = { ...set, timeZone: set.timeZone ?? this.read(LEARNED, LearnedZone)?.timeZone ?? null };
    return this.#user;
  }

  /** The user's IANA zone; UTC while none is known. */
  timeZone(): string {
    return this.user().timeZone ?? "UTC";
  }

  /** What the user set themself. */
  chosen(): UserSettings {
    return this.read("user", UserSettings) ?? DEFAULTS;
  }

  updateUser(patch: Partial<UserSettings>, now: number): UserSettings {
    this.write("user", { ...this.chosen(), ...patch }, now);
    return this.user();
  }

  /**
   * A channel says where its user is. The page knows best: a command line may run on a server in another zone. What the user set themself stays.
   */
  learnTimeZone(timeZone: string, fromPage: boolean, now: number): void {
    const known = this.read(LEARNED, LearnedZone);
    if (known && (known.timeZone === timeZone || (known.fromPage && !fromPage))) return;
    this.write(LEARNED, { timeZone, fromPage }, now);
  }
}
