import type { EgressAnswer } from "../egress/egress-result.ts";
import { cleanFileName } from "../http/file-names.ts";
import { formatOfMime } from "./formats.ts";

/** What a file that was fetched is called: as the server says (RFC 6266), else the end of its address, else its host. */
export function nameOfAnswer({ url, headers, mediaType }: Pick<EgressAnswer, "url" | "headers" | "mediaType">): {
  name: string;
  said: boolean;
} {
  const disposition = headers["content-disposition"] ?? "";
  const encoded = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const said = encoded === undefined ? (plain?.[1] ?? plain?.[2]) : decoded(encoded);
  if (said !== undefined && said.trim() !== "") return { name: cleanFileName(said), said: true };
  const { hostname, pathname } = new URL(url);
  const last = decoded(pathname.split("/").findLast((part) => part !== "") ?? "");
  const name = cleanFileName(last === "" ? hostname : last);
  const format = formatOfMime(mediaType);
  const has = last !== "" && /\.[a-z0-9]{1,10}$/i.test(name);
  return { name: has || format === undefined ? name : cleanFileName(`${name}.${format.endings[0]}`), said: has && format?.type !== "html" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
