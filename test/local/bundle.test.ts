import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Bundles an entry of the Worker as wrangler does, without writing anything. */
async function bundled(entry: string): Promise<{ text: string; modules: string[] }> {
  const result = await build({
    entryPoints: [file(entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text", ".md": "text" },
    logLevel: "silent",
    absWorkingDir: file(""),
    plugins: [
      {
        // nodejs_compat has them without the prefix as well.
        name: "node-builtins",
        setup: (b) =>
          b.onResolve(
            {
              filter:
                /^(async_hooks|buffer|crypto|events|fs|http|https|net|os|path|process|querystring|stream|string_decoder|tls|url|util|zlib|assert|module|child_process|worker_threads|dns|timers|tty|vm|perf_hooks|diagnostics_channel)(\/.*)?$/,
            },
            (args) => ({ path: args.path, external: true }),
          ),
      },
    ],
  });
  return { text: result.outputFiles[0]?.text ?? "", modules: Object.keys(result.metafile.inputs) };
}

test("the deployed Worker's bundle holds neither the loopback route nor its module", { timeout: 60_000 }, async () => {
  const { text, modules } = await bundled("src/worker.ts");
  expect(modules).toContain("src/app.ts");
  expect(modules.filter((path) => path.startsWith("src/local/") || path.includes("worker.local"))).toEqual([]);
  expect(text).not.toMatch(/auth\/loopback/);
  expect(text).not.toContain("owner@localhost");
});

test("the same search finds both in the local entry, so it would find them in the other", { timeout: 60_000 }, async () => {
  const { text, modules } = await bundled("src/worker.local.ts");
  expect(modules).toContain("src/local/loopback.ts");
  expect(text).toMatch(/auth\/loopback/);
  expect(text).toContain("owner@localhost");
});

test("only the local configuration names the local entry", async () => {
  expect(await readFile(file("wrangler.toml"), "utf8")).toMatch(/^main = "src\/worker\.ts"$/m);
  expect(await readFile(file("wrangler.toml"), "utf8")).not.toContain("worker.local");
  expect(await readFile(file("wrangler.local.toml"), "utf8")).toMatch(/^main = "src\/worker\.local\.ts"$/m);
});
