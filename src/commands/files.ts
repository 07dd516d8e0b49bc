import { sizeOf } from "../workspace/size-of.ts";
import type { FileView } from "../workspace/shapes.ts";
import { fileLink, inline, moment } from "./shown.ts";
import type { Command, CommandContext } from "./command.ts";

const SHOWN = 15;

export const files: Command = {
  name: "files",
  description: "Your files: the newest, a folder, or one by its number or name",
  usage: "/files\n/files 2\n/files report\n/files *.csv\n/files /outputs/trips",
  also: ["file"],
  run(args, context) {
    const { ports } = context;
    const wanted = args.replace(/^(?:send|get|show|open|list|ls)\b\s*/i, "");
    const newest = () => ports.files.list("/", "*").files.toSorted((a, b) => b.updated_at - a.updated_at || (a.path < b.path ? -1 : 1));
    if (wanted === "") return newestText(newest(), context);
    const number = /^#?(\d{1,5})$/.exec(wanted)?.[1];
    const byNumber = number === undefined ? undefined : newest()[Number(number) - 1];
    if (byNumber) return one(byNumber, context);
    const path = wanted.startsWith("/") ? wanted.replace(/(?<=.)\/+$/, "") : null;
    const all = ports.files.list("/", path === null ? wanted : "*").files;
    const exact = all.filter((file) => file.path === path || (path === null && file.name === wanted));
    const [file] = exact.length === 1 ? exact : all.length === 1 && path === null ? all : [];
    if (file) return one(file, context);
    if (path !== null) return folderText(path, context);
    if (all.length === 0) return "No file is called so. `/files` shows the newest.";
    return `${all
      .slice(0, SHOWN)
      .map((found) => `- ${line(found, context)}`)
      .join("\n")}${more(all.length)}\n\nSay more of its name, or its whole path, and you get it.`;
  },
};

const line = ({ path, size, updated_at: at }: FileView, { timeZone }: CommandContext): string =>
  // The one that is always there may never have been written.
  `${inline(path)} (${sizeOf(size)}${at === 0 ? "" : `, ${moment(at, timeZone)}`})`;

const more = (count: number): string => (count > SHOWN ? `\n… and ${count - SHOWN} more.` : "");

/** One file, as a link: where files can be sent it comes along. */
const one = (file: FileView, { timeZone }: CommandContext): string =>
  `${fileLink(file)} (${sizeOf(file.size)}, version ${file.version}, ${moment(file.updated_at, timeZone)})`;

function newestText(newest: readonly FileView[], context: CommandContext): string {
  const { bytes, most_bytes: most } = context.ports.files.list("/", "*").usage;
  if (newest.length === 0) return "You have no files yet. What you send lies below `/uploads`, and what I make below `/outputs`.";
  const lines = newest.slice(0, SHOWN).map((file, index) => `${index + 1}. ${line(file, context)}`);
  const page = context.publicUrl === null ? "" : ` All of them: ${context.publicUrl}/files`;
  return `${lines.join("\n")}${more(newest.length)}\n\n\`/files 1\` brings the first. They take ${sizeOf(bytes)} of ${sizeOf(most)}.${page}`;
}

function folderText(path: string, context: CommandContext): string {
  const { folders, files: inside } = context.ports.files.list(path, "");
  if (folders.length + inside.length === 0) return `There is nothing at ${inline(path)}. \`/files\` shows the newest.`;
  return (
    [
      ...folders
        .slice(0, SHOWN)
        .map((folder) => `- ${inline(`${folder.path}/`)} (${folder.files === 1 ? "1 file" : `${folder.files} files`})`),
      ...inside.slice(0, SHOWN).map((file) => `- ${line(file, context)}`),
    ].join("\n") + more(Math.max(folders.length, inside.length))
  );
}
