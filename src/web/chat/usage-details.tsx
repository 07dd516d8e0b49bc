import { ActionIcon, Popover } from "@mantine/core";
import type { MessageView } from "../../channels/events.ts";
import { Icon } from "../ui/icons.tsx";
import { UsageFacts } from "./usage-facts.tsx";

/** What an answer took, on demand. */
export function UsageDetails({ message }: { message: MessageView }) {
  return (
    <Popover width={260} position="top-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label="Details of this answer" title="Details">
          <Icon name="info" size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <UsageFacts message={message} />
      </Popover.Dropdown>
    </Popover>
  );
}
