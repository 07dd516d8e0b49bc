import { MargayError } from "../errors.ts";

/** Where a repository or a folder of it can be fetched as a zip. */
export interface GitSource {
  /** The archive, on the host that makes them. */
  archive: string;
  /** The folder in the repository; empty: not said. */
  folder: string;
  /** The address as it is shown and kept, without anything else that was in it. */
  address: string;
  /** The same of another folder in it. */
  addressOf(folder: string): string;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const REF = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}$/;

const refused = (): MargayError =>
  new MargayError(
    "unsupported",
    "Give the address of a repository or a folder on GitHub or GitLab, such as https://github.com/owner/repository/tree/main/skills/my-skill. For anything else, upload a zip.",
  );

/**
 * Reads what a person pasted: a repository on github.com or gitlab.com, or a folder or SKILL.md in one. A branch whose name holds a slash is taken for a folder: such an address has to be given by its commit. Throws
 * `unsupported` for every other address; no other host is ever asked.
 */
export function gitSource(text: string): GitSource {
  const url = URL.parse(text.trim());
  if (url?.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") throw refused();
  const parts = url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  if (url.hostname === "github.com" || url.hostname === "www.github.com") return github(parts);
  if (url.hostname === "gitlab.com") return gitlab(parts);
  throw refused();
}

function github(parts: readonly string[]): GitSource {
  const [owner = "", repository = "", kind, ref = "HEAD", ...rest] = parts;
  const name = repository.replace(/\.git$/, "");
  if (!NAME.test(owner) || !NAME.test(name) || !REF.test(ref) || (kind !== undefined && kind !== "tree" && kind !== "blob"))
    throw refused();
  const folder = folderIn(kind, rest);
  const home = `https://github.com/${owner}/${name}`;
  const addressOf = (one: string): string => `${home}/tree/${ref}${below(one)}`;
  return {
    archive: `https://codeload.github.com/${owner}/${name}/zip/${ref}`,
    folder,
    address: kind === undefined ? home : addressOf(folder),
    addressOf,
  };
}

/** Groups may be in groups; what follows `-` says what is meant. */
function gitlab(parts: readonly string[]): GitSource {
  const dash = parts.indexOf("-");
  const project = (dash === -1 ? parts : parts.slice(0, dash)).map((part, index, all) =>
    index === all.length - 1 ? part.replace(/\.git$/, "") : part,
  );
  const [kind, ref = "HEAD", ...rest] = dash === -1 ? [] : parts.slice(dash + 1);
  if (project.length < 2 || project.length > 20 || !project.every((part) => NAME.test(part))) throw refused();
  if (!REF.test(ref) || (kind !== undefined && kind !== "tree" && kind !== "blob")) throw refused();
  const folder = folderIn(kind, rest);
  const home = `https://gitlab.com/${project.join("/")}`;
  const addressOf = (one: string): string => `${home}/-/tree/${ref}${below(one)}`;
  return {
    archive: `${home}/-/archive/${ref}/${project.at(-1) ?? ""}-${ref}.zip`,
    folder,
    address: kind === undefined ? home : addressOf(folder),
    addressOf,
  };
}

function folderIn(kind: string | undefined, rest: readonly string[]): string {
  if (rest.some((part) => part === ".." || part === "." || /[\p{Cc}/\\]/u.test(part))) throw refused();
  if (kind === "blob" && rest.at(-1)?.toLowerCase() !== "skill.md") throw refused();
  return (kind === "blob" ? rest.slice(0, -1) : rest).join("/");
}

const below = (folder: string): string => (folder === "" ? "" : `/${folder.split("/").map(encodeURIComponent).join("/")}`);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refused();
  }
}
