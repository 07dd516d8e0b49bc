import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkEgressUrl } from "../../src/egress/check-url.ts";
import { isPublicAddress } from "../../src/egress/ip-address.ts";

const allowed = (url: string): boolean => checkEgressUrl(url).allowed;

const ALLOWED = [
  "https://example.com",
  "https://example.com/",
  "http://example.com/",
  "HTTPS://EXAMPLE.COM/Path?Query#Fragment",
  "https://example.com:443/",
  "http://example.com:80/",
  "http://example.com:443/",
  "https://example.com:8443/x",
  "http://example.com:8080/x",
  "https://example.com:/x",
  "https://example.com./",
  "https://www.example.co.uk/a/b/c.html",
  "https://bücher.example.org/",
  "https://xn--bcher-kva.example.org/",
  "https://例え.jp/",
  "https://ex%61mple.com/",
  "https://ｅｘａｍｐｌｅ.com/",
  "https://8.8.8.8/",
  "https://1.1.1.1./",
  "http://134744072/", // 8.8.8.8
  "http://0x08080808/",
  "https://172.32.0.1/",
  "https://172.15.0.1/",
  "https://100.63.255.255/",
  "https://100.128.0.1/",
  "https://192.167.1.1/",
  "https://169.253.1.1/",
  "https://11.0.0.1/",
  "https://[2606:4700:4700::1111]/",
  "https://[2a00:1450:4001:81b::200e]:8443/",
  "https://127.0.0.1.example.com/", // a name like any other: what it stands for is asked when it is fetched
  "https://localhost.example.com/",
  "https://mylocal.com/",
  "https://notlocalhost.com/",
  "https://internal.example.com/",
  "https://metadata.example.com/",
  "https://nip.io.example.com/",
  "https://example.com/?url=http://127.0.0.1/",
  "https://example.com/@user",
  "https://example.com/a@b:c",
  "https://example.com?a@b",
  "https://example.com/#@x",
  "https://example.com/%0d%0aX",
  "https://example.com/%5c",
  "https://example.com/می‌خواهم",
  "https://_dmarc.example.com/",
  "https://a-b.example.com/",
  "https://example.com/..%2f..%2f",
  `https://example.com/${"a".repeat(1980)}`,
];

const REFUSED: [string, "bad_url" | "private_address"][] = [
  ["", "bad_url"],
  ["example.com", "bad_url"],
  ["//example.com/", "bad_url"],
  ["https:", "bad_url"],
  ["https://", "bad_url"],
  ["https:example.com", "bad_url"],
  ["https:/example.com", "bad_url"],
  ["https:///example.com", "bad_url"],
  ["https:////example.com", "bad_url"],
  ["ftp://example.com/", "bad_url"],
  ["file:///etc/passwd", "bad_url"],
  ["gopher://example.com/", "bad_url"],
  ["ws://example.com/", "bad_url"],
  ["javascript:alert(1)", "bad_url"],
  ["data:text/html,x", "bad_url"],
  ["blob:https://example.com/x", "bad_url"],
  ["view-source:https://example.com/", "bad_url"],
  ["https://user:pass@example.com/", "bad_url"],
  ["https://user@example.com/", "bad_url"],
  ["https://@example.com/", "bad_url"],
  ["https://:@example.com/", "bad_url"],
  ["https://example.com@127.0.0.1/", "bad_url"],
  ["https://example.com:443@10.0.0.1/", "bad_url"],
  ["https://user%40host/", "bad_url"],
  ["https://example.com:22/", "bad_url"],
  ["https://example.com:25/", "bad_url"],
  ["https://example.com:6379/", "bad_url"],
  ["https://example.com:0/", "bad_url"],
  ["https://example.com:65536/", "bad_url"],
  ["https://example.com:-1/", "bad_url"],
  ["https://example.com:8081/", "bad_url"],
  [" https://example.com/", "bad_url"],
  ["https://example.com/ ", "bad_url"],
  ["https://exam ple.com/", "bad_url"],
  ["https://example.com/a b", "bad_url"],
  ["https://exam\tple.com/", "bad_url"],
  ["https://example.com/\r\nX: y", "bad_url"],
  ["ht\ntps://example.com/", "bad_url"],
  ["https://example.com/\u0000", "bad_url"],
  ["https://example.com/\u007f", "bad_url"],
  ["https://example.com/\u0085", "bad_url"],
  ["https://example.com/\u00a0", "bad_url"],
  ["https://example.com/\u2028", "bad_url"],
  ["https://example.com\\@127.0.0.1/", "bad_url"],
  ["https:\\\\example.com\\", "bad_url"],
  ["https://example.com/\\", "bad_url"],
  ["https://example.com/\ud800", "bad_url"],
  [`https://example.com/${"a".repeat(2000)}`, "bad_url"],
  ["https://[::1", "bad_url"],
  ["https://[fe80::1%25eth0]/", "bad_url"],
  ["https://[fe80::1%eth0]/", "bad_url"],
  ["https://[::1]x/", "bad_url"],
  ["https://256.256.256.256/", "bad_url"],
  ["https://1.2.3.4.5/", "bad_url"],
  ["https://exa<mple.com/", "bad_url"],
  ["https://%zz.com/", "bad_url"],
  ["http://localhost/", "private_address"],
  ["http://LOCALHOST:8080/", "private_address"],
  ["http://localhost./", "private_address"],
  ["http://localhost../", "private_address"],
  ["http://a.b.localhost/", "private_address"],
  ["http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "private_address"],
  ["http://loc\u00adalhost/", "private_address"],
  ["http://%6c%6f%63alhost/", "private_address"],
  ["http://localhost.localdomain/", "private_address"],
  ["http://127.0.0.1/", "private_address"],
  ["http://127.0.0.1./", "private_address"],
  ["http://127.0.0.1../", "private_address"],
  ["http://127.1/", "private_address"],
  ["http://127.0.1/", "private_address"],
  ["http://127.255.255.254/", "private_address"],
  ["http://2130706433/", "private_address"],
  ["http://0x7f000001/", "private_address"],
  ["http://0x7F.1/", "private_address"],
  ["http://0177.0.0.1/", "private_address"],
  ["http://017700000001/", "private_address"],
  ["http://0x7f.0.0.01/", "private_address"],
  ["http://１２７.０.０.１/", "private_address"],
  ["http://127。0。0。1/", "private_address"],
  ["http://127．0．0．1/", "private_address"],
  ["http://①②⑦.0.0.1/", "private_address"],
  ["http://%31%32%37.0.0.1/", "private_address"],
  ["http://0/", "private_address"],
  ["http://0.0.0.0/", "private_address"],
  ["http://0x0/", "private_address"],
  ["http://10.0.0.1/", "private_address"],
  ["http://10.255.255.255:8080/", "private_address"],
  ["http://172.16.0.1/", "private_address"],
  ["http://172.31.255.255/", "private_address"],
  ["http://192.168.0.1/", "private_address"],
  ["http://192.168.257/", "private_address"],
  ["http://100.64.0.1/", "private_address"],
  ["http://100.100.100.200/latest/meta-data/", "private_address"],
  ["http://169.254.169.254/latest/meta-data/", "private_address"],
  ["http://169.254.170.2/v2/credentials", "private_address"],
  ["http://2852039166/", "private_address"],
  ["http://0xa9fea9fe/", "private_address"],
  ["http://0251.0376.0251.0376/", "private_address"],
  ["http://192.0.0.192/", "private_address"],
  ["http://168.63.129.16/", "private_address"],
  ["http://198.18.0.1/", "private_address"],
  ["http://192.0.2.1/", "private_address"],
  ["http://198.51.100.1/", "private_address"],
  ["http://203.0.113.1/", "private_address"],
  ["http://224.0.0.1/", "private_address"],
  ["http://240.0.0.1/", "private_address"],
  ["http://255.255.255.255/", "private_address"],
  ["http://[::1]/", "private_address"],
  ["http://[0:0:0:0:0:0:0:1]/", "private_address"],
  ["http://[::]/", "private_address"],
  ["http://[::ffff:127.0.0.1]/", "private_address"],
  ["http://[::ffff:7f00:1]/", "private_address"],
  ["http://[::ffff:0:127.0.0.1]/", "private_address"],
  ["http://[::127.0.0.1]/", "private_address"],
  ["http://[::ffff:169.254.169.254]/", "private_address"],
  ["http://[64:ff9b::7f00:1]/", "private_address"],
  ["http://[64:ff9b::169.254.169.254]/", "private_address"],
  ["http://[64:ff9b:1::a00:1]/", "private_address"],
  ["http://[2002:7f00:1::]/", "private_address"],
  ["http://[2002:a00:1::1]/", "private_address"],
  ["http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "private_address"],
  ["http://[fd00:ec2::254]/", "private_address"],
  ["http://[fc00::1]/", "private_address"],
  ["http://[fe80::1]/", "private_address"],
  ["http://[fec0::1]/", "private_address"],
  ["http://[ff02::1]/", "private_address"],
  ["http://[2001:db8::1]/", "private_address"],
  ["http://[100::1]/", "private_address"],
  ["http://[5f00::1]/", "private_address"],
  ["http://metadata/", "private_address"],
  ["http://intranet/", "private_address"],
  ["http://kubernetes/", "private_address"],
  ["http://metadata.google.internal/computeMetadata/v1/", "private_address"],
  ["http://METADATA.GOOGLE.INTERNAL./", "private_address"],
  ["http://metadata.goog/", "private_address"],
  ["http://metadata.azure.com/", "private_address"],
  ["http://metadata.azure.internal/", "private_address"],
  ["http://metadata.tencentyun.com/", "private_address"],
  ["http://instance-data/latest/", "private_address"],
  ["http://instance-data.ec2.internal/", "private_address"],
  ["http://instance-data.example.com/", "private_address"],
  ["http://kubernetes.default.svc/", "private_address"],
  ["http://kubernetes.default.svc.cluster.local/", "private_address"],
  ["http://api.prod.svc.cluster.local/", "private_address"],
  ["http://host.docker.internal:8080/", "private_address"],
  ["http://gateway.docker.internal/", "private_address"],
  ["http://printer.local/", "private_address"],
  ["http://nas.lan/", "private_address"],
  ["http://router.home/", "private_address"],
  ["http://nas.home.arpa/", "private_address"],
  ["http://db.corp/", "private_address"],
  ["http://x.intranet/", "private_address"],
  ["http://fritz.box/", "private_address"],
  ["http://service.consul/", "private_address"],
  ["http://abcdefgh.onion/", "private_address"],
  ["http://1.0.0.127.in-addr.arpa/", "private_address"],
  ["http://127.0.0.1.nip.io/", "private_address"],
  ["http://nip.io/", "private_address"],
  ["http://10-0-0-1.sslip.io/", "private_address"],
  ["http://a.10.0.0.1.xip.io/", "private_address"],
  ["http://localtest.me/", "private_address"],
  ["http://app.lvh.me/", "private_address"],
  ["http://x.vcap.me/", "private_address"],
  ["http://10-0-0-1.traefik.me/", "private_address"],
  ["http://7f000001.c0a80001.rbndr.us/", "private_address"],
  ["http://a..example.com/", "private_address"],
  ["http://example.com../", "private_address"],
  ["http://-a.example.com/", "private_address"],
  [`http://${"a".repeat(64)}.com/`, "private_address"],
  [`http://${"a.".repeat(130)}com/`, "private_address"],
];

const hex = (high: number, low: number): string => (high * 256 + low).toString(16);
const fullWidth = (text: string): string =>
  text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))).replaceAll(".", "．");
const escaped = (text: string): string =>
  Array.from(text)
    .map((character) => `%${character.charCodeAt(0).toString(16)}`)
    .join("");

/** One IPv4 address in the ways that a parser, a resolver or a gateway reads. */
function notations([a, b, c, d]: readonly [number, number, number, number]): string[] {
  const whole = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const plain = `${a}.${b}.${c}.${d}`;
  return [
    plain,
    `${plain}.`,
    `${plain}..`,
    `user:pass@${plain}`,
    `@${plain}`,
    fullWidth(plain),
    escaped(plain),
    plain.replaceAll(".", "。"),
    String(whole),
    `0x${whole.toString(16)}`,
    `0X${whole.toString(16).toUpperCase()}`,
    `0${whole.toString(8)}`,
    `0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`,
    `0x${a.toString(16)}.0x${b.toString(16)}.0x${c.toString(16)}.0x${d.toString(16)}`,
    `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
    `000${a.toString(8)}.${b}.${c}.${d}`,
    `${a}.${b * 65536 + c * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `[::ffff:${plain}]`,
    `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
    `[0:0:0:0:0:ffff:${hex(a, b)}:${hex(c, d)}]`,
    `[::${plain}]`,
    `[64:ff9b::${plain}]`,
    `[64:ff9b::${hex(a, b)}:${hex(c, d)}]`,
    `[2002:${hex(a, b)}:${hex(c, d)}::]`,
  ];
}

const byte = fc.nat(255);
const privateIpv4 = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
);

describe("checkEgressUrl()", () => {
  test.each(ALLOWED)("allows %j", (url) => expect(checkEgressUrl(url)).toMatchObject({ allowed: true }));

  test.each(REFUSED)("refuses %j as %s, with a sentence", (url, code) => {
    const checked = checkEgressUrl(url);
    expect(checked).toMatchObject({ allowed: false, code });
    expect(checked.allowed ? "" : checked.reason).toMatch(/^\S.+\.$/s);
  });

  test("refuses every rendering of a private IPv4 address", () => {
    fc.assert(
      fc.property(privateIpv4, fc.constantFrom("http", "https"), fc.constantFrom("", ":80", ":8080"), (bytes, scheme, port) => {
        for (const host of notations(bytes)) expect([host, allowed(`${scheme}://${host}${port}/`)]).toEqual([host, false]);
      }),
    );
  });

  test("never allows a host that is a private address, whatever the text", () => {
    const address = fc.oneof(
      fc.tuple(byte, byte, byte, byte).chain((bytes) => fc.constantFrom(...notations(bytes))),
      fc
        .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
        .map((groups) => `[${groups.map((group) => group.toString(16)).join(":")}]`),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(String),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    fc.assert(
      fc.property(address, (host) => {
        const checked = checkEgressUrl(`http://${host}/`);
        if (!checked.allowed) return;
        const name = checked.url.hostname.replace(/^\[|\]$|\.$/g, "");
        if (/^[\d.]+$|:/.test(name)) expect([host, isPublicAddress(name)]).toEqual([host, true]);
      }),
      { numRuns: 500 },
    );
  });

  test("allows what it allowed also in its normal form, with the same meaning", () => {
    const text = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.constantFrom(...ALLOWED));
    fc.assert(
      fc.property(text, (url) => {
        const checked = checkEgressUrl(url);
        if (!checked.allowed || checked.url.href.length > 2000) return;
        expect(checkEgressUrl(checked.url.href)).toMatchObject({ allowed: true, url: { href: checked.url.href } });
      }),
    );
  });

  test("allows http and https without credentials at web ports only, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string({ unit: "binary" }).map((rest) => `https://${rest}`),
          fc.string(),
        ),
        (text) => {
          const checked = checkEgressUrl(text);
          if (!checked.allowed) return;
          expect(checked.url.protocol).toMatch(/^https?:$/);
          expect(checked.url.username + checked.url.password).toBe("");
          expect(["", "80", "443", "8080", "8443"]).toContain(checked.url.port);
        },
      ),
    );
  });
});

describe("isPublicAddress()", () => {
  test.each([
    ["8.8.8.8", true],
    ["10.0.0.1", false],
    ["2606:4700::1111", true],
    ["::1", false],
    ["::ffff:8.8.8.8", false],
    ["64:ff9b::10.0.0.1", false],
    ["2606:4700::1.2.3.4", true],
    ["fe80::1%eth0", false],
    ["nonsense", false],
    ["", false],
    ["08.8.8.8", false],
  ])("%j: %s", (address, expected) => expect(isPublicAddress(address)).toBe(expected));
});
