import { useEffect, useRef, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type Arrival, type Skill, useSkillActions } from "../api/skills.ts";

/** What came of it: the skills that are there, and of each folder that could not be added, why. */
export interface AddedAll {
  skills: Skill[];
  failed: { folder: string; why: string }[];
}

/** Adds several skills of one arrival, one after the other. Ends early when whoever asked for it is gone. `done`: how many were tried so far; null: nothing is being added. */
export function useAddAll(): { done: number | null; run: (brought: Arrival, folders: readonly string[]) => Promise<AddedAll> } {
  const { add } = useSkillActions();
  const [done, setDone] = useState<number | null>(null);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const run = async (brought: Arrival, folders: readonly string[]): Promise<AddedAll> => {
    const all: AddedAll = { skills: [], failed: [] };
    for (const [index, folder] of folders.entries()) {
      if (!here.current) break;
      setDone(index);
      try {
        const arrived = await add.mutateAsync(brought.kind === "text" ? brought : { ...brought, folder });
        if (arrived.kind === "installed") all.skills.push(arrived.skill.skill);
        else all.failed.push({ folder, why: "There are several skills in it." });
      } catch (error) {
        all.failed.push({ folder, why: sayError(error) });
      }
    }
    setDone(null);
    return all;
  };
  return { done, run };
}
