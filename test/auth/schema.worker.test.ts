import { env } from "cloudflare:workers";
import { getTableColumns } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { betterAuthOf } from "../../src/auth/better-auth.ts";
import { account, apikey, session, user, verification } from "../../src/db/schema.ts";

vi.setConfig({ testTimeout: 60_000 });

test("the schema has every field that better-auth and its API key plugin use", async () => {
  const { tables } = await (await betterAuthOf(env, new URL("https://margay.test"))).$context;
  const ours: Record<string, object> = {
    user: getTableColumns(user),
    session: getTableColumns(session),
    account: getTableColumns(account),
    verification: getTableColumns(verification),
    apikey: getTableColumns(apikey),
  };
  expect(Object.keys(tables).toSorted()).toEqual(Object.keys(ours).toSorted());
  for (const [name, table] of Object.entries(tables))
    expect(Object.keys(ours[name] ?? {}).toSorted()).toEqual(["id", ...Object.keys(table.fields)].toSorted());
});
