import { expect, test } from "vitest";
import { networkOf } from "../../src/auth/attempts.ts";

const from = (address: string) => networkOf(new Request("https://margay.test", { headers: { "cf-connecting-ip": address } }));

test("networkOf() is the address for IPv4 and the /64 for IPv6, however it is written", () => {
  expect(from("203.0.113.7")).toBe("203.0.113.7");
  expect(from("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(from("2001:0DB8:0001:0002::9")).toBe("2001:db8:1:2");
  expect(from("2001:db8::9")).toBe("2001:db8:0:0");
  expect(from("::1")).toBe("0:0:0:0");
  expect(networkOf(new Request("https://margay.test"))).toBe("unknown");
});
