import { z } from "zod";
import { Condition } from "../../events/condition.ts";
import { type ListenerSource, type ListenerAction, MAX_LISTENER_TEXT } from "../../events/shapes.ts";
import { MargayError, withNext } from "../../errors.ts";
import { readPlaybookCall } from "../../plans/playbook-words.ts";
import { listenerTool, marked, view } from "./listener-tool.ts";

const Input = z.object({
  from: z
    .enum(["feed", "page", "mail", "file", "github", "stripe", "slack", "standard", "hmac"])
    .describe(
      "feed or page: url; mail: anybody's to the user's Margay address; file: one is added in folder; others: a service posts, signed so",
    ),
  url: z.string().max(2_000).optional(),
  folder: z.string().trim().min(1).max(1_024).optional(),
  contains: z.string().trim().min(1).max(300).optional().describe("page: only lines with it"),
  header: z.string().max(80).optional().describe("hmac: of the signature"),
  if: z
    .array(Condition)
    .max(20)
    .optional()
    .describe(
      "on fields, as pull_request.state, title; of mail from, from_name, subject, text, authenticated, has_attachments; of a file name, extension, size",
    ),
  any: z.boolean().optional().describe("one of `if` is enough"),
  question: z.string().trim().min(1).max(500).optional().describe("yes or no, about each event"),
  do: z.string().trim().min(1).max(MAX_LISTENER_TEXT),
  kind: z
    .enum(["prompt", "text", "profile", "playbook"])
    .optional()
    .describe("prompt: you do it then; text: said as it is; playbook: do is its name and variables, as a=b"),
  profile: z.string().trim().min(1).max(64).optional(),
  title: z.string().trim().min(1).max(200).optional(),
});
type Input = z.output<typeof Input>;

/** When it was made by the call, UTC milliseconds: whoever changed it since has the last word. */
const Receipt = z.object({ added: z.string(), at: z.number() });

export const addListener = listenerTool({
  name: "add_listener",
  version: 2,
  description: "Do something whenever a feed, page or service has news, or mail or a file arrives",
  input: Input,
  effect: () => "write",
  address: ({ url }) => url,
  describe: ({ from, url, do: words }) => `Listen to ${from}${url === undefined ? "" : ` ${url}`}, and then: ${words}`,
  async execute(input, { stores, idempotencyKey, tainted }) {
    const made = await stores.listeners.add(
      {
        source: sourceOf(input),
        when: { match: input.any === true ? "any" : "all", fields: input.if ?? [], question: input.question ?? null },
        action: actionOf(input),
        batch_seconds: 30,
        per_hour: 20,
        ...(input.title === undefined ? {} : { title: input.title }),
      },
      { key: idempotencyKey, tainted },
    );
    return {
      output: {
        listening: view(made),
        ...(made.status === "paused" ? { note: "It does nothing until the user switches it on; they were told." } : {}),
      },
      // Without its words, which the trail would keep for ever.
      summary: `Made listener ${made.number}${made.status === "paused" ? ", switched off" : ""}`,
      receipt: { added: made.id, at: made.updated_at },
      ...marked(made),
    };
  },
  async undo(receipt, { stores, tainted, idempotencyKey: key }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    const live = stores.listeners.live(parsed.data.added);
    if (live?.updated_at !== parsed.data.at)
      throw new MargayError("conflict", "That listener was changed or deleted since, so I left it as it is.");
    const gone = await stores.listeners.delete(live.id, { key, tainted });
    return { output: { removed: gone.number }, summary: `Took back listener ${gone.number}`, ...marked(gone) };
  },
});

function sourceOf({
  from,
  url,
  folder = "/",
  contains,
  header,
}: Pick<Input, "from" | "url" | "folder" | "contains" | "header">): ListenerSource {
  if (from === "hmac") {
    const name = (header ?? "x-signature").trim().toLowerCase();
    return { kind: "hook", scheme: { name: "hmac", header: name, encoding: "hex", prefix: "", timestamp_header: null, id_header: null } };
  }
  if (from === "mail") return { kind: "mail" };
  if (from === "file") return { kind: "file", folder };
  if (from !== "feed" && from !== "page") return { kind: "hook", scheme: { name: from } };
  if (url === undefined) throw new MargayError("invalid_request", `Which ${from}?`, withNext("Say its address in `url`."));
  return from === "feed" ? { kind: "feed", url, minutes: 60 } : { kind: "page", url, minutes: 60, contains: contains ?? null };
}

function actionOf({ do: words, kind, profile }: Pick<Input, "do" | "kind" | "profile">): ListenerAction {
  if (kind === "text") return { kind: "text", text: words };
  if (kind === "playbook") {
    const { name, variables } = readPlaybookCall(words);
    return { kind, playbook: name, variables };
  }
  if (profile !== undefined) return { kind: "profile", profile, input: words };
  if (kind === "profile") throw new MargayError("invalid_request", "Which profile?", withNext("Say it in `profile`."));
  return { kind: "prompt", prompt: words, tier: null };
}
