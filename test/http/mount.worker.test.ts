import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { Client, codeOf, PASSWORD, setUp } from "../auth/client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

beforeAll(async () => void (await setUp()));
afterEach(() => vi.restoreAllMocks());

test("mount() logs where a failed query broke, and neither the query's values nor a token", async () => {
  const lines: string[] = [];
  for (const level of ["log", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
  await env.DB.prepare("ALTER TABLE user RENAME TO gone").run();
  const answer = await new Client().call("POST", "/api/v1/auth/sign-in", { email: "olga@example.com", password: PASSWORD });
  await env.DB.prepare("ALTER TABLE gone RENAME TO user").run();
  expect(answer.status).toBe(500);
  expect(codeOf(answer)).toBe("internal");
  const bug = lines.find((line) => line.includes('"event":"bug"'));
  expect(bug).toContain(" at ");
  expect(lines.join("\n")).not.toContain("olga@example.com");
});
