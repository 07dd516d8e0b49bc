import { phraseRule } from "./phrases.ts";

const RUN = String.raw`(?:exec|eval|os\.system|os\.popen|subprocess\.\w{2,12}|compile|__import__|Function|execSync|vm\.runIn\w{3,20}|setTimeout|iex|Invoke-Expression)`;
/** What makes a hidden text readable. */
export const DECODE = String.raw`(?:base64\.(?:b64|b32|b85|urlsafe_b64)decode|b64decode|codecs\.decode|bytes\.fromhex|binascii\.unhexlify|zlib\.decompress|lzma\.decompress|gzip\.decompress|marshal\.loads|atob|Buffer\.from|FromBase64String|base64_decode|Base64\.decode64|decodeURIComponent|unescape|String\.fromCharCode)`;

/** What makes a text run that nobody can read. */
export const obfuscation = phraseRule(
  "obfuscation",
  /base64|decode|fromhex|unhexlify|decompress|marshal|atob|buffer\.from|fromcharcode|chr\s{0,2}\(|\[::-1\]|xxd|openssl|-e(?:nc|ncodedcommand)?\b|_0x|\\x|\\u00|unescape|getattr|__builtins__|rev\b|eval|exec|tr\s|["']\d{1,3}\s?,\s?\d{1,3}\s?,/i,
  [
    {
      pattern:
        /\bbase64\s{1,5}(?:-\w{1,10}\s{1,5}){0,3}(?:-d|-D|--decode|-di|-id)\b[^\n]{0,200}\|\s{0,5}(?:sudo\s{1,5})?(?:\/(?:usr\/)?bin\/)?(?:(?:ba|z|da|k)?sh|python3?|perl|ruby|node|osascript)\b(?!\s{1,3}-[cm]\s)/i,
      severity: "danger",
      why: "It decodes a hidden text and runs it.",
    },
    {
      pattern:
        /\b(?:eval|(?:ba|z|da|k)?sh\s{1,5}-c)\s{1,5}["']?(?:\$\(|`)[^\n]{0,400}\b(?:base64\s{1,5}(?:-\w{1,10}\s{1,5}){0,3}(?:-d|-D|--decode)|xxd\s{1,5}-r|openssl\s{1,5}enc\s{1,5}-d)\b/i,
      severity: "danger",
      why: "It decodes a hidden text and runs it.",
    },
    {
      pattern:
        /\b(?:xxd\s{1,5}-r|openssl\s{1,5}(?:enc|base64)\s{1,5}(?:-\w{1,20}\s{1,5}){0,4}-d|gunzip|zcat|rev|tr\s{1,5}\S{1,60}\s{1,5}\S{1,60})\b[^|\n]{0,200}\|\s{0,5}(?:sudo\s{1,5})?(?:(?:ba|z|da|k)?sh|python3?|perl)\b(?!\s{1,3}-[cm]\s)/i,
      severity: "danger",
      why: "It makes a hidden text readable and runs it.",
    },
    {
      pattern: new RegExp(String.raw`(?<![\w.])${RUN}\s{0,3}\(\s{0,3}(?:[\w.]{1,40}\s{0,3}\(\s{0,3}){0,4}${DECODE}\s{0,3}\(`),
      unless: /Buffer\.from\([^)]{0,200}["'](?:hex|utf-?8)["']\)\.equals|JSON\.parse|setTimeout\(\s{0,3}\(?\)?\s{0,3}=>/,
      severity: "danger",
      why: "It decodes a hidden text and runs it as code.",
    },
    {
      pattern: /\bpowershell(?:\.exe)?\b[^\n]{0,120}\s-e(?:nc|ncodedcommand|c)?\s{1,5}["']?[A-Za-z0-9+/=]{20}/i,
      severity: "danger",
      why: "It runs a PowerShell command that is encoded, so that nobody can read it.",
    },
    {
      pattern: /\b(?:a85decode|b85decode|b32hexdecode)\s{0,3}\(/,
      where: ["code"],
      severity: "warn",
      why: "It has a text that nobody can read, and decodes it.",
    },
    {
      pattern: /(["'])(?:\d{1,3}\s{0,2},\s{0,2}){60,1000}\d{0,3}\1/,
      where: ["code"],
      severity: "warn",
      why: "It has a text written as numbers, so that nobody can read it.",
    },
    {
      pattern: /\bexec\s{0,3}\(\s{0,3}["'][^"'\n]{10,2000}["']\s{0,3}\[::-1\]/,
      severity: "danger",
      why: "It runs a text that is written backwards.",
    },
    {
      pattern: /\bgetattr\s{0,3}\(\s{0,3}(?:__builtins__|__import__\s{0,3}\()|\bglobals\s{0,3}\(\s{0,3}\)\s{0,3}\[\s{0,3}["']__builtins__/,
      where: ["code"],
      severity: "warn",
      why: "It calls a command in a way in which nobody who looks for it finds it.",
    },
    {
      pattern: /(?:\bchr\s{0,2}\(\s{0,2}\d{1,3}\s{0,2}\)\s{0,2}[+.]\s{0,2}){6,400}/,
      severity: "warn",
      why: "It builds a text letter by letter out of numbers, so that nobody can read it.",
    },
    {
      pattern: /String\.fromCharCode\s{0,3}\((?:\s{0,3}(?:0x)?[0-9a-f]{2,4}\s{0,3},){8,2000}/i,
      severity: "warn",
      why: "It builds a text letter by letter out of numbers, so that nobody can read it.",
    },
    {
      pattern: /(?:\\x[0-9a-f]{2}){16,2000}/i,
      where: ["code"],
      unless: /\\x00\\x00|\\xff\\xff|\\x89PNG|magic|signature|bytes\(|b["']/i,
      severity: "warn",
      why: "It has a text written as numbers, so that nobody can read it.",
    },
    {
      pattern: /\b_0x[0-9a-f]{4,6}\b.{0,400}\b_0x[0-9a-f]{4,6}\b.{0,400}\b_0x[0-9a-f]{4,6}\b/,
      severity: "danger",
      why: "Its program was made unreadable on purpose.",
    },
  ],
);
