import type { ParkRequest } from "../src/tools/gate-deps.ts";
import { auditOf } from "../src/audit/gate-event.ts";
import { sha256Hex } from "../src/audit/hash.ts";
import type { Configuration } from "../src/agent/configuration.ts";
import type { ChannelId } from "../src/channels/message.ts";
import type { AuditStore } from "../src/db/object/audit.ts";
import type { GrantStore } from "../src/db/object/grants.ts";
import { PageCacheStore } from "../src/db/object/page-cache.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { ToolCallStore } from "../src/db/object/tool-calls.ts";
import type { UsageStore } from "../src/db/object/usage.ts";
import type { Egress } from "../src/egress/client.ts";
import { settingsOf } from "../src/env.ts";
import { scrub } from "../src/secrets/scrub.ts";
import type { Vault } from "../src/secrets/vault.ts";
import { activityPort } from "../src/tools/activity/audit-activity.ts";
import type { GateDeps } from "../src/tools/gate-deps.ts";
import { DEFAULT_GRANTS, DEFAULT_STANDING, type Stores } from "../src/tools/registry.ts";
import { settingsPort } from "../src/tools/settings/versioned-settings.ts";
import { cachedWeb } from "../src/tools/web/cached-web.ts";
import { notSetUp, type SearchPort } from "../src/tools/web/search-port.ts";
import { signedWeb } from "../src/tools/web/signed-web.ts";
import { webSearch } from "../src/tools/web/web-search.ts";
import { chooseSearch } from "../src/web-search/registry.ts";
import type { Host, Instead } from "./parts.ts";
import { meteredPdfDriver } from "./pdf-driver.ts";

export interface GateParts {
  host: Host;
  instead: Instead | undefined;
  calls: ToolCallStore;
  grants: GrantStore;
  settings: SettingStore;
  configuration: Configuration;
  vault: Vault;
  egress: Egress;
  audit: AuditStore;
  transaction<T>(work: () => T): T;
  usage: UsageStore;
  timeZone(): string;
  park(request: ParkRequest): string;
  /** By which channel a turn came. */
  channelOf(turnId: string): ChannelId;
  /** What the tools of other parts work on. */
  stores: Omit<Stores, "activity" | "settings" | "web" | "search">;
}

/** Wires what every tool call passes. No rule lives here. */
export function createGate(parts: GateParts): GateDeps<Stores> {
  const { host, instead, calls, grants, settings, configuration, vault, egress, audit } = parts;
  const { now } = host;
  const web = signedWeb({
    egress,
    vault,
    used: (name, at) =>
      void audit.append({
        kind: "secret",
        event: "used",
        actor: "agent",
        subject: name,
        destinations: [at],
        summary: `Secret ${name} used`,
      }),
  });
  const search: SearchPort = {
    async search(request) {
      const { settings: deployment } = settingsOf(host.env);
      const engine = await chooseSearch({
        settings: deployment,
        ai: host.env.AI,
        secret: (name) => vault.get(name),
        fetch: (input, init) => fetch(input, init),
        now,
        begun: (since) => calls.ranSince(webSearch.name, since),
      });
      if (engine === null) throw notSetUp();
      return { engine: engine.name, hits: await engine.search(request) };
    },
  };
  const standing = instead ? [] : DEFAULT_STANDING;
  return {
    userId: host.userId,
    granted: () => instead?.granted ?? DEFAULT_GRANTS,
    // Who wants to be asked about a tool is, whatever everybody may do from the start.
    grants: () => [...grants.active(now()), ...standing.filter(({ tool }) => settings.user().tools[tool] !== "ask")],
    policy: (tool) => settings.user().tools[tool] ?? null,
    usedGrant: (id) => grants.used(id, now()),
    log: calls,
    park: parts.park,
    audit: (event) => void audit.append({ ...auditOf(event), channel: event.turnId === null ? null : parts.channelOf(event.turnId) }),
    transaction: parts.transaction,
    hash: sha256Hex,
    scrub: async (texts) => {
      const known = await vault.all();
      return texts.map((text) => scrub(text, known));
    },
    stores: {
      activity: activityPort(audit),
      settings: settingsPort(configuration, settings),
      web: { ...cachedWeb({ web, cache: new PageCacheStore(host.storage.sql), now }), pdf: meteredPdfDriver(host, parts.usage) },
      search,
      ...parts.stores,
    },
    now,
    timeZone: parts.timeZone,
  };
}
