import { MargayError } from "../errors.ts";
import type { Command, CommandContext } from "./command.ts";
import { inline } from "./shown.ts";

/** Documents that are listed. */
const SHOWN = 30;

type Listed = ReturnType<CommandContext["ports"]["knowledge"]["list"]>;

/** Your documents, and which of them a conversation is limited to. */
export const knowledge: Command = {
  name: "knowledge",
  description: "Your documents, and limiting this conversation to some of them",
  usage: "/knowledge\n/knowledge only handbook\n/knowledge all\n/knowledge delete 3",
  async run(args, { ports }) {
    const [, word = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(args) ?? [];
    switch (word.toLowerCase()) {
      case "":
      case "list":
        return listed(ports.knowledge.list());
      case "all":
        ports.knowledge.all();
        return "This conversation searches all your documents again.";
      case "only": {
        const names = rest.split(/\s*,\s*/).filter((name) => name !== "");
        if (names.length === 0) return "Only which? For example `/knowledge only handbook`, or several with commas between.";
        const only = ports.knowledge.only(names);
        return `This conversation searches only ${only.map(inline).join(", ")} from now on. \`/knowledge all\` ends that.`;
      }
      case "delete":
      case "remove": {
        const number = /^#?(\d{1,6})$/.exec(rest)?.[1];
        if (number === undefined) return "Which one? For example `/knowledge delete 3`; `/knowledge` shows the numbers.";
        const gone = await ports.knowledge.delete(Number(number));
        return `Deleted ${inline(gone.name)}, with all that was kept of it${gone.verified ? "" : "; a part cannot be reached now and goes as soon as it can be"}.`;
      }
      default:
        throw new MargayError(
          "invalid_request",
          "Use `/knowledge`, `/knowledge only <collection>`, `/knowledge all` or `/knowledge delete <number>`.",
        );
    }
  },
};

function listed({ documents, collections, only, total }: Listed): string {
  if (total === 0) return "You have no documents yet. Send me a file, or add some on the page under Knowledge.";
  const shown = documents.slice(-SHOWN).toReversed();
  const lines = shown.map(({ number, name, collection, state }) =>
    [
      `- **${number}** ${inline(name)}`,
      ...(collection === null ? [] : [`in ${inline(collection)}`]),
      ...(state === null ? [] : [state]),
    ].join(", "),
  );
  return [
    ...(only === null
      ? []
      : [
          `This conversation searches only ${only.length === 0 ? "what is not there any more" : only.map(inline).join(", ")}. \`/knowledge all\` ends that.`,
        ]),
    ...(collections.length === 0
      ? []
      : [`Collections: ${collections.map(({ name, documents: count }) => `${inline(name)} (${count})`).join(", ")}`]),
    lines.join("\n"),
    ...(total > shown.length ? [`The newest ${shown.length} of ${total}; all are on the page under Knowledge.`] : []),
  ].join("\n\n");
}
