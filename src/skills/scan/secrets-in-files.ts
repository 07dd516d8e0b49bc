import { findKeys } from "../../secrets/key-shapes.ts";
import type { ScanRule, Sighting } from "./finding.ts";

const PLACEHOLDER =
  /x{4}|\*{3}|\.{3}|your|example|sample|placeholder|dummy|fake|test|redacted|changeme|replace|insert|abcdef|123456|<|\{|\$|%/i;
/** Names that stand for a password in every guide. */
const WORD =
  /^(?:p(?:ass)?(?:word|wd|w)?|pass|secret|token|user|admin|root|postgres|mysql|redis|rabbitmq|guest|mongo|key|[A-Z_]+|\[.*|\d{1,5})$/i;

/** Every shape of a key has one of these in it. */
const PART_OF_A_KEY =
  /sk-|gh[pousr]_|github_pat|glpat|xox|hooks\.slack|webhooks\/|:AA|AKIA|ASIA|AIza|GOCSPX|k_(?:live|test)|SG\.|npm_|gsk_|hf_|cf[au]t_|cfk_|mgy_|whsec_|eyJ|:\/\//;

/** Keys that somebody left in, or gave along on purpose. */
export const secretsInFiles: ScanRule = {
  name: "secret-in-file",
  *look({ lines, text }): Generator<Sighting, void> {
    const whole = text.includes("PRIVATE KEY-----")
      ? findKeys(text.slice(0, 128 * 1024)).find(({ name }) => name === "private key")
      : undefined;
    if (whole && !/\.{3}|…|your|example|<|MIIE\.\./i.test(whole.value.slice(0, 200))) {
      const line = text.slice(0, whole.index).split("\n").length;
      yield { severity: "warn", line, text: whole.value.slice(0, 40).split("\n")[0] ?? "", why: "It has a private key in it." };
    }
    for (const { text: piece, number, described } of lines) {
      if (piece.length < 16 || !PART_OF_A_KEY.test(piece)) continue;
      for (const { name, value, index } of findKeys(piece)) {
        if (name === "private key" || PLACEHOLDER.test(value) || new Set(value).size < 10) continue;
        if (name === "password in an address" && (WORD.test(value) || value.length < 8)) continue;
        const mild = described || name === "JSON web token" || name === "password in an address";
        yield {
          severity: mild ? "info" : "warn",
          line: number,
          text: piece,
          at: index,
          why: `It has what looks like a real ${name} in it.`,
        };
        break;
      }
    }
  },
};
