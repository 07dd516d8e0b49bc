/** The eight 16-bit groups of an IPv6 address as the URL standard writes it (`2001:db8::1`, no zone, no dotted tail); null: not one. */
export function parseIpv6(text: string): number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0]);
  const tail = groupsOf(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return all.some(Number.isNaN) ? null : all;
}

const groupsOf = (half: string | undefined): number[] =>
  half ? half.split(":").map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN)) : [];

/** The four bytes of a dotted decimal IPv4 address; null: not one. */
export function parseIpv4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** IPv4 blocks that are not the public internet (IANA IPv4 Special-Purpose Address Registry), as [network, prefix length]. */
const SPECIAL_IPV4: readonly [string, number][] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // carrier NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local, cloud metadata
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.31.196.0", 24], // AS112
  ["192.52.193.0", 24], // AMT
  ["192.88.99.0", 24], // 6to4 relays
  ["192.168.0.0", 16], // private
  ["192.175.48.0", 24], // AS112
  ["168.63.129.16", 32], // a cloud's wire server
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 3], // multicast, reserved, broadcast
];

/** Whether an IPv4 address is on the public internet. */
export function isPublicIpv4(bytes: readonly number[]): boolean {
  const address = toNumber(bytes);
  return !SPECIAL_IPV4.some(([network, prefix]) => {
    const base = parseIpv4(network);
    const size = 2 ** (32 - prefix);
    return base !== null && Math.floor(address / size) === Math.floor(toNumber(base) / size);
  });
}

const toNumber = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

/**
 * Whether an IPv6 address is on the public internet: global unicast (2000::/3, RFC 4291) without the special blocks (IANA IPv6 Special-Purpose
 * Address Registry). Addresses that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) are refused whatever they carry.
 */
export function isPublicIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  if (first < 0x2000 || first > 0x3fff) return false; // ::1, ::ffff:0:0/96, 64:ff9b::/96, fc00::/7, fe80::/10, ff00::/8 …
  if (first === 0x2001 && second < 0x0200) return false; // protocol assignments, Teredo, ORCHID
  if (first === 0x2001 && second === 0x0db8) return false; // documentation
  if (first === 0x2002) return false; // 6to4
  if (first === 0x3fff && second < 0x1000) return false; // documentation
  if (first === 0x2620 && second === 0x004f && groups[2] === 0x8000) return false; // AS112
  return true;
}

/** Whether an address as DNS and people write it (IPv6 also with a dotted tail) is on the public internet. What is no address is not. */
export function isPublicAddress(text: string): boolean {
  const ipv4 = parseIpv4(text);
  if (ipv4) return isPublicIpv4(ipv4);
  const groups = parseIpv6(withoutDottedTail(text));
  return groups !== null && isPublicIpv6(groups);
}

/** `::ffff:1.2.3.4` as `::ffff:102:304` (RFC 4291, 2.2.3). */
function withoutDottedTail(text: string): string {
  const at = text.lastIndexOf(":") + 1;
  const tail = at > 0 ? parseIpv4(text.slice(at)) : null;
  if (tail === null) return text;
  const [a = 0, b = 0, c = 0, d = 0] = tail;
  return `${text.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
