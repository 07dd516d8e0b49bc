import { z } from "zod";
import { readCapability } from "../permission/capability.ts";
import { hostText, readHost } from "../permission/host.ts";
import { readPath } from "../permission/path.ts";
import { oneLine } from "./plain-text.ts";
import type { Plain } from "./read-yaml.ts";
import { noPermissions, type SkillPermissions } from "./skill.ts";

/** Entries of one list. */
const MOST = 50;
const Entry = z.string().min(1).max(300);
const Capability = Entry.refine((text) => readCapability(text) !== null && text === text.trim());
const HostPattern = Entry.transform(hostPattern).pipe(z.string());
const Path = Entry.refine((text) => text.startsWith("/") && readPath(text) !== null).transform((text) => readPath(text) ?? "");
const SecretName = Entry.regex(/^[A-Za-z][\w.-]{0,99}$/);
const ToolName = Entry.regex(/^[A-Za-z][\w.:/-]{0,99}$/);

/** Reads the field `permissions`. Strict: what is not understood asks for nothing and is told. */
export function readPermissions(value: Plain | undefined): { permissions: SkillPermissions; warnings: string[] } {
  const permissions = noPermissions();
  const warnings: string[] = [];
  if (value === undefined || value === null) return { permissions, warnings };
  if (typeof value !== "object" || Array.isArray(value)) {
    return {
      permissions,
      warnings: ["Its permissions are not a list of fields (capabilities, hosts, paths, secrets, tools); it asks for none."],
    };
  }
  const list = (name: string, entries: Plain | undefined, schema: z.ZodType<string>): string[] => {
    if (entries === undefined || entries === null) return [];
    const all = Array.isArray(entries) ? entries : [entries];
    const read = all.slice(0, MOST).flatMap((entry) => {
      const parsed = schema.safeParse(entry);
      if (parsed.success) return [parsed.data];
      warnings.push(`Its permissions name under ${name} what cannot be read, and do not get it: ${shown(entry)}`);
      return [];
    });
    if (all.length > MOST) warnings.push(`Its permissions name more than ${MOST} ${name}; the rest asks for nothing.`);
    return [...new Set(read)];
  };
  for (const [name, entry] of Object.entries(value)) {
    if (name === "capabilities") permissions.capabilities = list(name, entry, Capability);
    else if (name === "hosts") permissions.hosts = list(name, entry, HostPattern);
    else if (name === "secrets") permissions.secrets = list(name, entry, SecretName);
    else if (name === "tools") permissions.tools = list(name, entry, ToolName);
    else if (name === "paths") {
      if (entry !== null && typeof entry === "object" && !Array.isArray(entry)) {
        permissions.paths = { read: list("paths", entry["read"], Path), write: list("paths", entry["write"], Path) };
        const others = Object.keys(entry).filter((key) => key !== "read" && key !== "write");
        if (others.length > 0)
          warnings.push(
            `Its permissions have paths for something else than read and write, which ask for nothing: ${shown(others.join(", "))}`,
          );
      } else permissions.paths.read = list(name, entry, Path);
    } else warnings.push(`Its permissions have a field that is not known and asks for nothing: ${shown(name)}`);
  }
  return { permissions, warnings: warnings.slice(0, 20) };
}

/** A pattern as it is compared, so that what a person reads is what is meant: no escapes, other letters as punycode. null: none, or every name of a whole country or kind, which names nobody. */
function hostPattern(text: string): string | null {
  if (text === "*") return text;
  const below = text.startsWith("*.");
  const host = readHost(below ? text.slice(2) : text);
  if (host === null || (below && !host.name.includes("."))) return null;
  return `${below ? "*." : ""}${hostText(host)}`;
}

const shown = (value: Plain): string => oneLine(typeof value === "string" ? value : JSON.stringify(value)).slice(0, 80);
