import { sha256Hex } from "../audit/hash.ts";
import { joinBytes } from "../join-bytes.ts";

/** A name and its value, as a form, an address or JSON has it. What stands in a list has the list's name. */
export interface Value {
  name: string;
  value: string;
  /** Of a file, bytes. */
  size?: number;
}

/** What a request carries in its address and its body, taken apart. */
export interface Carried {
  values: readonly Value[];
  /** Names of what other names are in. */
  around: readonly string[];
  /** A body that cannot be taken apart; null: there is none. `size` in bytes, null: it is not known. */
  opaque: { size: number | null; hash: string; text: string } | null;
}

/** Values of one request; one with more is not taken apart. */
const MAX_VALUES = 5_000;
/** Bytes of a body that is taken apart. */
const MAX_BODY = 256_000;
const MAX_DEPTH = 30;

/** `entries`: the bytes of its body as the browser gives them, base64; `has`: it has one, whether they are given or not. */
export function carriedBy(address: string, type: string, entries: readonly string[], has: boolean): Carried {
  const values: Value[] = [...new URL(address).searchParams].map(([name, value]) => ({ name, value }));
  const around = new Set<string>();
  if (!has) return { values, around: [], opaque: null };
  const bytes = bytesOf(entries);
  const body = bytes === null || bytes.byteLength > MAX_BODY ? null : valuesOf(type, bytes, around);
  if (body === null || values.length + body.length > MAX_VALUES || around.size > MAX_VALUES)
    return { values, around: [], opaque: opaqueOf(bytes) };
  return { values: [...values, ...body], around: [...around], opaque: null };
}

/** null: they were not given. */
function bytesOf(entries: readonly string[]): Uint8Array | null {
  if (entries.length === 0) return null;
  return joinBytes(entries.map((entry) => Uint8Array.from(atob(entry), (character) => character.codePointAt(0) ?? 0)));
}

const opaqueOf = (bytes: Uint8Array | null): Carried["opaque"] => ({
  size: bytes?.byteLength ?? null,
  hash: bytes === null ? "" : sha256Hex(binary(bytes)),
  text: bytes === null ? "" : new TextDecoder().decode(bytes.subarray(0, MAX_BODY)),
});

/** Each byte as a character. */
function binary(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

function valuesOf(type: string, bytes: Uint8Array, around: Set<string>): Value[] | null {
  const kind = type.toLowerCase();
  if (kind.includes("multipart/form-data")) return partsOf(binary(bytes));
  const text = textOf(bytes);
  if (text === null) return null;
  if (kind.includes("application/x-www-form-urlencoded")) return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
  return leavesOf(jsonOf(text), text, around);
}

/** null: it is no text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** An object or a list; undefined: it is something else. */
function jsonOf(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The values in JSON, also in JSON that is written in one of its texts; of another text it is all one value. null: it is nested too deeply. */
function leavesOf(json: object | undefined, text: string, around: Set<string>): Value[] | null {
  if (json === undefined) return [{ name: "", value: text }];
  const values: Value[] = [];
  const visit = (value: unknown, name: string, depth: number): boolean => {
    if (depth > MAX_DEPTH || values.length > MAX_VALUES) return false;
    const inner = typeof value === "string" ? jsonOf(value) : value;
    if (typeof inner !== "object" || inner === null) {
      values.push({ name, value: value === null || value === false ? "" : String(value) });
      return true;
    }
    if (Array.isArray(inner)) return inner.every((one) => visit(one, name, depth + 1));
    if (name !== "") around.add(name);
    return Object.entries(inner).every(([key, one]) => visit(one, key, depth + 1));
  };
  return visit(json, "", 0) ? values : null;
}

/** Fields of a multipart form (RFC 7578), whose bytes are characters here. null: it cannot be read. */
function partsOf(body: string): Value[] | null {
  const boundary = body.slice(0, Math.max(body.indexOf("\r\n"), 0));
  if (!/^--./.test(boundary)) return null;
  const values: Value[] = [];
  for (const part of body.split(boundary).slice(1)) {
    if (part.startsWith("--")) break;
    const end = part.indexOf("\r\n\r\n");
    const head = part.slice(0, Math.max(end, 0));
    const name = /name="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) return null;
    const content = part.slice(end + 4).replace(/\r\n$/, "");
    const file = /filename="([^"]*)"/.exec(head)?.[1];
    if (file === undefined) values.push({ name: decoded(name), value: decoded(content) });
    else values.push({ name: decoded(name), value: fileValue(decoded(file)), size: content.length });
  }
  return values;
}

/** How a file stands among values; no file is none. */
export const fileValue = (name: string): string => (name === "" ? "" : `[file ${name}]`);

const decoded = (text: string): string => new TextDecoder().decode(Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0));
