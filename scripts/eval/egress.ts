import { checkEgressUrl } from "../../src/egress/check-url.ts";
import { judgeAddresses } from "../../src/egress/judge-addresses.ts";
import type { Evaluation } from "./evaluation.ts";

const USAGE = "usage: npm run eval -- egress [--resolve HOST=IP[,IP…]]… FILE…";

/** What names stand for, by the name as the URL standard writes it, without a trailing dot. */
type Addresses = ReadonlyMap<string, readonly string[]>;

/** Whether an address may be fetched, by the filter that all tools go through. A line is one address as it is, not JSON. */
export const egress: Evaluation = evaluation(new Map());

function evaluation(resolved: Addresses): Evaluation {
  return {
    name: "egress",
    description: "what may be fetched: one address a line, --resolve HOST=IP for what names stand for → { url, allowed, reason }",
    configure: (args) => evaluation(withOptions(resolved, args)),
    answer(line) {
      const checked = checkEgressUrl(line);
      if (!checked.allowed) return { url: line, allowed: false, reason: checked.reason };
      const name = nameOf(checked.url);
      const problem = judgeAddresses(name, resolved.get(name) ?? []);
      return { url: line, allowed: problem === null, reason: problem ?? "A public address." };
    },
  };
}

function withOptions(before: Addresses, args: readonly string[]): Addresses {
  const all = new Map([...before].map(([name, addresses]) => [name, [...addresses]]));
  for (let index = 0; index < args.length; index++) {
    const [option = "", ...rest] = (args[index] ?? "").split("=");
    if (option !== "--resolve") throw new Error(`egress has no option ${option}. ${USAGE}`);
    const value = rest.length > 0 ? rest.join("=") : (args[++index] ?? "");
    const [, host = "", ips = ""] = /^([^=]+)=(.+)$/.exec(value) ?? [];
    const url = /[\s/@?#\\]/.test(host) ? null : URL.parse(`http://${host}/`);
    const addresses = ips.split(",").map((text) => addressOf(text.trim()));
    if (url === null || ips === "" || addresses.includes(null)) throw new Error(`--resolve ${value} is not HOST=IP. ${USAGE}`);
    const name = nameOf(url);
    all.set(name, [...(all.get(name) ?? []), ...addresses.filter((address) => address !== null)]);
  }
  return all;
}

const nameOf = (url: URL): string => url.hostname.replace(/\.$/, "");

/** An address as DNS writes it, without brackets and zone; null: not one. */
function addressOf(text: string): string | null {
  const plain = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  const host = URL.parse(plain.includes(":") ? `http://[${plain}]/` : `http://${plain}/`)?.hostname ?? "";
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^\d+(?:\.\d+){3}$/.test(host) && !/[/?#@]/.test(plain) ? host : null;
}
