import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useToolNames } from "../api/audit.ts";
import { CHANNELS, channelName } from "../lib/channel-name.ts";
import { EFFECTS } from "../lib/effect-words.ts";
import { Icon } from "../ui/icons.tsx";
import { KINDS, OUTCOMES } from "./entry-words.ts";
import { type Chosen, EVERYTHING, isSent, RANGES, SENT } from "./filters.ts";

interface Props {
  chosen: Chosen;
  onChoose: (change: Partial<Chosen>) => void;
}

/** Which part of the trail is shown. */
export function FilterForm({ chosen, onChoose }: Props) {
  const tools = useToolNames();
  const names = [...new Set([...(tools.data ?? []), ...(chosen.tool === "" ? [] : [chosen.tool])])];
  const sent = isSent(chosen);
  const filtered = Object.entries(chosen).some(([name, value]) => name !== "range" && value !== "");
  const select = (label: string, field: keyof Omit<Chosen, "range" | "text">, any: string, data: { value: string; label: string }[]) => (
    <NativeSelect
      label={label}
      size="xs"
      data={[{ value: "", label: any }, ...data]}
      value={chosen[field]}
      onChange={(event) => onChoose({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <form className="filters" role="search" aria-label="Filter the trail" onSubmit={(event) => event.preventDefault()}>
      <div className="row">
        <SegmentedControl
          size="xs"
          aria-label="Period"
          value={chosen.range}
          onChange={(value) => onChoose({ range: RANGES.find((item) => item.id === value)?.id ?? EVERYTHING.range })}
          data={RANGES.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button
          variant={sent ? "filled" : "default"}
          size="xs"
          aria-pressed={sent}
          onClick={() => onChoose(sent ? { kind: "", outcome: "", effect: "" } : { ...EVERYTHING, ...SENT, range: chosen.range })}
        >
          Everything sent
        </Button>
        {filtered && !sent && (
          <Button variant="subtle" color="gray" size="xs" onClick={() => onChoose({ ...EVERYTHING, range: chosen.range })}>
            Clear filters
          </Button>
        )}
      </div>
      <TextInput
        aria-label="Words"
        placeholder="Words of what was done, why, or where to"
        type="search"
        size="sm"
        maxLength={200}
        leftSection={<Icon name="search" size={17} />}
        value={chosen.text}
        onChange={(event) => onChoose({ text: event.currentTarget.value })}
      />
      <details className="filters-more" open={filtered && chosen.text === "" ? true : undefined}>
        <summary>More filters</summary>
        <div className="filters-grid">
          {select(
            "About",
            "kind",
            "Anything",
            Object.entries(KINDS).map(([value, label]) => ({ value, label })),
          )}
          {select(
            "Outcome",
            "outcome",
            "Any",
            OUTCOMES.map(({ event, name }) => ({ value: event, label: name })),
          )}
          {select(
            "Effect",
            "effect",
            "Any",
            EFFECTS.map(({ effect, name }) => ({ value: effect, label: name })),
          )}
          {select(
            "Tool",
            "tool",
            "Any",
            names.map((name) => ({ value: name, label: name })),
          )}
          {select(
            "Channel",
            "channel",
            "Any",
            CHANNELS.map((channel) => ({ value: channel, label: channelName(channel) })),
          )}
        </div>
      </details>
    </form>
  );
}
