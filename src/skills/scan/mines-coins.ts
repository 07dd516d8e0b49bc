import { phraseRule } from "./phrases.ts";

/** The computer's work for somebody else's money. */
export const minesCoins = phraseRule(
  "mines-coins",
  /stratum|xmrig|minerd|cpuminer|cryptonight|randomx|minexmr|supportxmr|nicehash|coinhive/i,
  [
    {
      pattern:
        /\bstratum(?:\+\w{3,4})?:\/\/|\b(?:xmrig|minerd|cpuminer)(?:\.exe)?["']?,?\s[^\n]{0,80}(?:\s|["'])(?:-o|--url|--donate-level|-u|--algo)\b|\bcoinhive\.min\.js\b/i,
      where: ["code", "comment"],
      severity: "danger",
      why: "It has the computer mine coins for somebody.",
    },
    {
      pattern: /\b(?:xmrig|minerd|cpuminer)\b|\b(?:pool\.)?(?:minexmr|supportxmr|nicehash|coinhive)\.com\b/i,
      where: ["code"],
      severity: "warn",
      why: "It names a program or a place for mining coins.",
    },
  ],
);
