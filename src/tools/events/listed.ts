import { plain } from "../../plain.ts";
import { z } from "zod";

/** A listener as the tools answer it (see `view` in `listener-tool.ts`), read back by commands. */
const ListedListener = z.object({
  n: z.number(),
  title: z.string(),
  from: z.string(),
  if: z.array(z.string()).optional(),
  match: z.enum(["all", "any"]).optional(),
  question: z.string().optional(),
  action: z.string(),
  status: z.string().optional(),
  because: z.string().optional(),
  to_do: z.string().optional(),
  failed: z.string().optional(),
  acted: z.number(),
});
type ListedListener = z.infer<typeof ListedListener>;

export const ListenerList = z.object({ listeners: z.array(ListedListener), not_shown: z.number().optional() });
export const ListenerAdded = z.object({ listening: ListedListener });
export const ListenerChanged = z.object({ changed: ListedListener });

/** Which events count, in words; empty: all of them. */
const counts = ({ if: fields, match, question }: ListedListener): string =>
  [(fields ?? []).slice(0, 5).join(match === "any" ? " or " : " and "), question === undefined ? "" : `“${question}”`]
    .filter((part) => part !== "")
    .join(", and ");

/** One line of Markdown: `**3** Feed of example.com · feed https://example.com/ · acted 2 times`. */
function line(listener: ListedListener): string {
  const { n, title, from, status, because, to_do, failed, acted } = listener;
  const only = counts(listener);
  return [
    `**${n}** ${plain(title)}`,
    plain(from),
    only === "" ? "" : `only if ${plain(only)}`,
    acted === 0 ? "" : acted === 1 ? "acted once" : `acted ${acted} times`,
    status ?? "",
    because === undefined ? "" : plain(because),
    to_do === undefined ? "" : "its secret is still to be set, on the page of listeners",
    failed === undefined ? "" : `failed: ${plain(failed)}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The list in Markdown, each with the number it can be called by. */
export function listenerListText({ listeners, not_shown }: z.infer<typeof ListenerList>, empty: string): string {
  if (listeners.length === 0) return empty;
  return [...listeners.map((one) => `- ${line(one)}`), ...(not_shown === undefined ? [] : ["", `… and ${not_shown} more.`])].join("\n");
}

export function listenerAddedText({ listening }: z.infer<typeof ListenerAdded>): string {
  const [, kind = "", words = ""] = /^(\w+): ([\s\S]*)$/u.exec(listening.action) ?? [];
  return `I listen: ${line(listening)}. Then ${kind === "text" ? "I tell you" : "I do this"}: ${plain(words)}${/[.!?:…]$/u.test(words) ? "" : "."}`;
}

export function listenerChangedText({ changed }: z.infer<typeof ListenerChanged>): string {
  return changed.status === "paused"
    ? `Paused: ${line({ ...changed, status: undefined, because: undefined })}. \`/listen resume ${changed.n}\` switches it on again.`
    : `Listens again: ${line(changed)}.`;
}
