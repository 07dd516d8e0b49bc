import { z } from "zod";

/** The header by which the user's object tells a container's object what one command may reach. It ends there: no sandbox ever sees it. */
export const EGRESS_HEADER = "x-margay-egress";

/** Hosts that one command may reach, and the header that requests to them get there: its value is a secret that never enters the sandbox. */
export const EgressPass = z.object({
  hosts: z.array(z.string().min(1).max(253)).max(64),
  secret: z
    .object({ hosts: z.array(z.string().min(1).max(253)).max(64), name: z.string().min(1).max(64), value: z.string().max(10_000) })
    .nullable(),
});
export type EgressPass = z.infer<typeof EgressPass>;

/** As a header's value: JSON in which every character is ASCII. */
export const writePass = (pass: EgressPass): string => encodeURIComponent(JSON.stringify(pass));

/** null: it is none. */
export function readPass(text: string | null): EgressPass | null {
  if (text === null) return null;
  try {
    return EgressPass.parse(JSON.parse(decodeURIComponent(text)));
  } catch {
    return null;
  }
}

/** What a request of a sandbox to a host comes to. */
export type EgressAnswer = { allowed: false } | { allowed: true; header: { name: string; value: string } | null };

/** What open passes say of a request: to hosts that one of them names, by TLS. */
export function judgeEgress(address: string, passes: Iterable<EgressPass>): EgressAnswer {
  const url = URL.parse(address);
  if (url?.protocol !== "https:" || (url.port !== "" && url.port !== "443")) return { allowed: false };
  const host = url.hostname.replace(/\.$/, "");
  for (const { hosts, secret } of passes) {
    if (!hosts.includes(host)) continue;
    return { allowed: true, header: secret?.hosts.includes(host) ? { name: secret.name, value: secret.value } : null };
  }
  return { allowed: false };
}
