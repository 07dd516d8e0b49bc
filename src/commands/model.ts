import type { Command } from "./command.ts";

const TIERS = ["fast", "smart", "vision"];

export const model: Command = {
  name: "model",
  description: "Show or choose the models that answer",
  usage: "/model\n/model smart anthropic/claude-sonnet-5, openai-compatible/gpt-5\n/model smart default",
  also: ["models"],
  run(args, { ports, publicUrl }) {
    const [first = "", ...others] = args.split(/\s+/);
    const named = TIERS.includes(first.toLowerCase());
    if (args === "") return overview(ports.model(), publicUrl);
    const tier = named ? first.toLowerCase() : "smart";
    const wanted = named ? others.join(" ").trim() : args;
    if (wanted === "") {
      const chain = ports.model().find((one) => one.tier === tier)?.chain ?? [];
      return `**${tier}**: ${chain.map((ref) => `\`${ref}\``).join(", then ")}`;
    }
    const chain = /^(?:default|reset|auto)$/i.test(wanted) ? null : wanted.split(/[,\s]+/).filter((ref) => ref !== "");
    ports.setModel(tier, chain);
    const now = ports.model().find((one) => one.tier === tier)?.chain ?? [];
    return `**${tier}** is now ${now.map((ref) => `\`${ref}\``).join(", then ")}${chain === null ? " (the default)" : ""}.`;
  },
};

function overview(tiers: { tier: string; chain: string[]; offline: boolean }[], publicUrl: string | null): string {
  const lines = tiers.map(({ tier, chain }) => `- **${tier}**: ${chain.map((ref) => `\`${ref}\``).join(", then ")}`);
  const settings = publicUrl === null ? "Settings → Models on the page" : `${publicUrl} → Settings → Models`;
  const advice = tiers.every(({ offline }) => offline)
    ? `No language model is connected. Add a key in ${settings}.`
    : "Change one with `/model smart provider/model`, or go back with `/model smart default`.";
  return `${lines.join("\n")}\n\n${advice}`;
}
