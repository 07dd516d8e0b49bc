import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, launch, PHONE, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([account("files"), launch()]);
});

afterAll(async () => {
  await closePages(browser);
});

/** Opens a page, works on it, and checks that it called nobody else and broke nothing. */
async function on(path: string, work: (visited: Visit) => Promise<void>, options?: Parameters<typeof visit>[3]): Promise<void> {
  const visited = await visit(browser, me, path, options);
  await work(visited);
  expect(visited.foreign).toEqual([]);
  expect(visited.errors).toEqual([]);
  await visited.leave();
}

/** A picture of one pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
const button = (within: Page | Locator, name: string): Locator => within.getByRole("button", { name, exact: true });
const link = (page: Page, name: string): Locator => page.getByRole("main").getByRole("link", { name, exact: true });
const file = (name: string, text: string, mimeType = "text/plain") => ({ name, mimeType, buffer: Buffer.from(text) });
const upload = (page: Page, ...files: ReturnType<typeof file>[]) => page.getByLabel("Files to upload").setInputFiles(files);
const choose = async (page: Page, name: string, action: string) => {
  await button(page, `More: ${name}`).click();
  await page.getByRole("menuitem", { name: action }).click();
};

describe("files", () => {
  it("are uploaded into a folder, asked about where one is there already, and shown as what they are", () =>
    on("/files", async ({ page }) => {
      await shown(page.getByText("No files yet"));
      await button(page, "New folder").click();
      await page.getByRole("textbox", { name: "Name of the folder" }).fill("papers");
      await button(page, "Open it").click();
      await shown(page.getByText("Nothing is in here yet."));
      await upload(
        page,
        file("plan.md", "# First <img src=x onerror=alert(1)>"),
        file("sums.csv", 'city;sum\n"Bergen; Norway";12\n', "text/csv"),
      );
      await shown(link(page, "sums.csv"));
      await upload(page, file("plan.md", "# Second"));
      await button(page.getByRole("dialog"), "Replace").click();
      await shown(page.getByText("changed today by you"));
      await upload(page, file("plan.md", "# Third"));
      await button(page.getByRole("dialog"), "Keep both").click();
      await shown(link(page, "plan (2).md"));
      await upload(page, file("plan (2).md", "# Over another"));
      await shown(page.getByRole("dialog"));
      await page.evaluate(() => fetch("/api/v1/workspace/content?path=/papers/plan%20(2).md", { method: "PUT", body: "# Meanwhile" }));
      await button(page.getByRole("dialog"), "Replace").click();
      await shown(page.getByText("It was changed meanwhile. Try again to put this over it"));
      await button(page, "Try again").click();
      await page.getByRole("alert").waitFor({ state: "detached" });
      expect(await accessibilityProblems(page)).toEqual([]);

      await link(page, "sums.csv").click();
      await shown(page.getByRole("cell", { name: "Bergen; Norway" }));
      await link(page, "papers").click();
      await link(page, "plan.md").click();
      await shown(page.getByRole("heading", { name: "Second" }));
      await button(page, "View version 1").click();
      await shown(page.getByRole("heading", { name: "First <img src=x onerror=alert(1)>" }));
      await page.getByText("Text", { exact: true }).click();
      await shown(page.getByText("# First <img src=x onerror=alert(1)>"));
      expect(await page.locator(".file-preview img").count()).toBe(0);
      await button(page, "Make version 1 the newest").click();
      await shown(page.getByText("Version 3, the newest"));
      await shown(page.getByRole("heading", { name: "First" }));
      expect(await page.locator(".file-preview img").count()).toBe(0);
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("come in folders, which are opened by their path, and go and come back as one", () =>
    on("/files", async ({ page }) => {
      const device = mkdtempSync(join(tmpdir(), "margay-folder-"));
      const trip = join(device, "trip");
      mkdirSync(join(trip, "day 1"), { recursive: true });
      writeFileSync(join(trip, "plan.md"), "# Plan\n\n![Map](day%201/map.png) and [the list](./list.csv)");
      writeFileSync(join(trip, "day 1", "map.png"), PIXEL);
      for (let number = 1; number <= 12; number++) writeFileSync(join(trip, "day 1", `${number}.txt`), `${number}`);
      await page.getByLabel("Folder to upload").setInputFiles(trip);
      await shown(page.getByText("14 files are uploaded."));
      await page.goto(`${new URL(page.url()).origin}/files?file=/trip/day%201`);
      await shown(link(page, "12.txt"));
      expect(await page.locator(".doc-name").allInnerTexts()).toEqual([...Array.from({ length: 12 }, (_, i) => `${i + 1}.txt`), "map.png"]);
      await link(page, "trip").click();
      await link(page, "plan.md").click();
      const map = page.getByRole("img", { name: "Map" });
      await expect.poll(() => map.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))).toBe(1);
      expect(await page.getByRole("link", { name: "the list" }).getAttribute("href")).toBe("/files?file=/trip/list.csv");

      await page.goto(`${new URL(page.url()).origin}/files`);
      await choose(page, "trip", "Delete");
      await shown(page.getByText("Deleted: trip, 14 files"));
      await link(page, "Deleted").click();
      await button(page, "Bring back trip").click();
      await shown(page.getByText("trip is back, 14 files."));
      await shown(page.getByText("Nothing was deleted"));
      rmSync(device, { recursive: true });
    }));

  it("that are drawings are pictures in which nothing runs, and text first where they came from elsewhere", () =>
    on("/files", async ({ page }) => {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><script>top.ran = 1</script><rect width="90" height="60"/></svg>';
      await upload(page, file("chart.svg", svg, "image/svg+xml"));
      await link(page, "chart.svg").click();
      await shown(page.getByText("<script>top.ran = 1</script>"));
      await page.getByText("Picture", { exact: true }).click();
      const picture = page.getByRole("img", { name: "chart.svg" });
      await expect.poll(() => picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))).toBe(90);
      expect(await page.evaluate(() => "ran" in window)).toBe(false);
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("are found, renamed, deleted and brought back, on a phone too", () =>
    on(
      "/files",
      async ({ page }) => {
        await page.getByRole("searchbox", { name: "Search your files" }).fill("*.csv");
        await shown(page.getByText("in papers"));
        await link(page, "sums.csv").click();
        await choose(page, "sums.csv", "Rename");
        await page.getByRole("textbox", { name: "Name of the file" }).fill("../out.csv");
        await button(page.getByRole("dialog"), "Rename").click();
        await shown(page.getByText("A name cannot hold a slash."));
        await page.getByRole("textbox", { name: "Name of the file" }).fill("totals.csv");
        await button(page.getByRole("dialog"), "Rename").click();
        await shown(page.getByRole("heading", { name: "totals.csv", level: 1 }));
        expect(page.url()).toContain("file=/papers/totals.csv");
        expect(await sidewaysOverflow(page)).toEqual([]);
        await choose(page, "totals.csv", "Delete");
        await button(page, "Undo").click();
        await shown(link(page, "totals.csv"));
        await choose(page, "totals.csv", "Delete");
        await shown(page.getByText("Deleted: totals.csv"));
        await link(page, "Deleted").click();
        await button(page, "Bring back papers/totals.csv").click();
        await shown(page.getByText("Nothing was deleted"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      PHONE,
    ));

  it("are read by a link until it is taken back, and what is written elsewhere appears by itself", () =>
    on("/files?file=/papers/plan.md", async ({ page }) => {
      await button(page, "Share").click();
      await page.getByText("1 hour").click();
      await button(page, "Make a link").click();
      await shown(page.locator(".once code"));
      const address = await page.locator(".once code").innerText();
      expect(await (await fetch(address)).text()).toContain("# First");
      await button(page, "Done").click();
      await button(page, "Take back the link to papers/plan.md").click();
      await shown(page.getByText("There is no link to it."));
      expect((await fetch(address)).status).toBe(401);

      await link(page, "papers").click();
      await shown(link(page, "plan.md"));
      await me.api("/api/v1/workspace/content?path=/papers/elsewhere.txt", { method: "PUT", body: "made on another device" });
      await shown(link(page, "elsewhere.txt"));
    }));

  it("that are nested too deeply to be drawn are shown as they are written, on a page that stays", async () => {
    const { page, leave } = await visit(browser, me, "/files");
    await upload(page, file("deep.md", ">".repeat(4_000), "text/markdown"));
    await link(page, "deep.md").click();
    await shown(page.locator(".prose.plain", { hasText: ">>>>" }));
    expect(await page.getByText("This page stumbled").count()).toBe(0);
    await leave();
  });
});
