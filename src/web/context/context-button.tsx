import { ActionIcon, Tooltip } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { MessageView } from "../../channels/events.ts";
import { Icon } from "../ui/icons.tsx";

const load = () => import("./context-panel.tsx");
const ContextPanel = lazy(load);

/** Opens what an answer was made from. The panel is loaded when the button is first pointed at. */
export function ContextButton({ message }: { message: MessageView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Context: what this was made from" openDelay={400}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label="Context of this answer"
          aria-haspopup="dialog"
          onPointerEnter={() => void load()}
          onClick={() => setOpen(true)}
        >
          <Icon name="layers" size={17} />
        </ActionIcon>
      </Tooltip>
      {open && (
        <Suspense fallback={null}>
          <ContextPanel message={message} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
