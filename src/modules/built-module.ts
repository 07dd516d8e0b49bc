import { z } from "zod";

/** What `scripts/build-modules.mjs` made, by name. */
const Index = z.record(
  z.string(),
  z.object({ file: z.string().regex(/^[\w.-]+\.(?:js|wasm|ttf)$/), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);

export interface BuiltModule {
  /** SHA-256 of its code, hexadecimal. */
  sha256: string;
  /** Its code, checked against the hash. Throws where the file is not what it was built as. */
  code(): Promise<string>;
  /** The same for what is no code. */
  bytes(): Promise<Uint8Array>;
}

/** Only the path counts. */
const ROOT = "https://assets.invalid/modules/";

/**
 * A module that was built beside the page and is no part of the Worker: one so large that it would slow down every start down. Null: it was not built. (What is not there, the assets answer with the page.)
 */
export async function builtModule(name: string, assets: Pick<Fetcher, "fetch">): Promise<BuiltModule | null> {
  const found = Index.safeParse(await (await assets.fetch(`${ROOT}index.json`)).json().catch(() => null)).data?.[name];
  if (found === undefined) return null;
  const { file, sha256 } = found;
  const bytes = async (): Promise<Uint8Array> => {
    const content = await (await assets.fetch(`${ROOT}${file}`)).arrayBuffer();
    const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", content)), (byte) => byte.toString(16).padStart(2, "0"));
    if (hash.join("") !== sha256) throw new Error(`the module ${name} is not the one that was built`);
    return new Uint8Array(content);
  };
  return { sha256, bytes, code: async () => new TextDecoder().decode(await bytes()) };
}
