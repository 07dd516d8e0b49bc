import { z } from "zod";
import type { Cdp } from "./cdp.ts";
import { joinBytes } from "../join-bytes.ts";

/** The largest file that is taken from a page, bytes. */
export const MAX_DOWNLOAD = 20_000_000;

export const tooMany = "there were too many files at once.";
export const tooLarge = `it is larger than ${MAX_DOWNLOAD / 1_000_000} MB, and was not saved.`;

interface Coming {
  name: string;
  mime: string;
  /** As the server says it; 0: it does not. */
  size: number;
}

type Headers = readonly { name: string; value: string }[];

const header = (headers: Headers, name: string): string => headers.find((one) => one.name.toLowerCase() === name)?.value ?? "";

/** What a browser shows by itself, by the beginning of its type. */
const SHOWN = ["text/html", "text/plain", "application/xhtml", "application/xml", "text/xml", "application/json", "image/"];

/** What an answer to a navigation is, where it is a file and no page. null: it is shown. */
export function downloadOf(url: string, status: number, headers: Headers): Coming | null {
  if (status < 200 || status >= 300 || status === 204) return null;
  const mime = header(headers, "content-type").split(";")[0]?.trim().toLowerCase() ?? "";
  const disposition = header(headers, "content-disposition");
  const attached = /^\s*attachment/i.test(disposition);
  if (!attached && (mime === "" || SHOWN.some((type) => mime.startsWith(type)))) return null;
  return {
    name: nameOf(disposition, url),
    mime: mime === "" ? "application/octet-stream" : mime,
    size: Number(header(headers, "content-length")) || 0,
  };
}

/** A plain file name: what a server calls it is only its word. */
function nameOf(disposition: string, url: string): string {
  const extended = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*"?([^";]+)"?/i.exec(disposition)?.[1];
  const given = decoded(extended ?? plain ?? new URL(url).pathname.split("/").at(-1) ?? "");
  const name = given
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, "_")
    .replace(/^\.+/, "")
    .trim();
  // Not cut: a part of it could be a part of a secret.
  if (name.length > 100) return `download${/\.\w{1,8}$/.exec(name)?.[0] ?? ""}`;
  return name === "" ? "download" : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const Stream = z.object({ stream: z.string() });
const Piece = z.object({ data: z.string(), base64Encoded: z.boolean().optional(), eof: z.boolean() });

/** The bytes of an answer that waits at the browser, at most `most`. A text: why they were not taken. */
export async function takeBody(cdp: Cdp, requestId: string, most: number): Promise<Uint8Array | string> {
  const { stream } = await cdp.ask(Stream, "Fetch.takeResponseBodyAsStream", { requestId });
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { data, base64Encoded, eof } = await cdp.ask(Piece, "IO.read", { handle: stream, size: 500_000 });
    const piece =
      base64Encoded === true ? Uint8Array.from(atob(data), (character) => character.codePointAt(0) ?? 0) : new TextEncoder().encode(data);
    pieces.push(piece);
    size += piece.byteLength;
    if (size > most) {
      await cdp.send("IO.close", { handle: stream });
      return most < MAX_DOWNLOAD ? tooMany : tooLarge;
    }
    if (eof) break;
  }
  await cdp.send("IO.close", { handle: stream });
  return joinBytes(pieces);
}
