import type { ScanLine } from "./scan-file.ts";
import { lower, type ScanRule, type Sighting } from "./finding.ts";

const KEYS =
  /(?:\.ssh[/\\]{1,2}id_\w|\.aws[/\\]{1,2}credentials|\.gnupg\b|\.git-credentials\b|\bgh[/\\]{1,2}hosts\.yml|\.netrc\b|\.npmrc\b|\.kube[/\\]{1,2}config|\bauth-profiles\.json|\.claude[/\\]{1,2}\.credentials|\.codex[/\\]{1,2}auth\.json|application_default_credentials|\.(?:openclaw|clawdbot|moltbot)[/\\]{1,2}(?:\.env|openclaw\.json)|\bwallet\.dat\b|(?<![\w.])\.env\b(?!\.example))/;
const READS = /\b(?:read|collect|record|copy|include|gather|load|extract|grab|pass)\b/i;
const SENDS = /\b(?:post|send|upload|forward|transmit|submit|exfiltrate|sync|back(?:s|ing)? up|attach)\b/i;
const AWAY = /\bhttps?:\/\/[\w.-]{3}|\b[\w.+-]{1,60}@[\w-]{1,60}\.[a-z]{2,10}\b/i;
/** Of what was just told, not of keys in general: a guide that keeps them safe says the other. */
const TELLS_NOBODY =
  /\b(?:do not|don['’]?t|never|without)\s{1,5}(?:mention|tell|inform|display|show|reveal|disclose)\w{0,4}\b.{0,30}\b(?:this|these|it|them|that|what|steps?)\b.{0,40}\b(?:user|owner|human|them|response)\b/i;
const BEHIND_YOUR_BACK = /\b(?:silently|secretly|covertly)\b/i;
const FORBIDS =
  /\b(?:never|do not|don['’]?t|must not|should not|avoid|refuse|no)\s{1,5}(?:\w{1,20}\s{1,5}){0,3}(?:read|access|open|collect|send|post|upload|forward|transmit|share|commit)\b/i;
const AROUND = { before: 6, after: 6 };

/** Orders in a text to take a file with keys: to send it somewhere, or to keep it from the user that it was read. */
export const ordersAboutKeys: ScanRule = {
  name: "orders-about-keys",
  *look({ lines, text: whole }): Generator<Sighting, void> {
    if (!KEYS.test(whole)) return;
    for (const [index, line] of lines.entries()) {
      const { text, number, where, described } = line;
      const at = where === "code" ? -1 : text.search(KEYS);
      if (at === -1 || FORBIDS.test(text)) continue;
      if (SENDS.test(text) && AWAY.test(text)) {
        const why = "It tells the agent to send a file with keys away.";
        yield { severity: described || isQuoted(text, at) ? lower("danger") : "danger", line: number, text, at, why };
        continue;
      }
      const around = nearby(lines, index);
      const nobody = TELLS_NOBODY.test(around);
      if (!READS.test(around) || !(nobody || BEHIND_YOUR_BACK.test(around)) || FORBIDS.test(around)) continue;
      const why = "It tells the agent to read a file with keys and to keep that from you.";
      // "Do not" alone would make it a guide.
      yield { severity: described && !nobody ? lower("danger") : "danger", line: number, text, at, why };
    }
  },
};

function nearby(lines: readonly ScanLine[], index: number): string {
  return lines
    .slice(Math.max(0, index - AROUND.before), index + AROUND.after + 1)
    .filter(({ where }) => where !== "code")
    .map(({ text }) => text.slice(0, 400))
    .join("\n");
}

/** Whether a quotation is open there, as in an example. */
const isQuoted = (text: string, at: number): boolean => (text.slice(0, at).match(/["“”]/g) ?? []).length % 2 === 1;
