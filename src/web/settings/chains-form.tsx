import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type Settings, type Tier, usePatchSettings, useSettings } from "../api/settings.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";

const TIERS: { tier: Tier; name: string; what: string }[] = [
  { tier: "fast", name: "Fast", what: "Everyday answers" },
  { tier: "smart", name: "Smart", what: "Hard questions" },
  { tier: "vision", name: "Vision", what: "Messages with pictures" },
];

/** Chains of models per tier, one model a line; empty: what the deployment says. `known`: models that a test listed. */
export function ChainsForm({ known }: { known: string[] }) {
  const settings = useSettings();
  return (
    <QueryView query={settings}>
      {(data) => <Chains key={JSON.stringify([data.models, data.tier])} settings={data} known={known} />}
    </QueryView>
  );
}

const asText = (chain: string[] | null): string => (chain ?? []).join("\n");
const asChain = (text: string): string[] | null => {
  const lines = text
    .split(/[\n,]/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? null : lines;
};

function Chains({ settings, known }: { settings: Settings; known: string[] }) {
  const [texts, setTexts] = useState<Record<Tier, string>>({
    fast: asText(settings.models.fast),
    smart: asText(settings.models.smart),
    vision: asText(settings.models.vision),
  });
  const [tier, setTier] = useState(settings.tier);
  const save = usePatchSettings();
  const toast = useToast();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { tier, models: { fast: asChain(texts.fast), smart: asChain(texts.smart), vision: asChain(texts.vision) } },
          { onSuccess: () => toast("Saved."), onError: (error) => toast(sayError(error), { tone: "error" }) },
        );
      }}
    >
      <NativeSelect
        label="Answer with"
        data={[
          { value: "fast", label: "Fast models" },
          { value: "smart", label: "Smart models" },
        ]}
        value={tier}
        onChange={(event) => setTier(event.currentTarget.value === "smart" ? "smart" : "fast")}
      />
      {TIERS.map((item) => (
        <Textarea
          key={item.tier}
          label={item.name}
          description={`${item.what}. One model a line, such as anthropic/claude-sonnet-5. Empty: chosen by what is connected.`}
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
          value={texts[item.tier]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTexts((before) => ({ ...before, [item.tier]: value }));
          }}
        />
      ))}
      {known.length > 0 && (
        <details className="dim">
          <summary>Models that your keys may use</summary>
          <p className="plain">{known.join("\n")}</p>
        </details>
      )}
      <div className="row end">
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
