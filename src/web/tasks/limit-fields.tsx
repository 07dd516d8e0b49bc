import { TextInput } from "@mantine/core";
import type { TypedLimits } from "./limits.ts";

const FIELDS = [
  { name: "steps", label: "Steps", description: "Model calls, up to 100", min: 1, max: 100, step: 1 },
  { name: "minutes", label: "Minutes", description: "Of work, up to 240", min: 1, max: 240, step: 1 },
  { name: "tokens", label: "Tokens", description: "Read and written, up to 5,000,000", min: 1_000, max: 5_000_000, step: 1 },
  { name: "usd", label: "US dollars", description: "Up to 50", min: 0.001, max: 50, step: "any" },
] as const;

/** What one task may use at most. Empty: as usual. */
export function LimitFields({ limits, onChange }: { limits: TypedLimits; onChange: (limits: TypedLimits) => void }) {
  return (
    <fieldset className="limit-fields">
      <legend>
        What one task may use at most <span>empty: as usual</span>
      </legend>
      <div className="two">
        {FIELDS.map(({ name, ...rest }) => (
          <TextInput
            key={name}
            type="number"
            inputMode="decimal"
            {...rest}
            value={limits[name]}
            onChange={(event) => onChange({ ...limits, [name]: event.currentTarget.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
