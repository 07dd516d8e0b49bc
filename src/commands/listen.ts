import { MAX_LISTENER_TEXT } from "../events/shapes.ts";
import { understandListen } from "../events/understand-listen.ts";
import {
  ListenerAdded,
  listenerAddedText,
  ListenerChanged,
  listenerChangedText,
  ListenerList,
  listenerListText,
} from "../tools/events/listed.ts";
import type { Command, CommandContext } from "./command.ts";
import { toolAnswer } from "./tool-answer.ts";

const USAGE = [
  "/listen",
  "/listen when https://example.com/prices changes tell me",
  "/listen when https://example.com/feed.xml has a new entry about bread: sum it up",
  "/listen when mail from ana@example.com arrives tell me",
  "/listen when GitHub calls tell me",
  "/listen pause 2",
  "/listen resume 2",
  "/listen delete 2",
].join("\n");

const EXAMPLE = "`/listen when https://example.com/prices changes tell me`";
const EMPTY = `I listen to nothing. ${EXAMPLE} begins with a page; a feed, mail, a file and services that call are the same.`;

export const listen: Command = {
  name: "listen",
  description: "Do something when a page, feed, mail, file or service has news",
  usage: USAGE,
  also: ["listeners"],
  async run(args, context) {
    if (args === "" || /^(?:list|ls|show)$/iu.test(args))
      return listenerListText(await toolAnswer("list_listeners", {}, ListenerList, context), EMPTY);
    const [, verb = "", which = ""] = /^(pause|stop|resume|start|delete|remove)\b\s*(?:listener\s+)?#?(\d{1,6})?\s*$/iu.exec(args) ?? [];
    if (verb !== "") return change(verb.toLowerCase(), which, context);
    if (args.length > MAX_LISTENER_TEXT) return `That is too long: at most ${MAX_LISTENER_TEXT.toLocaleString("en-US")} characters.`;
    const understood = understandListen(args);
    if (!understood.ok) return understood.question ?? elsewhere(context);
    const made = await toolAnswer("add_listener", { ...understood.listened }, ListenerAdded, context);
    const { from, to_do } = made.listening;
    if (to_do !== undefined) return `${listenerAddedText(made)} Its address is there too, for the service: ${page(context)}`;
    return `${listenerAddedText(made)}${from.startsWith("mail") ? " Your Margay address is under Settings, Mail." : ""}`;
  },
};

async function change(verb: string, which: string, context: CommandContext): Promise<string> {
  if (which === "") return `Which one? Say its number, for example \`/listen ${verb} 2\`. /listen shows them.`;
  if (verb === "delete" || verb === "remove") {
    const { number } = await context.ports.listeners.delete(Number(which));
    return `Listener ${number} is deleted.`;
  }
  const input = { listener: which, do: verb === "pause" || verb === "stop" ? "pause" : "resume" };
  return listenerChangedText(await toolAnswer("change_listener", input, ListenerChanged, context));
}

/** Where listeners are made with every condition that there is. */
const page = ({ publicUrl }: CommandContext): string => (publicUrl === null ? "the page of listeners" : `${publicUrl}/listeners`);

function elsewhere(context: CommandContext): string {
  const model = context.ports.model().some(({ offline }) => !offline);
  const ask = model ? ", or say it to me in your own words, without the slash" : "";
  return `I do not understand all of that by rules, and leave nothing out. For example ${EXAMPLE}; /help listen has more. With every condition there is it is made on ${page(context)}${ask}.`;
}
