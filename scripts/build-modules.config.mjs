import { defineConfig } from "vite";

/** One module of `build-modules.mjs`, whole in one file, for a Dynamic Worker. Which one, the environment says. */
export default defineConfig({
  publicDir: false,
  logLevel: "warn",
  ssr: { target: "webworker", noExternal: true },
  build: {
    ssr: true,
    target: "es2022",
    minify: true,
    emptyOutDir: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: process.env["MODULE_ENTRY"],
      // The last are given beside the module when it is loaded.
      external: [/^(?:node|cloudflare):/, /^margay-/],
      output: { format: "es", entryFileNames: process.env["MODULE_FILE"], codeSplitting: false },
    },
  },
});
