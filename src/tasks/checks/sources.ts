import { pageLink } from "../../tools/web/page-link.ts";
import type { CheckDeps, CheckedCall, CheckedTask, Finding } from "../checked-task.ts";
import { readReport } from "./read-report.ts";

/** Addresses that are asked for at the end of one task, at most. */
const MAX_REACHED = 5;

/** A report's sources: what is cited is in the list, and what is in the list was read. */
export async function checkSources({ result, calls, final }: CheckedTask, deps: CheckDeps): Promise<Finding[]> {
  const { cited, sources } = readReport(result);
  const read = readAddresses(calls);
  const findings: Finding[] = [];
  if (sources.size === 0 && cited.size === 0)
    return read.size === 0
      ? []
      : [
          {
            correct: "It names no sources. Put [1], [2] … behind what they say, and end with the list of what you read.",
            note: "It names no sources.",
          },
        ];
  for (const number of cited)
    if (!sources.has(number))
      findings.push({
        correct: `[${number}] is cited, but is not in the list of sources.`,
        note: `[${number}] is cited, but is not in the list of sources.`,
      });
  let left = MAX_REACHED;
  for (const [number, addresses] of sources) {
    if (addresses.length === 0 || addresses.some((address) => read.get(keyOf(address)) === "there")) continue;
    const dead = addresses.some((address) => read.get(keyOf(address)) === "gone");
    const correct = dead
      ? `[${number}] could not be read when you tried. Find another source for what it stands behind, or take it out and say so.`
      : `[${number}] was not read in this task. Read it, or take it out.`;
    const found = dead ? "gone" : final && left-- > 0 ? await reachAny(addresses, deps) : "not asked";
    findings.push({ correct, note: noteOf(number, found) });
  }
  return findings;
}

const noteOf = (number: number, found: Awaited<ReturnType<CheckDeps["reach"]>>): string =>
  found === "gone"
    ? `[${number}] cannot be read at its address.`
    : `[${number}] was not read${found === "there" ? "; there is a page at its address" : ""}.`;

async function reachAny(addresses: readonly string[], deps: CheckDeps): Promise<Awaited<ReturnType<CheckDeps["reach"]>>> {
  const [address] = addresses;
  return address === undefined ? "not asked" : deps.reach(address);
}

/** Pages that were fetched, by the address that was asked for and the one that answered, and whether anything was there. */
function readAddresses(calls: readonly CheckedCall[]): Map<string, "there" | "gone"> {
  const read = new Map<string, "there" | "gone">();
  for (const { tool, input, state, output } of calls) {
    if (tool !== "web_fetch" || typeof input !== "object" || input === null || !("url" in input)) continue;
    const said = output();
    const text = typeof said === "string" ? said : "";
    const there = state === "done" && isPage(said);
    const addresses = [String(input.url), /^Address: (\S+)$/m.exec(text.split("\n\n", 1)[0] ?? "")?.[1] ?? ""];
    for (const address of addresses)
      if (address !== "" && read.get(keyOf(address)) !== "there") read.set(keyOf(address), there ? "there" : "gone");
  }
  return read;
}

/** Whether `web_fetch` answered with a page: a refusal is an object, and a page that is not there says so by its status. */
export const isPage = (output: unknown): boolean => typeof output === "string" && output !== "" && !/^Status: [45]/.test(output);

/** Addresses that are one to a person. */
const keyOf = (address: string): string => (pageLink(address) ?? address).replace(/^https?:\/\/(?:www\.)?/i, "").replace(/\/$/, "");
