import type { Snapshot } from "../db/object/config-versions.ts";
import { canonical } from "../permission/canonical.ts";

/** One difference between two states of the configuration. `before` and `after` are for a person; null: nothing was or is set. */
export interface ConfigChange {
  /** Such as `persona`, `models.fast`, `permission`. */
  field: string;
  before: string | null;
  after: string | null;
}

/** What differs between two states; the first version of all (`before` null) changes nothing. Pure. */
export function changesBetween(before: Snapshot | null, after: Snapshot): ConfigChange[] {
  if (before === null) return [];
  const [old, now] = [flat(before.settings), flat(after.settings)];
  const settings = [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((field) => {
    const [was, is] = [old.get(field) ?? null, now.get(field) ?? null];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
  const had = new Map(before.grants.map((grant) => [canonical(grant), grant.label]));
  const has = new Map(after.grants.map((grant) => [canonical(grant), grant.label]));
  const gone = [...had].filter(([key]) => !has.has(key)).map(([, label]) => ({ field: "permission", before: label, after: null }));
  const made = [...has].filter(([key]) => !had.has(key)).map(([, label]) => ({ field: "permission", before: null, after: label }));
  return [...settings, ...gone, ...made];
}

/** Settings as `path → text`; what is unset is left out. */
function flat(settings: object, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
    const field = `${prefix}${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    if (value === null || value === undefined || value === "") continue;
    if (typeof value === "object" && !Array.isArray(value)) for (const [inner, text] of flat(value, `${field}.`)) found.set(inner, text);
    else found.set(field, Array.isArray(value) ? value.join(", ") : String(value));
  }
  return found;
}
