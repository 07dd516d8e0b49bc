import type { ParseDriver } from "../src/knowledge/parse/driver.ts";
import { pdfInWorker } from "../src/knowledge/parse/pdf-in-worker.ts";
import { builtModule } from "../src/modules/built-module.ts";

/** CPU time of the reader for one PDF, milliseconds; the platform enforces it (a local workerd does not). */
const CPU_MS = 30_000;

interface PdfHost {
  env: { LOADER?: WorkerLoader | undefined; ASSETS?: Pick<Fetcher, "fetch"> | undefined };
  userId: string;
}

/**
 * Reads PDFs in a Dynamic Worker, which has no network and no bindings. One for each user: a PDF that slows it down, or gets hold of it, does so to nobody else. Of one user, later
 * PDFs find it loaded.
 */
export function pdfDriver({ env, userId }: PdfHost): ParseDriver {
  return pdfInWorker(async () => {
    const { LOADER: loader, ASSETS: assets } = env;
    const built = loader && assets ? await builtModule("pdf-reader", assets) : null;
    if (!loader || built === null) return null;
    const stub = loader.get(`pdf-reader:${built.sha256}:${userId}`, async () => ({
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      mainModule: "pdf-reader.js",
      modules: { "pdf-reader.js": await built.code() },
      env: {},
      globalOutbound: null,
      limits: { cpuMs: CPU_MS },
    }));
    return stub.getEntrypoint();
  });
}
