import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate --name what_changed` writes the next `migrations/NNNN_what_changed.sql` from `src/db/schema.ts`. */
export default defineConfig({
  dialect: "sqlite",
  driver: "d1-http",
  schema: "./src/db/schema.ts",
  out: "./migrations",
  breakpoints: true,
  migrations: { prefix: "index" },
});
