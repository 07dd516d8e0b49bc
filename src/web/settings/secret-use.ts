import type { SecretUse } from "../api/secrets.ts";

/** Places of a request that a secret can be put at. */
export const PLACES: readonly { place: SecretUse["place"]; name: string }[] = [
  { place: "bearer", name: "As a bearer token (most APIs)" },
  { place: "basic", name: "As user:password (basic)" },
  { place: "header", name: "In a header of its own" },
];

/** Where a secret stands in a request, short. */
export function placeText({ place, header }: SecretUse): string {
  if (place === "bearer") return "as a bearer token";
  return place === "basic" ? "as user:password" : `in the header ${header ?? "?"}`;
}

/** The hosts of a text with one or more a line; null: none, so no tool may use the secret. */
export function readUse(hosts: string, place: SecretUse["place"], header: string): SecretUse | null {
  const list = [...new Set(hosts.split(/[\s,;]+/u).filter((host) => host !== ""))];
  if (list.length === 0) return null;
  return place === "header" ? { hosts: list, place, header: header.trim() } : { hosts: list, place };
}

/** Where one of Margay's own secrets is changed. */
export function systemHome(name: string): { href: string; hint: string } {
  if (name.startsWith("telegram:")) return { href: "/settings/telegram", hint: "Change under Telegram" };
  // Taken out of a message; what becomes of it is said in the chat.
  if (name.startsWith("pasted:")) return { href: "/", hint: "Say /secrets in the chat" };
  return { href: "/settings/models", hint: "Change under Models" };
}
