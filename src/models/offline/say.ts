import type { Request } from "./request.ts";

/** What the offline model says of itself. Honest and short: it is rules, not a language model. */
export const CONNECT =
  "To connect a model, add a key under **Settings → Models**, or let the owner set one for everybody: `npx wrangler secret put ANTHROPIC_API_KEY`.";

const UNDERSTANDS = [
  "- “add task: film the workout video, p1, due tomorrow” · “add milk and bread to my list”",
  "- “what's on my list?” · “what do I have to do today?”",
  "- “mark the video one as done” · “move it to friday” · “make it p2” · “rename milk to oat milk”",
  "- “delete the second one” · “undo”",
  "- “remind me to call mum tomorrow at 5pm” · “every weekday at 9 remind me to stretch” · “what are my reminders?” · “delete reminder 2”",
  "- “remember that I live in Oslo” · “where do I live?” · “what did we decide about the roof?” · “what does the handbook say about leave?” · “forget that”",
].join("\n");

export const UNKNOWN = `I did not understand that. I am Margay's offline model: a few rules without a language model, so I only know to-dos, reminders, dates and what you tell me to remember.\n\n${UNDERSTANDS}\n\n${CONNECT}`;

export const CONTENT_ONLY = `You sent me something to look at, and as the offline model I cannot read it. ${CONNECT}`;

export const NO_TIME = "Without a time I cannot remind you of it, so it is on your list.";

export function sayTopic(topic: Extract<Request, { kind: "say" }>["topic"], now: string | null): string {
  switch (topic) {
    case "help":
      return `No language model is connected, so I understand to-dos in plain words:\n\n${UNDERSTANDS}\n\nCommands such as /task, /status and /help work too. ${CONNECT}`;
    case "who":
      return `I am Margay, your private assistant. Right now my offline model answers: a few rules that run inside your own deployment, no language model, nothing leaves it. ${CONNECT}`;
    case "hello":
      return "Hello! No language model is connected yet, but I can keep your to-dos and remind you: try “add task: water the plants, due tomorrow”, or ask “what can you do?”";
    case "thanks":
      return "You're welcome.";
    case "bye":
      return "See you.";
    case "until":
      return "Until which day? I can set a date, such as “move the rent to friday”, but not count from the one there is.";
    default:
      return now === null ? "I do not know the time here." : `It is ${now}.`;
  }
}

/** What a word of Margay itself comes to, for the user. */
export function sayNotice(notice: string): string {
  if (/^The user approved \w+, and it is done/.test(notice)) return "Done.";
  if (notice.startsWith("The user said no")) return "All right, I left it.";
  if (notice.startsWith("Nobody answered in time")) return "Nobody answered in time, so I did not do it.";
  const task = /^Task (\d+) /.exec(notice)?.[1];
  if (task !== undefined) {
    const why = /^Why: (.*) \(\w+\)$/m.exec(notice)?.[1];
    return why === undefined ? `Task ${task} is done. What it found is under Tasks.` : `Task ${task} ended without finishing: ${why}`;
  }
  return "That was not done, or not surely; /approvals has the details.";
}
