/**
 * `npm run build`, and the custom build that wrangler runs from wrangler.toml. It makes the page; when wrangler is about to deploy
 * for real it also makes the Vectorize index, the one resource that wrangler does not create by itself.
 */
import { buildPage } from "./build-page.mjs";
import { isRealDeploy } from "./build-real-deploy.mjs";
import { deploySandbox } from "./deploy-sandbox.mjs";
import { ensureVectorizeIndex } from "./vectorize.mjs";

try {
  const page = await buildPage();
  process.stdout.write(page === "built" ? "page built into dist/web\n" : "page unchanged\n");
  if (isRealDeploy()) {
    process.stdout.write(`${ensureVectorizeIndex()}\n`);
    // Before the Worker that binds to it.
    if (process.argv.includes("--linux")) process.stdout.write(`${deploySandbox()}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
