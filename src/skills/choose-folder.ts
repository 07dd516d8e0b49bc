import { MargayError } from "../errors.ts";
import { oneLine } from "./plain-text.ts";

/** Folders that are named in a refusal. */
const NAMED = 50;

/**
 * Which folder of an upload or a repository is the skill: the one that holds `SKILL.md`, without the slash at its end, empty for the top. `wanted`: a folder that was asked for, within `top` where everything lies in
 * one folder. Throws `invalid_request`, with the folders in `details.folders` where there are several, and `not_found` where the wanted one holds none.
 */
export function chooseFolder(paths: readonly string[], wanted = ""): string {
  const homes = paths.filter((path) => /(?:^|\/)skill\.md$/i.test(path)).map((path) => path.slice(0, Math.max(0, path.length - 9)));
  // What lies in a skill belongs to it.
  const folders = outermost(new Set(homes));
  if (folders.length === 0) throw new MargayError("invalid_request", "There is no SKILL.md in it, so it is no skill.");
  const top = topOf(paths);
  const asked = wanted.split("/").filter((part) => part !== "" && part !== ".");
  if (asked.includes("..")) throw new MargayError("invalid_request", "The folder leads out of what was sent.");
  const below = asked.join("/");
  const found = below === "" ? folders : folders.filter((folder) => isIn(folder, below) || isIn(folder, `${top}${below}`));
  const [first] = found;
  if (first === undefined) throw new MargayError("not_found", `There is no skill in the folder ${oneLine(below).slice(0, 200)}.`);
  if (found.length === 1) return first;
  const shown = found.map((folder) => oneLine(folder.startsWith(top) ? folder.slice(top.length) : folder)).slice(0, NAMED);
  throw new MargayError(
    "invalid_request",
    `There are ${found.length} skills in it: ${shown.slice(0, 8).join(", ")}${found.length > 8 ? " …" : ""}. Say the folder of one.`,
    { folders: shown },
  );
}

/** Those that lie in no other one, sorted. In order of their paths with a slash behind, what lies in a folder comes right after it: there can be ten thousand, so each is compared with one. */
function outermost(homes: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  let last: string | null = null;
  for (const path of [...homes].map((home) => (home === "" ? "" : `${home}/`)).toSorted()) {
    if (last !== null && path.startsWith(last)) continue;
    last = path;
    kept.push(path.slice(0, -1));
  }
  return kept.toSorted();
}

const isIn = (folder: string, outer: string): boolean => outer === "" || folder === outer || folder.startsWith(`${outer}/`);

/** The one folder that everything lies in, with its slash; empty: there is none. */
function topOf(paths: readonly string[]): string {
  const first = paths[0] ?? "";
  const top = first.slice(0, first.indexOf("/") + 1);
  return top !== "" && paths.every((path) => path.startsWith(top)) ? top : "";
}
