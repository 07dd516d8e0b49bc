import { builtModule } from "../modules/built-module.ts";
import type { RunModule } from "./javascript.ts";

/** What code can import by a plain name, and the built modules behind it. */
const OWN: Readonly<Record<string, string>> = { csv: "code-csv", dates: "code-dates", charts: "code-charts" };

/** A module of Margay's own for code, read from the assets only when code asks for it. null: there is none of that name, or it was not built. */
export async function ownModule(name: string, assets: Pick<Fetcher, "fetch"> | null): Promise<Readonly<Record<string, RunModule>> | null> {
  const built = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (built === undefined || assets === null) return null;
  const module = await builtModule(built, assets);
  return module && { [name]: { js: await module.code() } };
}
