import { build } from "vite";

/** Builds modules one after the other in one process, whole in one file each, for Dynamic Workers: the first argument is the directory, the second `{ name: entry }` as JSON. */
const [directory, modules] = process.argv.slice(2);

for (const [name, input] of Object.entries(JSON.parse(modules)))
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    ssr: { target: "webworker", noExternal: true },
    build: {
      outDir: directory,
      ssr: true,
      target: "es2022",
      minify: true,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        input,
        // The last are given beside the module when it is loaded.
        external: [/^(?:node|cloudflare):/, /^margay-/],
        output: { format: "es", entryFileNames: `${name}.js`, codeSplitting: false },
      },
    },
  });
