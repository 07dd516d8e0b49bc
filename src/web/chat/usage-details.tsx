import { ActionIcon, Popover } from "@mantine/core";
import type { MessageView } from "../../channels/events.ts";
import { compact, counted, dollars } from "../lib/format.ts";
import { fullTime } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";

/** Which model answered, with how many tokens, for how much. */
export function UsageDetails({ message }: { message: MessageView }) {
  const { usage, model } = message;
  return (
    <Popover width={260} position="top-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label="Details of this answer" title="Details">
          <Icon name="info" size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className="facts">
          <dt>Model</dt>
          <dd>{model ?? "none"}</dd>
          {usage && (
            <>
              <dt>Tokens in</dt>
              <dd>
                {compact(usage.input_tokens)}
                {usage.cached_input_tokens > 0 && ` (${compact(usage.cached_input_tokens)} cached)`}
              </dd>
              <dt>Tokens out</dt>
              <dd>{compact(usage.output_tokens)}</dd>
              <dt>Cost</dt>
              <dd>
                {dollars(usage.cost_micro_usd)}, {counted(usage.model_calls, "call")}
              </dd>
            </>
          )}
          <dt>When</dt>
          <dd>{fullTime(message.created_at)}</dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
