import type { CheckedCall, CheckedTask, Finding } from "../checked-task.ts";

/** A result that says that something was sent, bought or changed. */
const CLAIMS =
  /\b(?:I|we) (?:have |just |also )*(?:sent|submitted|ordered|booked|bought|paid|posted|signed up|cancelled|registered)\b|\b(?:was|were|is|has been|have been) (?:sent|submitted|ordered|booked|bought|paid|posted|registered)\b/iu;
/** A result that says that it was not. */
const ADMITS =
  /\b(?:not|n't|never|nothing|could not) (?:been |was |were |be )*(?:sent|submit(?:ted)?|order(?:ed)?|book(?:ed)?|bought|buy|pa(?:id|y)|post(?:ed)?|registered)\b/iu;

/** What was seen in a browser is said with its address, and what was not sent is not said to be. */
export function checkSeen({ result, calls }: Pick<CheckedTask, "result" | "calls">): Finding[] {
  const done = calls.filter(({ state }) => state === "done");
  const hosts = new Set(done.filter(({ tool }) => tool === "browser_open").flatMap(hostOf));
  const findings: Finding[] = [];
  if (hosts.size > 0 && ![...hosts].some((host) => result.includes(host)))
    findings.push({
      correct: "The result does not say on which page it was seen. Name the address of each page that it rests on.",
      note: "It does not say on which page this was seen.",
    });
  if (CLAIMS.test(result) && !ADMITS.test(result) && hosts.size > 0 && !done.some(sent))
    findings.push({
      correct: "The result says that something was sent, and nothing was. Call browser_submit, or say plainly that it was not sent.",
      note: "Nothing was sent.",
    });
  return findings;
}

function hostOf({ input }: CheckedCall): string[] {
  const url = typeof input === "object" && input !== null && "url" in input ? URL.parse(String(input.url)) : null;
  return url === null ? [] : [url.hostname.replace(/^www\./, "")];
}

/** Its first line is ours; a page may write the same further down. */
const sent = (call: CheckedCall): boolean => call.tool === "browser_submit" && String(call.output()).startsWith("Sent: ");
