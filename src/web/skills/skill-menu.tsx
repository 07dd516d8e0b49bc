import { Menu } from "@mantine/core";
import { useLocation } from "wouter";
import { type Skill, skillZipAddress, useSkillActions } from "../api/skills.ts";
import { sayError } from "../api/api-error.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { useToast } from "../ui/toast.tsx";
import { skillHref } from "./skill-places.ts";
import { arrivedWords, titleOf } from "./skill-words.ts";

/** What else can be done with a skill. */
export function SkillMenu({ skill, onGone }: { skill: Skill; onGone: () => void }) {
  const { uninstall, restore, update } = useSkillActions();
  const toast = useToast();
  const attempt = useAttempt();
  const [, navigate] = useLocation();
  const { name, version } = skill;
  const title = titleOf(skill);

  const remove = async () => {
    try {
      await uninstall.mutateAsync(name);
      const back = () => attempt(restore.mutateAsync(name), () => `${title} is back.`);
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
