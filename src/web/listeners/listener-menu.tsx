import { Menu } from "@mantine/core";
import type { ListenerView } from "../api/listeners.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { schemeWords } from "./listener-words.ts";

interface Props {
  listener: ListenerView;
  busy: boolean;
  onChange: () => void;
  onSet: (to: "active" | "paused") => void;
  onTest: () => void;
  onSetup: () => void;
  onRotate: () => void;
  onDelete: () => void;
}

/** What can be done with a listener. */
export function ListenerMenu({ listener, busy, onChange, onSet, onTest, onSetup, onRotate, onDelete }: Props) {
  const { title, status, source, hook_path: path } = listener;
  // A secret that the service makes is entered, not made here.
  const ours = source.kind === "hook" && !schemeWords(source.scheme.name).theirs;
  return (
    <MoreMenu name={title} busy={busy} width={230}>
      <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onChange}>
        Change
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="bolt" size={16} />} onClick={onTest}>
        Try it out
      </Menu.Item>
      {status === "active" ? (
        <Menu.Item leftSection={<Icon name="pause" size={16} />} onClick={() => onSet("paused")}>
          Pause
        </Menu.Item>
      ) : (
        <Menu.Item leftSection={<Icon name="play" size={16} />} onClick={() => onSet("active")}>
          Resume
        </Menu.Item>
      )}
      {path !== null && (
        <Menu.Item leftSection={<Icon name="link" size={16} />} onClick={onSetup}>
          How to set it up
        </Menu.Item>
      )}
      {ours && (
        <Menu.Item leftSection={<Icon name="key" size={16} />} onClick={onRotate}>
          New secret…
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={onDelete}>
        Delete…
      </Menu.Item>
    </MoreMenu>
  );
}
