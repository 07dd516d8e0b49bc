import type { FolderEntry } from "../../src/skills/skill.ts";

/** A skill's folder out of texts by path. */
export const folder = (files: Readonly<Record<string, string | Uint8Array>>): FolderEntry[] =>
  Object.entries(files).map(([path, content]) => ({
    path,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
  }));

/** A `SKILL.md` with these lines between the dashes. */
export const skillFile = (frontmatter: string, body = "# How\n\nDo it."): string => `---\n${frontmatter}\n---\n\n${body}\n`;

/** A well-formed one whose instructions are these. */
export const withBody = (body: string): FolderEntry[] =>
  folder({ "SKILL.md": skillFile("name: sample\ndescription: Does a thing.", body) });
