import type { Policy } from "../../permission/decide.ts";

/** What a command's sync may do with the user's files. */
export interface FileRules {
  read: boolean;
  write: boolean;
  delete: boolean;
}

/** The tools whose switch counts for what a sync does, as it does for the tools themselves: who switched them off is not gone around by a command. */
const TOOL: Readonly<Record<keyof FileRules, string>> = { read: "read_file", write: "write_file", delete: "delete_file" };

/** Before what a person is asked, where they want to be before one of these: it stands in the question of the command. */
export const DOES_ALSO: Readonly<Record<string, string>> = {
  write_file: "It may change your files",
  delete_file: "It may delete your files",
  read_file: "It reads your files",
};

export const SWITCHED_OFF: Readonly<Record<keyof FileRules, string>> = {
  read: "read_file is switched off, so no file of the user went in.",
  write: "write_file is switched off, so it stays in the Linux.",
  delete: "delete_file is switched off, so it is gone in the Linux only.",
};

/**
 * Gives what the rules are at any later moment of a command that begins now. What the user wanted to be asked about when it began is in their yes to it; what they decided since holds all the same.
 */
export function fileRules(policy: (tool: string) => Policy | null): () => FileRules {
  const kinds = ["read", "write", "delete"] as const;
  const begun = new Map(kinds.map((kind) => [kind, policy(TOOL[kind])]));
  const may = (kind: keyof FileRules): boolean => {
    const now = policy(TOOL[kind]);
    return now === null || (now === "ask" && begun.get(kind) === "ask");
  };
  return () => ({ read: may("read"), write: may("write"), delete: may("delete") });
}
