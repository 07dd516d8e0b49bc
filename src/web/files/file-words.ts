import { folderOf } from "../../workspace/path.ts";
import { KEPT_MS } from "../../workspace/shapes.ts";
import { sizeOf } from "../../workspace/size-of.ts";
import type { FileVersionView, FileView, ShareView, WorkspaceUsage } from "../api/workspace.ts";
import { whole } from "../lib/format.ts";
import { clock, dayName, daysFrom, onDay, shortDate } from "../lib/time.ts";

/** `1.4 MB`, as the server's own sentences about room say it. */
export const sizeWords = sizeOf;

export const whoWords = (author: FileView["author"]): string => (author === "user" ? "you" : "Margay");

/** A setting that is shown as a file: it can be read and written, and nothing else. */
export const isFixed = (path: string): boolean => path === "/HEARTBEAT.md";

/** `12 kB`, `changed yesterday by Margay`. */
export function fileFacts(now: number, file: FileView): string[] {
  if (isFixed(file.path)) return [sizeWords(file.size), "always there: what Margay looks at by itself"];
  const verb = file.version > 1 ? "changed" : "added";
  return [sizeWords(file.size), `${verb} ${onDay(now, file.updated_at)} by ${whoWords(file.author)}`];
}

/** `Yesterday, 3:04 PM, by you`. */
export const versionFacts = (now: number, { at, author, size }: FileVersionView): string =>
  `${dayName(now, at)}, ${clock(at)}, by ${whoWords(author)} · ${sizeWords(size)}`;

/** The name of a folder, as a person calls it. */
export const folderName = (path: string): string => (path === "/" ? "Files" : path.slice(path.lastIndexOf("/") + 1));

/** A folder and those it is in, from the root on. */
export function foldersTo(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return ["/", ...names.map((_name, index) => `/${names.slice(0, index + 1).join("/")}`)];
}

/** Where something is called `name` in a folder. */
export const inFolder = (folder: string, name: string): string => `${folder === "/" ? "" : folder}/${name}`;

/** Where a found file lies: `in notes/2026`; null: at the root. */
export function whereWords(path: string): string | null {
  const folder = folderOf(path);
  return folder === "/" ? null : `in ${folder.slice(1)}`;
}

/** `Works until tomorrow, 3:04 PM`. */
export function untilWords(now: number, { expires_at: at }: Pick<ShareView, "expires_at">): string {
  const days = daysFrom(now, at);
  const day = days === 0 ? "today" : days === 1 ? "tomorrow" : shortDate(now, at);
  return `Works until ${day}, ${clock(at)}`;
}

/** How long what was deleted can still be brought back: `deleted today, kept until 12 May`. */
export const deletedWords = (now: number, at: number): string => `deleted ${onDay(now, at)}, kept until ${shortDate(now, at + KEPT_MS)}`;

/** What is used, 0 to 1: of the room or of the number of files, whichever is nearer to its end. */
export const usedShare = (usage: WorkspaceUsage): number =>
  Math.min(1, Math.max(usage.bytes / Math.max(1, usage.most_bytes), usage.files / Math.max(1, usage.most_files)));

/** `12 MB of 1.0 GB used`, or the number of files where that ends sooner. */
export function usageWords(usage: WorkspaceUsage): string {
  const byCount = usage.files / Math.max(1, usage.most_files) > usage.bytes / Math.max(1, usage.most_bytes) && usedShare(usage) >= NEARLY;
  return byCount
    ? `${whole(usage.files)} of ${whole(usage.most_files)} files`
    : `${sizeWords(usage.bytes)} of ${sizeWords(usage.most_bytes)} used`;
}

/** From this share on there is a line about it. */
export const NEARLY = 0.9;

/** The whole address of a link, as it is given to somebody. */
export const linkAddress = ({ link }: Pick<ShareView, "link">): string => new URL(link, window.location.origin).href;
