import type { SkillOrigin } from "./shapes.ts";
import type { FolderEntry } from "./skill.ts";

/** What somebody brings as a skill: the files of its folder, or the address where they are. Nothing of it is to be trusted. */
export type SkillArrival =
  | {
      kind: "files";
      origin: Extract<SkillOrigin, "upload" | "zip" | "paste">;
      /** The name of what was uploaded; empty: it has none. */
      source: string;
      /** What the folder was called; null: nothing that means anything. */
      folder: string | null;
      entries: FolderEntry[];
    }
  | { kind: "git"; url: string; folder: string };
