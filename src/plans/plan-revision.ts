import { sha256Hex } from "../audit/hash.ts";
import { canonical } from "../permission/canonical.ts";
import type { StoredStep } from "./stored-plan.ts";

type Written = Pick<StoredStep, "name" | "title" | "work" | "after"> & { status?: string };

/** What a plan, or a playbook, is at this moment, as 32 letters: others where its goal, or what a step is called, does, comes after or was decided about it, differs. */
export const revisionOf = (goal: string, steps: readonly Written[]): string =>
  sha256Hex(canonical([goal, ...steps.map(({ name, title, work, after, status = "" }) => [name, title, work, after, status])])).slice(
    0,
    32,
  );
