import { expect, test } from "vitest";
import type { EgressOptions } from "../../../src/egress/egress-result.ts";
import type { SecretUse } from "../../../src/secrets/vault.ts";
import { signedWeb } from "../../../src/tools/web/signed-web.ts";

/** A web that writes down how it was asked, and a vault with one secret. */
function world(use: SecretUse | null, value: string | null = "s3cret") {
  const asked: EgressOptions[] = [];
  const used: string[] = [];
  const web = signedWeb({
    egress: {
      async request(_address, options) {
        asked.push(options);
        return { ok: false, code: "network", message: "", sent: false };
      },
    },
    vault: { useOf: (name) => (name === "api" ? use : null), get: async () => value },
    used: (name, host) => void used.push(`${name} ${host}`),
  });
  return { web, asked, used };
}

const HOSTS = ["api.example.com"];

test("signedWeb() puts a secret where the user said, for the hosts they named, when it is needed and not before", async () => {
  const PLACES: [SecretUse, string, string][] = [
    [{ hosts: HOSTS, place: "bearer" }, "authorization", "Bearer s3cret"],
    [{ hosts: HOSTS, place: "basic" }, "authorization", "Basic czNjcmV0"],
    [{ hosts: HOSTS, place: "header", header: "x-api-key" }, "x-api-key", "s3cret"],
  ];
  for (const [use, header, whole] of PLACES) {
    const { web, asked, used } = world(use);
    await web.fetch("https://api.example.com/", { secretName: "api" });
    expect(asked[0]?.secret).toMatchObject({ header, hosts: HOSTS });
    expect(JSON.stringify(asked)).not.toContain("s3cret");
    expect(used).toEqual([]);
    expect(await asked[0]?.secret?.value("api.example.com")).toBe(whole);
    expect(used).toEqual(["api api.example.com"]);
  }
});

test("signedWeb() sends nothing without a secret that tools may use", async () => {
  const { web, asked } = world(null);
  for (const secretName of ["api", "telegram:shared", "", "__proto__"])
    await expect(web.fetch("https://api.example.com/", { secretName })).rejects.toMatchObject({ code: "not_found" });
  expect(asked).toEqual([]);
  await web.fetch("https://api.example.com/", {});
  expect(asked[0]?.secret).toBeUndefined();
});

test("signedWeb() counts a secret that is gone by then as none", async () => {
  const { web, asked, used } = world({ hosts: HOSTS, place: "bearer" }, null);
  await web.fetch("https://api.example.com/", { secretName: "api" });
  expect(await asked[0]?.secret?.value("api.example.com")).toBeNull();
  expect(used).toEqual([]);
});
