import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Icon } from "./icons.tsx";

/** Copies a text; says so to everyone, also to screen readers. */
export function CopyButton({ text, label = "Copy", size = 32 }: { text: string; label?: string; size?: number }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const name = clipboard.copied ? "Copied" : label;
  return (
    <Tooltip label={name} openDelay={400}>
      <ActionIcon variant="subtle" color="gray" size={size} aria-label={name} onClick={() => clipboard.copy(text)}>
        <Icon name={clipboard.copied ? "check" : "copy"} size={17} />
        <span className="sr" aria-live="polite">
          {clipboard.copied ? "Copied" : ""}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}
