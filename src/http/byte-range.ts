/** A part of some bytes. */
export interface ByteRange {
  offset: number;
  length: number;
}

/**
 * The part that a `Range` header asks for (RFC 9110, 14.2), as players of sound and films do; `whole`: all of it, also where it asks for several parts or cannot be read; `outside`: nothing of what it asks for is there.
 */
export function byteRange(header: string | null, size: number): ByteRange | "whole" | "outside" {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const length = Math.min(size, Number(last));
    return length === 0 ? "outside" : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return "whole";
  if (offset >= size) return "outside";
  return { offset, length: Math.min(size - 1, last === "" ? size - 1 : Number(last)) - offset + 1 };
}
