import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { defineConfig } from "vitest/config";
import { cloudflareTest } from "@cloudflare/vitest-plugin";

/** Email Service, by hand: a Worker beside the one that is tested. */
const mailServer = {
  name: "mail-server",
  compatibilityDate: "2026-11-01",
  modules: [{ type: "ESModule" as const, path: "mail-server.mjs", contents: readFileSync("test/support/mail-server.mjs", "utf8") }],
};
/** The assets as far as the Worker itself reads them: modules that are built beside the page, by `test/support/servers.ts`. */
const ASSETS = async (request: { url: string }) => {
  const file = join("dist/test-modules", basename(new URL(request.url).pathname));
  return existsSync(file) ? new Response(readFileSync(file)) : new Response("The page.", { headers: { "content-type": "text/html" } });
};
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
      serviceBindings: {
        ASSETS,
        EMAIL: { name: "mail-server", entrypoint: "MailServer" },
        MAIL_SERVER: { name: "mail-server", entrypoint: "MailServer" },
      },
      workers: [mailServer],
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
/**
 * Makes modules that are loaded on demand part of the files that ask for them. The deployed Worker is one file, where such a module comes at once; here the
 * runner fetches it, for the object that asked, and nobody ever gets a module whose object was ended while it was fetched.
 */
const asOneFile = {
  name: "margay:as-one-file",
  enforce: "pre" as const,
  transform: (code: string, id: string) => {
    if (!id.includes("/src/") || id.includes("/node_modules/")) return null;
    const modules: string[] = [];
    const joined = code.replaceAll(/(?<!typeof )\bimport\(("[^"]+")\)/gu, (_call, name: string) => {
      modules.push(`import * as onDemand${modules.length} from ${name};`);
      return `Promise.resolve(onDemand${modules.length - 1})`;
    });
    return modules.length === 0 ? null : `${joined}\n${modules.join("\n")}`;
  },
};
/** What is waited for comes when it comes: `expect.poll` gives up after a second otherwise, which is a timed assertion on a busy machine. */
const patient = { expect: { poll: { timeout: 20_000 } } };
/**
 * What the Worker imports from packages. Each becomes one file before the tests start: as they lie there they are two thousand modules, which are transformed
 * and sent to each runtime one by one, for half a minute. One that is missing here works, and takes longer.
 */
const PACKAGES = [
  "@ai-sdk/anthropic",
  "@ai-sdk/openai-compatible",
  "@ai-sdk/provider",
  "@anthropic-ai/sdk",
  "@better-auth/api-key",
  "@better-auth/core/api",
  "@pydantic/genai-prices",
  "agents/lifecycle",
  "agents/models/ai-sdk",
  "better-auth",
  "better-auth/adapters/drizzle",
  "better-auth/cookies",
  "better-auth/minimal",
  "chardet",
  "chrono-node",
  "croner",
  "drizzle-orm",
  "drizzle-orm/batch",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "fflate",
  "grammy/web",
  "hono",
  "htmlparser2",
  "mdast-util-from-markdown",
  "mdast-util-gfm",
  "micromark-extension-gfm",
  "porter2",
  "postal-mime",
  "workers-ai-provider",
  "yaml",
  "zod",
];
/** Files of this project share a runtime; `fresh-deployment.ts` gives each of them an empty one. */
const insideWorkerd = {
  globalSetup: ["test/support/servers.ts"],
  setupFiles: ["test/support/fresh-deployment.ts"],
  isolate: false,
  deps: { optimizer: { ssr: { enabled: true, include: PACKAGES, rolldownOptions: { external: [/^node:/u, /^cloudflare:/u] } } } },
  ...patient,
};
/** Two files at a time on the smallest machine too: most of them wait for a server, a browser or a clock. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/**
 * Five kinds of tests, told apart by name:
 * `*.test.ts` pure code in Node · `*.worker.test.ts` inside workerd with real objects, D1, R2, Queues · `*.fault.test.ts` the same, ending objects in
 * the middle · `test/page/*.page.ts` the page in Chromium · `test/e2e/*.e2e.ts` a real `wrangler dev` or `wrangler deploy` process.
 *
 * Ending objects ends those of the runtime it happens in, which runs one file at a time. The last two kinds start whole
 * servers: what is small runs first, together, then the page, and the processes, which are killed.
 */
export default defineConfig({
  test: {
    // The library that reads PDFs leaves a promise without a handler where a broken page ends while its text is asked for, and says the same to whoever asked. Programs that read files of strangers are ready for it (`scripts/eval/ingest/process.ts`).
    onUnhandledError: (error) => !error.stack?.includes("/unpdf/dist/pdfjs.mjs"),
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.worker.test.ts", "test/**/*.fault.test.ts"],
          environment: "node",
          ...patient,
          testTimeout: 30_000,
          isolate: false,
          maxWorkers,
        },
      },
      {
        test: {
          name: "sandbox",
          include: ["container-sandbox/test/**/*.test.ts"],
          environment: "node",
          ...patient,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers,
        },
      },
      {
        plugins: [asOneFile, worker(), withoutPackageMaps],
        test: {
          name: "workers",
          // One project: each has a server of its own that transforms the whole Worker.
          include: ["test/**/*.worker.test.ts", "test/**/*.fault.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          maxWorkers,
          ...insideWorkerd,
        },
      },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.page.ts"],
          globalSetup: ["test/support/built-worker.ts", "test/page/support/one-server.ts"],
          ...patient,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // The library that drives the browser is loaded once a worker, not once a file.
          isolate: false,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.e2e.ts"],
          globalSetup: ["test/support/built-worker.ts"],
          ...patient,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
