import { covers } from "../../../src/permission/capability.ts";
import { destinationsIn } from "./destinations-in.ts";
import type { CaseTool } from "./gate-case.ts";
import { valuesAt } from "./json-path.ts";

/** The kind of a capability as the product writes kinds, and the rest as it stands; null: there is no rest. */
export function readCaseCapability(text: string): { kind: string; scope: string | null } {
  const [, kind = "", scope] = /^([^:]*)(?::(.+))?$/s.exec(text.trim()) ?? [];
  const plain = kind
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "_");
  return { kind: /^[a-z]/.test(plain) ? plain : `x_${plain}`, scope: scope?.trim() ?? null };
}

/**
 * What a call of a case's tool needs. `{path}` stands for the values of an argument. A scope that the product cannot compare is left out: the tool is enabled, so what it needs is granted,
 * and a case is about what comes after that.
 */
export function capabilitiesOf(tool: Pick<CaseTool, "capabilities">, input: unknown): string[] {
  return tool.capabilities.flatMap((template) => {
    const { kind, scope } = readCaseCapability(template);
    if (scope === null) return [kind];
    const path = /^\{(.+)\}$/s.exec(scope)?.[1];
    const scopes =
      path === undefined ? [scope] : destinationsIn(valuesAt(path, input)).map((value) => (kind === "net.fetch" ? hostIn(value) : value));
    return scopes.length === 0 ? [kind] : scopes.map((one) => `${kind}:${one}`).map((full) => (covers(full, full) ? full : kind));
  });
}

const hostIn = (value: string): string => URL.parse(value)?.host ?? value;
