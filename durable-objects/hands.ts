import { callOutput } from "../src/agent/call-output.ts";
import type { Configuration } from "../src/agent/configuration.ts";
import { ToolCallStore } from "../src/db/object/tool-calls.ts";
import type { NewAuditEntry } from "../src/db/object/audit.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { UsageStore } from "../src/db/object/usage.ts";
import type { Egress } from "../src/egress/client.ts";
import type { Vault } from "../src/secrets/vault.ts";
import type { CompiledTool } from "../src/tools/compiled-tool.ts";
import { createBrowser } from "./browser.ts";
import { createJavascript } from "./javascript.ts";
import type { createLibrary } from "./library.ts";
import { createLinux } from "./linux.ts";
import type { Host } from "./parts.ts";
import { createSkills } from "./skills.ts";

/** What hands are made of. */
export interface HandsDeps {
  host: Host;
  settings: SettingStore;
  configuration: Configuration;
  vault: Vault;
  egress: Egress;
  library: ReturnType<typeof createLibrary>;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  scrub(texts: readonly string[]): Promise<string[]>;
  tools(): readonly CompiledTool[];
  usage: UsageStore;
  timeZone(): string;
  newId(): string;
}

/** Wires what executors work with outside of the object: code, a Linux, a browser, skills. One file a hand; no rule lives here. */
export function createHands(deps: HandsDeps) {
  const javascript = createJavascript(deps);
  const linux = createLinux(deps);
  const browser = createBrowser(deps);
  const calls = new ToolCallStore(deps.host.storage.sql);
  const skills = createSkills(deps, { code: javascript.port, sandbox: linux.sandbox });
  return {
    ports: { code: javascript.port, linux: linux.port, browser: browser.port, ...skills.ports },
    operations: { ...skills.operations, "calls.output": (id: string) => callOutput(id, calls) },
    skills,
    /** Once a day. */
    tidy(): void {
      skills.tidy();
      browser.tidy();
    },
    browser,
    /** A task ended: what it brought is gone through, and its hands are let go. */
    ended(): void {
      deps.library.turnEnded();
      linux.sweep();
      deps.host.background(browser.look());
    },
  };
}
