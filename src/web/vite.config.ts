import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the page to `dist/web`, which the Worker serves as assets. `npx vite src/web` serves it with an API on port 8787 behind it. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2022",
    // Without it, preloading needs an inline script, which the page's own policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: "http://127.0.0.1:8787", ws: true } },
  },
});
