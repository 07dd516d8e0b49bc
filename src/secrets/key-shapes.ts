/** Shapes of well-known keys and tokens, each with what it is (the vendors' documentation; GitHub's list of secret scanning patterns). */
const SHAPES: readonly [name: string, pattern: RegExp][] = [
  ["Anthropic key", /\bsk-ant-[A-Za-z0-9_-]{20,200}/g],
  ["OpenRouter key", /\bsk-or-v1-[0-9a-f]{40,80}\b/g],
  ["OpenAI key", /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}/g],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})\b/g],
  ["GitLab token", /\bglpat-[A-Za-z0-9_-]{20,100}/g],
  ["Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/g],
  ["Slack webhook", /https:\/\/hooks\.slack\.com\/services\/T[A-Za-z0-9_]{6,}\/B[A-Za-z0-9_]{6,}\/[A-Za-z0-9]{16,}/g],
  ["Discord webhook", /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[\w-]{50,100}/g],
  ["Telegram bot token", /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g],
  ["AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ["Google API key", /\bAIza[A-Za-z0-9_-]{35}/g],
  ["Google OAuth secret", /\bGOCSPX-[A-Za-z0-9_-]{28}/g],
  ["Stripe key", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,200}\b/g],
  ["SendGrid key", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["Groq key", /\bgsk_[A-Za-z0-9]{40,100}\b/g],
  ["Hugging Face token", /\bhf_[A-Za-z0-9]{30,100}\b/g],
  ["Cloudflare token", /\b(?:cfut|cfat|cfk)_[A-Za-z0-9_-]{40,}/g],
  ["Margay key", /\bmgy_[A-Za-z]{64}\b/g],
  ["signing secret", /\bwhsec_[A-Za-z0-9+/=]{24,100}/g],
  [
    "private key",
    // None begins within another: of a text full of beginnings each would be looked through for its end.
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----BEGIN)[\s\S]){20,20000}?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g,
  ],
  ["JSON web token", /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{15,4000}\.eyJ[A-Za-z0-9_-]{15,16000}\.[A-Za-z0-9_-]{20,2000}/g],
  ["password in an address", /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,100}:)[^\s:@/]{3,200}(?=@[^\s@/])/g],
];

export interface FoundKey {
  /** What kind of key it looks like. */
  name: string;
  value: string;
  /** UTF-16 units from the start of the text. */
  index: number;
}

/** Pieces of a text that look like keys, in order, none within another. */
export function findKeys(text: string): FoundKey[] {
  const found = SHAPES.flatMap(([name, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ name, value: match[0], index: match.index })),
  );
  let end = 0;
  return found
    .toSorted((a, b) => a.index - b.index || b.value.length - a.value.length)
    .filter(({ index, value }) => {
      if (index < end) return false;
      end = index + value.length;
      return true;
    });
}

/** The text with everything that looks like a key taken out. */
export function scrubKeys(text: string): string {
  const found = findKeys(text);
  if (found.length === 0) return text;
  let scrubbed = "";
  let from = 0;
  for (const { name, value, index } of found) {
    scrubbed += `${text.slice(from, index)}[${name} taken out]`;
    from = index + value.length;
  }
  return scrubbed + text.slice(from);
}
