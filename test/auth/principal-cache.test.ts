import { expect, test } from "vitest";
import { PrincipalCache } from "../../src/auth/principal-cache.ts";
import type { Principal } from "../../src/auth/principal.ts";

const who = (userId: string): Principal => ({ userId, role: "user", via: "session", email: "", name: "", expiresAt: null, authVersion: 0 });

test("PrincipalCache forgets an entry when its time is over", () => {
  const cache = new PrincipalCache(10);
  cache.set("a", who("ana"), 100);
  expect(cache.get("a", 99)).toEqual(who("ana"));
  expect(cache.get("a", 100)).toBeNull();
  expect(cache.size).toBe(0);
});

test("PrincipalCache keeps within its limit and drops what was used longest ago", () => {
  const cache = new PrincipalCache(2);
  cache.set("a", who("ana"), 100);
  cache.set("b", who("ben"), 100);
  cache.get("a", 1);
  cache.set("c", who("cal"), 100);
  expect(cache.size).toBe(2);
  expect(cache.get("b", 1)).toBeNull();
  expect(cache.get("a", 1)).toEqual(who("ana"));
  cache.delete("a");
  expect(cache.get("a", 1)).toBeNull();
});
