/** A browser of this machine for the BROWSER binding: where the local runtime looks for its Chrome, in a cache home of Margay's own, something is put that starts a Chromium that is there already. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PLACES = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
];

/**
 * @param {string} state where the local Margay keeps what is its own
 * @param {readonly string[]} args more of Chromium's arguments
 * @returns {{ env: Record<string, string>, vars: Record<string, string> }} `env`: for the process that runs the runtime; `vars`: what the Worker is told
 */
export function localBrowser(state, args = []) {
  const chromium = [process.env["CHROMIUM"], ...PLACES].find((path) => path !== undefined && existsSync(path));
  const version = process.platform === "linux" && process.arch === "x64" ? wantedVersion() : null;
  // Elsewhere the runtime brings one itself.
  if (version === null && process.platform !== "linux") return { env: {}, vars: { BROWSER_LOCAL: "chromium" } };
  if (version === null || chromium === undefined) return { env: {}, vars: { BROWSER_LOCAL: "missing" } };
  const home = join(state, "browser-cache");
  const wrapper = join(home, ".wrangler", "chrome", `linux-${version}`, "chrome-linux64", "chrome");
  // A tool for the user's pages, not for theirs: nothing but what its DevTools are told reaches the network by itself.
  const flags = ["--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-component-update", ...args];
  // Chromium refuses to run with its sandbox as root.
  if (process.getuid?.() === 0) flags.push("--no-sandbox");
  mkdirSync(dirname(wrapper), { recursive: true });
  writeFileSync(wrapper, `#!/bin/sh\nexec ${[chromium, ...flags].map(quoted).join(" ")} "$@"\n`);
  chmodSync(wrapper, 0o755);
  return { env: { XDG_CACHE_HOME: home }, vars: { BROWSER_LOCAL: "chromium" } };
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The version of Chrome that the installed runtime looks for; null: it is not said where it used to be. */
function wantedVersion() {
  const source = readFileSync(createRequire(import.meta.url).resolve("miniflare"), "utf8");
  return /\bBROWSER_VERSION = "([\d.]+)"/.exec(source)?.[1] ?? null;
}
