import type { MessageView } from "../../channels/events.ts";
import { cachedShare, compact, counted, dollars } from "../lib/format.ts";
import { fullTime } from "../lib/time.ts";

/** Which model answered, with how many tokens, for how much. */
export function UsageFacts({ message }: { message: MessageView }) {
  const { usage, model } = message;
  return (
    <dl className="facts">
      <dt>Model</dt>
      <dd>{model ?? "none"}</dd>
      {usage && (
        <>
          <dt>Tokens in</dt>
          <dd>
            {compact(usage.input_tokens)}
            {usage.cached_input_tokens > 0 && `, ${compact(usage.cached_input_tokens)} of them cached (${cachedShare(usage)})`}
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
  );
}
