import fc from "fast-check";
import { expect, test } from "vitest";
import { credentialOf, sessionCookieName } from "../../src/auth/credential.ts";

const request = (headers: Record<string, string>, url = "https://margay.test/x") => new Request(url, { headers });

test("credentialOf() reads a bearer key, x-api-key and the session cookie", () => {
  expect(credentialOf(request({ authorization: "Bearer mgy_a" }))).toEqual({ kind: "api_key", key: "mgy_a" });
  expect(credentialOf(request({ authorization: "bearer   mgy_a " }))).toEqual({ kind: "api_key", key: "mgy_a" });
  expect(credentialOf(request({ "x-api-key": "mgy_b" }))).toEqual({ kind: "api_key", key: "mgy_b" });
  expect(credentialOf(request({ cookie: "a=1; __Secure-margay.session_token=t%2Es=; b=2" }))).toEqual({
    kind: "session",
    cookie: "t%2Es=",
  });
});

test("credentialOf() prefers a key, also an empty one, to the cookie", () => {
  const cookie = `${sessionCookieName(true)}=abc`;
  expect(credentialOf(request({ authorization: "Bearer", cookie }))).toEqual({ kind: "api_key", key: "" });
  expect(credentialOf(request({ "x-api-key": "", cookie }))).toEqual({ kind: "api_key", key: "" });
  expect(credentialOf(request({ authorization: "Basic dTpw", cookie }))).toEqual({ kind: "session", cookie: "abc" });
});

test("credentialOf() reads each cookie name on its own scheme only", () => {
  expect(credentialOf(request({ cookie: "margay.session_token=abc" }))).toBeNull();
  expect(credentialOf(request({ cookie: "margay.session_token=abc" }, "http://localhost:8787/"))).toEqual({
    kind: "session",
    cookie: "abc",
  });
  expect(credentialOf(request({ cookie: "__Secure-margay.session_token=abc" }, "http://localhost:8787/"))).toBeNull();
  expect(credentialOf(request({ cookie: "x__Secure-margay.session_token=abc; =; ;" }))).toBeNull();
});

test("credentialOf() gives up on anything too long, and never throws", () => {
  expect(credentialOf(request({ authorization: `Bearer ${"x".repeat(513)}` }))).toBeNull();
  expect(credentialOf(request({ cookie: `${sessionCookieName(true)}=${"x".repeat(513)}` }))).toBeNull();
  const header = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 600 });
  fc.assert(
    fc.property(header, header, (authorization, cookie) => {
      const credential = credentialOf(request({ authorization, cookie }));
      if (credential?.kind === "api_key") expect(credential.key.length).toBeLessThanOrEqual(512);
    }),
  );
});
