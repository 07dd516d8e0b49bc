import { z } from "zod";
import { checkEgressUrl, MAX_URL } from "../../egress/check-url.ts";
import { MargayError } from "../../errors.ts";
import { hostOf, hostText } from "../../permission/host.ts";
import type { Tool } from "../tool.ts";
import { KNOWLEDGE_WRITE, type KnowledgeStores } from "./knowledge-port.ts";

const Input = z.object({
  url: z.string().max(MAX_URL),
  collection: z.string().trim().min(1).max(100).optional(),
});

const Receipt = z.object({ added: z.string() });

/** The address as it is asked for, as the gate compares it; null: it is refused. A fragment is never sent, so it is no part of it. */
function addressOf(text: string): URL | null {
  const checked = checkEgressUrl(text);
  if (!checked.allowed) return null;
  checked.url.hash = "";
  return checked.url;
}

/** Takes a document from the web into the user's own. */
export const addDocument: Tool<typeof Input, KnowledgeStores> = {
  name: "add_document",
  version: 1,
  description: "Keep what is at a web address among the user's documents",
  input: Input,
  rare: true,
  // What the filter refuses goes through the gate as a host that cannot exist (RFC 2606): the model reads the filter's own reason, and nobody is asked to approve it.
  capabilities: ({ url }) => {
    const address = addressOf(url);
    return [KNOWLEDGE_WRITE, `net.fetch:${address === null ? "invalid.example" : hostText(hostOf(address))}`];
  },
  effect: () => "write",
  destinations: ({ url }) => {
    const address = addressOf(url);
    return address === null ? [] : [address.href];
  },
  untrusted: false,
  rateLimit: { calls: 10, perMs: 60_000 },
  timeoutMs: 70_000,
  // The same bytes are one document.
  replay: "keyed",
  describe: ({ url, collection }) =>
    `Keep ${addressOf(url)?.href ?? url} among your documents${collection === undefined ? "" : `, in ${collection}`}`,
  async execute({ url, collection }, { stores, signal, composed }) {
    const checked = checkEgressUrl(url);
    if (!checked.allowed) throw new MargayError("invalid_request", checked.reason);
    checked.url.hash = "";
    const { id, known } = await stores.knowledge.add(checked.url.href, { collection, follow: composed ? "same-host" : "any", signal });
    return {
      output: known ? { known: id } : { added: id, note: "read in the background" },
      summary: known ? `${checked.url.href} was among your documents already` : `Added ${checked.url.href} to your documents`,
      ...(known ? {} : { receipt: { added: id } }),
    };
  },
  async undo(receipt, { stores }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    await stores.knowledge.remove(parsed.data.added);
    return { output: { removed: parsed.data.added }, summary: "Deleted the document again" };
  },
};
