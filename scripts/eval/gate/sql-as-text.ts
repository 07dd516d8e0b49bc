import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

let registered = false;

/** Lets Node import `.sql` files as text, as the Worker's bundler does. Has to be called before the first such import. */
export function sqlAsText(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    load(url, context, next) {
      if (!new URL(url).pathname.endsWith(".sql")) return next(url, context);
      const source = `export default ${JSON.stringify(readFileSync(fileURLToPath(url), "utf8"))}`;
      return { format: "module", shortCircuit: true, source };
    },
  });
}
