import type { ImportPlan, ImportReport } from "../../import/shapes.ts";

type Kind = ImportPlan["lines"][number]["kind"];

export const FORMAT_NAMES: Record<ImportPlan["format"], string> = {
  openclaw: "An OpenClaw workspace",
  chatgpt: "A ChatGPT export",
  claude: "A Claude export",
  markdown: "Markdown",
};

export const KIND_NAMES: Record<Kind, string> = {
  persona: "How it should be",
  memory: "Memories",
  conversation: "Conversations",
  document: "Documents",
  skill: "Skills",
};

const COUNTED: Record<Kind, readonly [one: string, many: string]> = {
  persona: ["persona", "personas"],
  memory: ["memory", "memories"],
  conversation: ["conversation", "conversations"],
  document: ["document", "documents"],
  skill: ["skill", "skills"],
};

/** "2 memories, 1 document"; empty where there is nothing. */
export const countsText = (counts: ImportReport["added"]): string =>
  (Object.keys(COUNTED) as Kind[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind].toLocaleString("en")} ${COUNTED[kind][counts[kind] === 1 ? 0 : 1]}`)
    .join(", ");

/** What the server takes in one upload, bytes. */
const MOST = 20 * 1024 * 1024;

/** Why a file need not be sent at all; null: it may be. */
export function unsuitable({ name, size }: { name: string; size: number }): string | null {
  if (!/\.(zip|json|md|markdown|txt)$/i.test(name))
    return "Choose a zip, a conversations.json or a Markdown file. A folder has to be packed as a zip first.";
  if (size === 0) return "This file is empty.";
  if (size > MOST) return "This file is larger than 20 MB. On your computer, “npm run import” brings it: it leaves out the pictures.";
  return null;
}
