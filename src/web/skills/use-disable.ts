import { sayError } from "../api/api-error.ts";
import { type Skill, useSkillActions } from "../api/skills.ts";
import { useAttempt } from "../ui/use-attempt.ts";
import { useToast } from "../ui/toast.tsx";
import { titleOf } from "./skill-words.ts";

/** Disables a skill, and offers to enable it again with what it had: exactly that was allowed before. */
export function useDisable(): { run: (skill: Skill) => Promise<void>; busy: boolean } {
  const { disable, enable } = useSkillActions();
  const toast = useToast();
  const attempt = useAttempt();
  const run = async (skill: Skill) => {
    const { name, version, granted, trusted: trust } = skill;
    const title = titleOf(skill);
    try {
      await disable.mutateAsync(name);
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      return;
    }
    const again = () => enable.mutateAsync({ name, version, permissions: granted, acknowledge: true, trust });
    toast(`Disabled: ${title}`, { action: { label: "Undo", run: () => void attempt(again(), () => `${title} is enabled again.`) } });
  };
  return { run, busy: disable.isPending };
}
