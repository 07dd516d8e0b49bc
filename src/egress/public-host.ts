import { isPublicIpv4, isPublicIpv6, parseIpv4, parseIpv6 } from "./ip-address.ts";

/**
 * Last labels that name nothing on the public internet (RFC 2606, 6761, 6762, 7686, 8375, ICANN's `.internal` and its list of colliding names), what home and office
 * routers use, and what clusters and containers call their own.
 */
const PRIVATE_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "intra",
  "private",
  "corp",
  "home",
  "lan",
  "localnet",
  "mail",
  "workgroup",
  "domain",
  "dhcp",
  "router",
  "fritz.box",
  "svc",
  "consul",
  "docker",
  "test",
  "invalid",
  "onion",
  "i2p",
  "alt",
  "arpa",
];

/** Public names that answer with any address their caller writes into them, with loopback, or with another address each time. */
const WILDCARD_DNS = [
  "nip.io",
  "sslip.io",
  "xip.io",
  "xip.name",
  "backname.io",
  "ip6.name",
  "traefik.me",
  "localtest.me",
  "local.gd",
  "localho.st",
  "lvh.me",
  "vcap.me",
  "fuf.me",
  "lcl.host",
  "lacolhost.com",
  "rebind.it",
  "rebind.network",
  "rbndr.us",
  "1u.ms",
];

/** Names of the services that tell a machine in a cloud its credentials, where they have a name of their own. Their addresses are link-local or private. */
const METADATA = [
  "metadata.goog",
  "metadata.azure.com",
  "metadata.tencentyun.com",
  "metadata.packet.net",
  "metadata.platformequinix.com",
  "metadata.cloud.ibm.com",
];

/**
 * Why a host is not on the public internet; null: it is, as far as its name tells (what it resolves to is judged by `judgeAddresses`). Takes the host of a
 * parsed URL: lower case, canonical IPv4, IPv6 in brackets. The reason continues a sentence about the host: "is an address of a private network".
 */
export function hostProblem(hostname: string): string | null {
  if (hostname.startsWith("[")) {
    const groups = parseIpv6(hostname.slice(1, -1));
    return groups !== null && isPublicIpv6(groups) ? null : PRIVATE_ADDRESS;
  }
  // One trailing dot is the root and means the same name; the URL standard keeps it. A second one leaves an empty label, which no name has.
  const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  const ipv4 = parseIpv4(name);
  if (ipv4) return isPublicIpv4(ipv4) ? null : PRIVATE_ADDRESS;
  return nameProblem(name);
}

const PRIVATE_ADDRESS = "is an address of a private or reserved network";

function nameProblem(name: string): string | null {
  const labels = name.split(".");
  if (name.length > 253 || !labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return "is not a host name";
  const under = (suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
  if (PRIVATE_SUFFIXES.some(under)) return "is a name of a private network";
  // A single label is completed by the resolver's search list and so names a neighbour.
  if (labels.length < 2) return "is a name without a domain, which only a private network knows";
  if (WILDCARD_DNS.some(under)) return "is a name that can stand for any address, also a private one";
  if (METADATA.some(under) || labels[0] === "instance-data") return "is a service that gives a cloud's machines their credentials";
  return null;
}
