import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bytesOf, gptExport, workspace, zip } from "../import/fixtures.ts";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, launch, shown, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "margay-import-page-"));

beforeAll(async () => {
  [me, browser] = await Promise.all([account("import"), launch()]);
  writeFileSync(join(folder, "workspace.zip"), zip(workspace()));
  writeFileSync(join(folder, "pictures.zip"), zip({ "a.png": "x" }));
  writeFileSync(join(folder, "conversations.json"), bytesOf(gptExport()["conversations.json"]));
});

afterAll(async () => {
  await closePages(browser);
  rmSync(folder, { recursive: true });
});

it("the import page shows what is in a file, takes it over, and tells what came of it", async () => {
  const { page, leave, errors, foreign } = await visit(browser, me, "/settings");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await shown(page.getByRole("heading", { name: "Bring your past" }));
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.setInputFiles("input[type=file]", join(folder, "pictures.zip"));
  await shown(page.getByText(/This is nothing that can be imported/));

  await page.setInputFiles("input[type=file]", join(folder, "workspace.zip"));
  await shown(page.getByRole("heading", { name: "An OpenClaw workspace" }));
  await shown(page.getByText(/8 memories from USER\.md, MEMORY\.md, memory/));
  await page.getByText("things are left out").click();
  await shown(page.getByText("Skills come in a later version.").first());
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await sidewaysOverflow(page)).toEqual([]);
  if (process.env["LOOK"]) await page.screenshot({ path: join(process.env["LOOK"], "import-plan.png"), fullPage: true });

  await page.getByRole("button", { name: "Import", exact: true }).click();
  await shown(page.getByRole("heading", { name: "Your past is here" }));
  await shown(page.getByText("Added: 1 persona, 8 memories."));
  expect(await accessibilityProblems(page)).toEqual([]);
  if (process.env["LOOK"]) await page.screenshot({ path: join(process.env["LOOK"], "import-report.png"), fullPage: true });
  // It has an address of its own.
  await page.reload();
  await shown(page.getByText("Added: 1 persona, 8 memories."));
  await page.getByRole("link", { name: "Look at what is remembered" }).click();
  await shown(page.getByText("Dinghy (2026): half done").first());
  expect(foreign).toEqual([]);
  // The refusal of the pictures is the only thing that the browser complains about.
  expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
  await leave();
});

// It signs in as whoever sits at this machine: the owner, whom `look.page.ts` is too, and who has no past yet.
it("npm run import needs no key on this machine, and adds nothing the second time", async () => {
  const run = (): Promise<string> => {
    const root = join(import.meta.dirname, "../..");
    const child = spawn(
      join(root, "node_modules/.bin/tsx"),
      [join(root, "scripts/import.ts"), join(folder, "conversations.json"), "--url", me.origin, "--yes"],
      {
        env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
      },
    );
    return new Promise((resolve) => {
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("close", (code) => resolve(`${output}exit ${code}`));
    });
  };
  expect(await run()).toMatch(
    /2 conversations with 4 messages from ChatGPT[^]*Added: 1 persona, 2 memories, 2 conversations\.\n[^]*exit 0$/,
  );
  expect(await run()).toMatch(
    /All of them are here already[^]*Nothing new was added\.\nThere already: 1 persona, 2 memories, 2 conversations\.\nexit 0$/,
  );
});
