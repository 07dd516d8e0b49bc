import type { UsageStore } from "../src/db/object/usage.ts";
import { settingsOf } from "../src/env.ts";
import type { ParseDriver } from "../src/knowledge/parse/driver.ts";
import { pdfInWorker } from "../src/knowledge/parse/pdf-in-worker.ts";
import { ReaderAway } from "../src/knowledge/parsed.ts";
import { builtModule } from "../src/modules/built-module.ts";
import { bookLoad } from "../src/sandbox/book-load.ts";
import { LOAD_MICRO_USD } from "../src/sandbox/loader.ts";
import type { Host } from "./parts.ts";

/** CPU time of the reader for one PDF, milliseconds; the platform enforces it (a local workerd does not). */
const CPU_MS = 30_000;

/** What loads of the reader cost. */
export interface LoadMeter {
  /** Why none may be made now, as a sentence; null: one may. */
  refusal(): string | null;
  loaded(): void;
}

interface PdfHost {
  env: { LOADER?: WorkerLoader | undefined; ASSETS?: Pick<Fetcher, "fetch"> | undefined };
  userId: string;
}

/**
 * Reads PDFs in a Dynamic Worker, which has no network and no bindings. One for each user: a PDF that slows it down, or gets hold of it, does so to nobody else. Of one user, later
 * PDFs find it loaded. null: a load is free.
 */
export function pdfDriver({ env, userId }: PdfHost, meter: LoadMeter | null): ParseDriver {
  return pdfInWorker(async () => {
    const { LOADER: loader, ASSETS: assets } = env;
    const built = loader && assets ? await builtModule("pdf-reader", assets) : null;
    if (!loader || built === null) return null;
    // Before it is asked for: one that was refused while it loads would stay so, whatever the user does about it.
    const refused = meter?.refusal() ?? null;
    if (refused !== null) throw new ReaderAway(refused);
    const stub = loader.get(`pdf-reader:${built.sha256}:${userId}`, async () => {
      const code = await built.code();
      meter?.loaded();
      return {
        compatibilityDate: "2026-11-01",
        compatibilityFlags: ["nodejs_compat"],
        mainModule: "pdf-reader.js",
        modules: { "pdf-reader.js": code },
        env: {},
        globalOutbound: null,
        limits: { cpuMs: CPU_MS },
      };
    });
    return stub.getEntrypoint();
  });
}

/** The reader of a user, whose loads count in their usage and against their caps. On a machine of one's own they are free. */
export function meteredPdfDriver(host: Pick<Host, "env" | "userId" | "now">, usage: UsageStore): ParseDriver {
  // Only a local runtime has it.
  if (settingsOf(host.env).settings.SANDBOX_URL !== undefined) return pdfDriver(host, null);
  return pdfDriver(host, {
    refusal: () => usage.refusal(LOAD_MICRO_USD),
    loaded: () => bookLoad(usage, { agent: "reader", at: host.now(), microUsd: LOAD_MICRO_USD }),
  });
}
