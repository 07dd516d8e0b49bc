import { type ConfigVersion, type ConfigVersionStore, type Snapshot, type VersionedGrant } from "../db/object/config-versions.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { GrantRow, GrantStore, NewGrant } from "../db/object/grants.ts";
import type { SettingStore } from "../db/object/settings.ts";
import { MargayError } from "../errors.ts";
import { canonical } from "../permission/canonical.ts";
import { type ConfigChange, changesBetween } from "./config-changes.ts";
import type { UserSettings } from "./shapes.ts";

/** A version as lists show it: what it changed against the one before. */
export interface VersionSummary extends Omit<ConfigVersion, "snapshot"> {
  changes: ConfigChange[];
  /** Whether the configuration is this one now. */
  current: boolean;
}

/** Who changes something, and by which channel. */
export interface By {
  author: ConfigVersion["author"];
  channel: string | null;
}

export interface ConfigurationDeps {
  settings: SettingStore;
  grants: GrantStore;
  versions: ConfigVersionStore;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  now(): number;
  newId(): string;
}

/** The only way to change what the agent is told to be and may do by itself: every change is a version that can be gone back to. */
export class Configuration {
  constructor(private readonly deps: ConfigurationDeps) {}

  update(patch: Partial<UserSettings>, by: By, summary?: string): UserSettings {
    const { settings, now } = this.deps;
    this.#change(by, summary ?? null, () => void settings.updateUser(patch, now()));
    return settings.user();
  }

  /** Writes a standing permission. One for a single task ends by itself and is no version. */
  grant(grant: NewGrant, by: By): GrantRow {
    let made: GrantRow | null = null;
    const write = (): void => {
      made = this.deps.grants.insert(grant);
      this.#auditGrant("made", made, by);
    };
    if (grant.taskId === null) this.#change(by, `May without asking: ${grant.label}`, write);
    else this.deps.transaction(write);
    return made ?? missing();
  }

  /** Takes a standing permission back. Throws `not_found` when none of that id holds. */
  revoke(id: string, by: By): GrantRow {
    const { grants, now } = this.deps;
    const held = grants.active(now()).find((grant) => grant.id === id);
    if (held === undefined) throw new MargayError("not_found", "There is no such permission, or it does not hold any more.");
    const write = (): void => {
      grants.revoke(id, now());
      this.#auditGrant("revoked", held, by);
    };
    if (held.taskId === null) this.#change(by, `Asks again: ${held.label}`, write);
    else this.deps.transaction(write);
    return grants.all().find((grant) => grant.id === id) ?? missing();
  }

  versions(limit: number, before: number | null): { versions: VersionSummary[]; nextBefore: number | null } {
    const rows = this.deps.versions.page(limit + 1, before);
    const now = canonical(this.#snapshot());
    const shown = rows.slice(0, limit).map(({ snapshot, ...row }, index) => ({
      ...row,
      changes: changesBetween(rows[index + 1]?.snapshot ?? null, snapshot),
      current: canonical(snapshot) === now,
    }));
    return { versions: shown, nextBefore: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null };
  }

  /** What differs between two versions, or between one and now (`to` null). */
  compare(from: number, to: number | null): ConfigChange[] {
    return changesBetween(this.#version(from).snapshot, to === null ? this.#snapshot() : this.#version(to).snapshot);
  }

  /** Goes back to a version: its settings, and exactly the standing permissions that it had. Going back is a version too. */
  rollBack(seq: number, by: By): ConfigChange[] {
    const { grants, settings, now, newId } = this.deps;
    const { snapshot, at } = this.#version(seq);
    const changes = changesBetween(this.#snapshot(), snapshot);
    if (changes.length === 0) return [];
    this.#change(by, `Back to version ${seq}`, () => {
      settings.updateUser(snapshot.settings, now());
      const wanted = new Set(snapshot.grants.map(canonical));
      const held = grants.active(now()).filter(({ taskId }) => taskId === null);
      for (const grant of held)
        if (!wanted.delete(canonical(versioned(grant)))) {
          grants.revoke(grant.id, now());
          this.#auditGrant("revoked", grant, by);
        }
      for (const grant of snapshot.grants)
        if (wanted.has(canonical(grant)))
          this.#auditGrant("made", grants.insert({ ...grant, id: newId(), taskId: null, createdAt: now(), expiresAt: null }), by, at);
    });
    return changes;
  }

  /** Makes a change and its version, as one. What changes nothing is none. */
  #change(by: By, summary: string | null, write: () => void): void {
    const { versions, audit, transaction, now } = this.deps;
    transaction(() => {
      const before = this.#snapshot();
      write();
      const after = this.#snapshot();
      const changes = changesBetween(before, after);
      if (changes.length === 0) return;
      // So that the very first change can be taken back too.
      if (versions.page(1, null).length === 0)
        versions.insert({ at: now(), author: "system", channel: null, summary: "As it was at first", snapshot: before });
      const said = summary ?? `Changed ${changes.map(({ field }) => field).join(", ")}`;
      const seq = versions.insert({ at: now(), ...by, summary: said, snapshot: after });
      audit({
        kind: "config",
        event: "changed",
        actor: by.author,
        channel: by.channel,
        subject: String(seq),
        input: canonical(changes),
        summary: said,
      });
    });
  }

  #snapshot(): Snapshot {
    const { settings, grants, now } = this.deps;
    const held = grants.active(now()).filter(({ taskId }) => taskId === null);
    return { settings: settings.chosen(), grants: held.map(versioned).toReversed() };
  }

  #version(seq: number): ConfigVersion {
    const found = this.deps.versions.get(seq);
    if (found === null) throw new MargayError("not_found", `There is no version ${seq}.`);
    return found;
  }

  #auditGrant(event: "made" | "revoked", grant: GrantRow, { author, channel }: By, since?: number): void {
    this.deps.audit({
      kind: "grant",
      event,
      actor: author,
      channel,
      subject: grant.id,
      tool: grant.tool,
      basis: grant.approvalId,
      summary: since === undefined ? grant.label : `${grant.label}, as on ${new Date(since).toISOString()}`,
    });
  }
}

const versioned = ({ tool, version, covers, label, approvalId }: GrantRow): VersionedGrant => ({
  tool,
  version,
  covers,
  label,
  approvalId,
});

function missing(): never {
  throw new Error("a permission that was just written is not there");
}
