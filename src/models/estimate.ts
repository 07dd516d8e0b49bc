import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";

/**
 * Tokens that an image or file may cost at most, whatever its bytes: vendors scale images down (Anthropic: about 1,600 tokens for the
 * largest; OpenAI: up to about 1,500 at high detail), and this leaves room.
 */
const FILE_TOKENS = 3_000;
/** Role markers and separators around each message and each tool. */
const OVERHEAD_TOKENS = 8;
/** Bytes of a token, low on purpose: English has about 4.5, JSON about 2.5, dense code about 1.9, random text about 1.6. */
const BYTES_PER_TOKEN_WORST = 1.5;
const BYTES_PER_TOKEN_LIKELY = 4;

/** Schemas are built once and live long, so their size is measured once. */
const schemaBytes = new WeakMap<object, number>();

export interface InputEstimate {
  /** More than the provider will count. Used for reservations. */
  worst: number;
  /** About what it will count. Used where a call broke off before the provider said. */
  likely: number;
}

/** Input tokens of a request, without a tokenizer: from the UTF-8 length of everything that is sent. */
export function estimateInput(options: Pick<LanguageModelV4CallOptions, "prompt" | "tools">): InputEstimate {
  let bytes = 0;
  let files = 0;
  let pieces = 0;
  const add = (value: unknown): void => {
    bytes += typeof value === "string" ? utf8Length(value) : utf8Length(JSON.stringify(value) ?? "");
  };
  for (const message of options.prompt) {
    pieces += 1;
    if (message.role === "system") {
      add(message.content);
      continue;
    }
    for (const part of message.content) {
      pieces += 1;
      switch (part.type) {
        case "text":
        case "reasoning":
          add(part.text);
          break;
        case "tool-call":
          add(part.toolName);
          add(part.input);
          break;
        case "tool-result":
          add(part.output);
          break;
        case "file":
        case "reasoning-file":
          files += 1;
          if (part.mediaType.startsWith("text/") || part.mediaType === "application/pdf") add(part.data);
          break;
        default:
          add(part);
      }
    }
  }
  for (const tool of options.tools ?? []) {
    pieces += 1;
    if (tool.type !== "function") {
      add(tool);
      continue;
    }
    add(tool.name);
    add(tool.description ?? "");
    let size = schemaBytes.get(tool.inputSchema);
    if (size === undefined) {
      size = utf8Length(JSON.stringify(tool.inputSchema));
      schemaBytes.set(tool.inputSchema, size);
    }
    bytes += size;
  }
  const fixed = pieces * OVERHEAD_TOKENS + files * FILE_TOKENS;
  return { worst: Math.ceil(bytes / BYTES_PER_TOKEN_WORST) + fixed, likely: Math.ceil(bytes / BYTES_PER_TOKEN_LIKELY) + fixed };
}

/** About how many output tokens a text of so many UTF-8 bytes was. */
export function estimateOutput(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN_LIKELY);
}

/** Bytes of `text` in UTF-8, without making them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Both halves of a surrogate pair add one: 2 units, 4 bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
