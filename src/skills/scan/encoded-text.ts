import type { ScanRule, Sighting } from "./finding.ts";

const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{24,8000}={0,2}(?![A-Za-z0-9+/=])/g;
const HEX = /(?<![0-9a-f])(?:[0-9a-f]{2}){16,4000}(?![0-9a-f])|(?:\\x[0-9a-f]{2}){12,2000}|(?:\\u00[0-9a-f]{2}){12,2000}/gi;
/** Texts that are decoded in one file. */
const MOST = 300;

/** What is hidden when it stands in a text that had to be decoded first. */
const COMMAND =
  /\b(?:curl|wget)\b.{0,200}(?:https?:\/\/|\b\d{1,3}(?:\.\d{1,3}){3}\b)|\/bin\/(?:ba|z|da)?sh\b|\bbash\s{1,5}-[ci]\b|\bpowershell\b|\bInvoke-(?:Expression|WebRequest|RestMethod)\b.{0,200}(?:https?:|\$|\()|\bIEX\b.{0,40}[($]|\/dev\/tcp\/|\b(?:exec|eval)\s{0,3}\(|\bos\.system\b|\bsubprocess\.|\bchild_process\b|\bimport\s{1,5}(?:os|socket|subprocess|requests)\b|\bnc\s{1,5}-e\b/i;
const ADDRESS = /^\s{0,5}https?:\/\/[\w.-]{3,200}(?:[/:?]\S{0,500})?\s{0,5}$/i;

/** Base64 and hexadecimal texts that turn out to be commands or addresses. */
export const encodedText: ScanRule = {
  name: "encoded-text",
  *look(file): Generator<Sighting, void> {
    let decoded = 0;
    for (const { text, number } of file.lines) {
      if (text.length < 24) continue;
      for (const [pattern, decode] of [
        [BASE64, fromBase64],
        [HEX, fromHex],
      ] as const) {
        for (const match of text.matchAll(pattern)) {
          if (++decoded > MOST) return;
          const plain = decode(match[0]);
          if (plain === null) continue;
          const at = match.index;
          if (COMMAND.test(plain))
            yield { severity: "danger", line: number, text, at, why: `It hides a command in encoded text: ${shown(plain)}` };
          else if (ADDRESS.test(plain))
            yield { severity: "warn", line: number, text, at, why: `It hides an address in encoded text: ${shown(plain)}` };
        }
      }
    }
  },
};

const shown = (plain: string): string =>
  plain
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, 120);

function fromBase64(text: string): string | null {
  const whole = text.replace(/=+$/, "");
  try {
    return readable(
      Uint8Array.from(atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0))), (letter) => letter.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}

const fromHex = (text: string): string | null =>
  readable(Uint8Array.from(text.replaceAll(/\\x|\\u00/gi, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));

/** As text, if it is one: UTF-8, or UTF-16 as PowerShell has it. */
function readable(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes[1] === 0 && bytes[3] === 0 ? bytes.filter((_byte, index) => index % 2 === 0) : bytes);
  const odd = (text.match(/[^\x20-\x7e\s]/g) ?? []).length;
  return odd > text.length / 10 ? null : text;
}
