import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPublicUrl } from "../../src/egress/public-url.ts";

const allowed = (url: string): boolean => checkPublicUrl(url).allowed;

const hex = (high: number, low: number): string => (high * 256 + low).toString(16);

/** One IPv4 address in every way that some resolver or URL parser reads. */
const notations = (bytes: readonly number[]): string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return [
    bytes.join("."),
    `${bytes.join(".")}.`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
    bytes.map((byte) => `0${byte.toString(8)}`).join("."),
    `${a}.${b * 65536 + c * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `[::ffff:${bytes.join(".")}]`,
    `[::${hex(a, b)}:${hex(c, d)}]`,
    `[64:ff9b::${hex(a, b)}:${hex(c, d)}]`,
    `[2002:${hex(a, b)}:${hex(c, d)}::1]`,
  ];
};

describe("checkPublicUrl()", () => {
  test.each([
    "https://example.com/",
    "https://hooks.example.com/a/b?c=d",
    "https://example.com:443/x",
    "https://example.com:8443/x",
    "https://example.com./x",
    "https://bücher.example.org/x",
    "https://8.8.8.8/x",
    "https://[2606:4700:4700::1111]/x",
  ])("allows %s", (url) => expect(allowed(url)).toBe(true));

  test.each([
    ["http", "http://example.com/"],
    ["another scheme", "ftp://example.com/"],
    ["javascript", "javascript:alert(1)"],
    ["data", "data:text/plain,x"],
    ["no URL", "example.com/hook"],
    ["empty", ""],
    ["credentials", "https://user:secret@example.com/"],
    ["a user name", "https://user@example.com/"],
    ["another port", "https://example.com:22/"],
    ["port 80", "https://example.com:80/"],
    ["localhost", "https://localhost/"],
    ["localhost with a dot", "https://localhost./"],
    ["localhost in capitals", "https://LOCALHOST/"],
    ["localhost in circled letters", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/"],
    ["under localhost", "https://a.localhost/"],
    ["a single label", "https://metadata/"],
    ["internal", "https://metadata.google.internal/computeMetadata/v1/"],
    ["local", "https://printer.local/"],
    ["home.arpa", "https://nas.home.arpa/"],
    ["reverse DNS", "https://1.0.0.127.in-addr.arpa/"],
    ["onion", "https://abcdefgh.onion/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback with a dot", "https://127.0.0.1./"],
    ["loopback, short", "https://127.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, hex", "https://0x7f000001/"],
    ["loopback, hex parts", "https://0x7f.0x0.0x0.0x1/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, octal whole", "https://017700000001/"],
    ["loopback, full-width digits", "https://１２７.０.０.１/"],
    ["loopback, ideographic dots", "https://127。0。0。1/"],
    ["loopback, percent-encoded", "https://%31%32%37.0.0.1/"],
    ["unspecified", "https://0.0.0.0/"],
    ["zero", "https://0/"],
    ["private 10", "https://10.1.2.3/"],
    ["private 172", "https://172.31.255.255/"],
    ["private 192", "https://192.168.0.1/"],
    ["carrier NAT", "https://100.64.0.1/"],
    ["metadata", "https://169.254.169.254/latest/meta-data/"],
    ["metadata, hex", "https://0xa9fea9fe/"],
    ["metadata, decimal", "https://2852039166/"],
    ["a cloud's wire server", "https://168.63.129.16/"],
    ["benchmarks", "https://198.19.0.1/"],
    ["multicast", "https://224.0.0.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv6 loopback, long", "https://[0:0:0:0:0:0:0:1]/"],
    ["IPv6 unspecified", "https://[::]/"],
    ["mapped loopback", "https://[::ffff:127.0.0.1]/"],
    ["mapped metadata", "https://[::ffff:a9fe:a9fe]/"],
    ["compatible loopback", "https://[::127.0.0.1]/"],
    ["NAT64", "https://[64:ff9b::7f00:1]/"],
    ["NAT64, local", "https://[64:ff9b:1::a00:1]/"],
    ["6to4 of loopback", "https://[2002:7f00:1::]/"],
    ["Teredo", "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/"],
    ["unique local", "https://[fd00:ec2::254]/"],
    ["link-local", "https://[fe80::1]/"],
    ["IPv6 multicast", "https://[ff02::1]/"],
    ["IPv6 documentation", "https://[2001:db8::1]/"],
    ["a name that holds its address", "https://127.0.0.1.nip.io/"],
    ["a public name of loopback", "https://localtest.me/"],
    ["too long", `https://example.com/${"a".repeat(2000)}`],
  ])("refuses %s", (_what, url) => expect(allowed(url)).toBe(false));

  test("gives a reason that continues a sentence", () => {
    expect(checkPublicUrl("http://example.com")).toEqual({ allowed: false, reason: "must use https" });
  });

  const privateIpv4 = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127), fc.nat(255), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.integer({ min: 224, max: 255 }), fc.nat(255), fc.nat(255), fc.nat(255)),
  );
  test("refuses every private IPv4 address in every notation", () => {
    fc.assert(
      fc.property(privateIpv4, (bytes) => {
        for (const host of notations(bytes)) expect([host, allowed(`https://${host}/`)]).toEqual([host, false]);
      }),
    );
  });

  test("allows only https URLs without credentials, whatever the text", () => {
    const text = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(text, (candidate) => {
        const url = allowed(candidate) ? new URL(candidate) : null;
        expect(url?.protocol ?? "https:").toBe("https:");
        expect((url?.username ?? "") + (url?.password ?? "")).toBe("");
      }),
    );
  });

  test("judges an IPv6 address the same however it is written", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }), (groups) => {
        const plain = groups.map((group) => group.toString(16)).join(":");
        const padded = groups.map((group) => group.toString(16).padStart(4, "0").toUpperCase()).join(":");
        expect(allowed(`https://[${padded}]/`)).toBe(allowed(`https://[${plain}]/`));
        const global = Math.floor((groups[0] ?? 0) / 0x2000) === 1;
        expect(global || !allowed(`https://[${plain}]/`)).toBe(true);
      }),
    );
  });
});
