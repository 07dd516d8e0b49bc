import { Menu } from "@mantine/core";
import { useLocation } from "wouter";
import { type Skill, skillZipAddress, useSkillActions } from "../api/skills.ts";
import { sayError } from "../api/api-error.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { useToast } from "../ui/toast.tsx";
import { skillHref } from "./skill-places.ts";
import { arrivedWords, backWords, titleOf } from "./skill-words.ts";

/** What else can be done with a skill. */
export function SkillMenu({ skill, onGone }: { skill: Skill; onGone: () => void }) {
  const { uninstall, restore, update, enable } = useSkillActions();
  const toast = useToast();
  const attempt = useAttempt();
  const [, navigate] = useLocation();
  const { name, version, state, granted, trusted: trust } = skill;
  const title = titleOf(skill);

  const remove = async () => {
    try {
      await uninstall.mutateAsync(name);
      // Exactly what was allowed a moment ago is allowed again.
      const again = async () => {
        const restored = await restore.mutateAsync(name);
        return state === "enabled" ? enable.mutateAsync({ name, version, permissions: granted, acknowledge: true, trust }) : restored;
      };
      const back = () => attempt(again(), (now) => backWords(now.skill));
      toast(`Uninstalled: ${title}`, { action: { label: "Undo", run: () => void back() } });
      onGone();
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
  };
  return (
    <MoreMenu name={title} busy={uninstall.isPending || update.isPending} width={220}>
      <Menu.Item leftSection={<Icon name="info" size={16} />} onClick={() => navigate(skillHref(name))}>
        Look at it
      </Menu.Item>
      <Menu.Item
        component="a"
        href={skillZipAddress(name, version)}
        download={`${name}.zip`}
        leftSection={<Icon name="download" size={16} />}
      >
        Download as zip
      </Menu.Item>
      {skill.origin === "git" && (
        <Menu.Item leftSection={<Icon name="again" size={16} />} onClick={() => void attempt(update.mutateAsync(name), arrivedWords)}>
          Look for a new version
        </Menu.Item>
      )}
      {!skill.built_in && (
        <>
          <Menu.Divider />
          <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => void remove()}>
            Uninstall
          </Menu.Item>
        </>
      )}
    </MoreMenu>
  );
}
