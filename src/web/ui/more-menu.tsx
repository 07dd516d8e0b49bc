import { ActionIcon, Loader, Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "./icons.tsx";

interface Props {
  /** What it belongs to, as a screen reader says it. */
  name: string;
  /** Something is being done: it cannot be opened. */
  busy?: boolean;
  /** Pixels, of the menu and of the button. */
  width: number;
  size?: number;
  /** `Menu.Item`s. */
  children?: ReactNode;
}

/** The three dots of a row, and what can be done with it. */
export function MoreMenu({ name, busy = false, width, size = 40, children }: Props) {
  if (busy)
    return (
      <span className="memory-busy">
        <Loader size={18} aria-label="Working" />
      </span>
    );
  return (
    <Menu position="bottom-end" shadow="md" width={width}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={size} aria-label={`More: ${name}`}>
          <Icon name="more" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
