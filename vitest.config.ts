import { defineConfig } from "vitest/config";
import { cloudflareTest } from "@cloudflare/vitest-plugin";

/** The Worker of the tests in workerd, with the scripted servers' addresses among its settings. */
const worker = () =>
  cloudflareTest(({ inject }) => ({
    wrangler: { configPath: "./wrangler.test.toml" },
    miniflare: {
      bindings: {
        MODEL_SERVER: inject<string>("modelServer"),
        TELEGRAM_SERVER: inject<string>("telegramServer"),
        TELEGRAM_API_ROOT: inject<string>("telegramServer"),
      },
    },
  }));
/**
 * Drops the source maps of packages. The runner sends a test file's whole graph of modules in one WebSocket message, which workerd takes up to 32 MiB; with
 * the maps of every package of the Worker it is larger, and the file fails with "Worker exited unexpectedly".
 */
const withoutPackageMaps = {
  name: "margay:without-package-maps",
  enforce: "post" as const,
  transform: (code: string, id: string) => (id.includes("/node_modules/") ? { code, map: { mappings: "" as const } } : null),
};
const globalSetup = ["test/support/servers.ts"];

/**
 * Five kinds of tests, told apart by name:
 * `*.test.ts` pure code in Node · `*.worker.test.ts` inside workerd with real objects, D1, R2, Queues · `*.fault.test.ts` the same, ending objects in
 * the middle · `test/page/*.page.ts` the page in Chromium · `test/e2e/*.e2e.ts` a real `wrangler dev` or `wrangler deploy` process.
 *
 * Ending objects ends those of every file that runs beside it, so fault tests run one file at a time; the last two kinds start whole servers and need
 * the machine for themselves. The groups run one after the other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.worker.test.ts", "test/**/*.fault.test.ts"],
          environment: "node",
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [worker(), withoutPackageMaps],
        test: { name: "workers", include: ["test/**/*.worker.test.ts"], globalSetup, testTimeout: 30_000, sequence: { groupOrder: 0 } },
      },
      {
        plugins: [worker(), withoutPackageMaps],
        test: {
          name: "faults",
          include: ["test/**/*.fault.test.ts"],
          globalSetup,
          testTimeout: 90_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.page.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.e2e.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
