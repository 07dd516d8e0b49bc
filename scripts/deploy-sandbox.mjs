import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv, WRANGLER } from "./build-node.mjs";

/** Deploys the Worker with the containers, which a deploy with wrangler.linux.toml binds to. Throws what a person can do about it. */
export function deploySandbox() {
  // Of the wrangler that runs this build, whose command this one's is not.
  const { status, error } = spawnSync(nodePath(), [WRANGLER, "deploy", "-c", join(ROOT, "wrangler.sandbox.toml")], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: toolEnv({ WRANGLER_COMMAND: "" }),
  });
  if (error !== undefined || status !== 0)
    throw new Error(
      "The Worker with the containers could not be deployed (see above); nothing else was changed. It needs Docker, running, on this machine. Without it, `npx wrangler deploy` deploys Margay without Linux.",
    );
  return "the Worker with the containers is deployed";
}
