import { allClean, cut } from "./cut.ts";
import { type Field, withoutSecrets } from "./element-facts.ts";
import type { NetworkNews } from "./network-guard.ts";
import { MargayError } from "../errors.ts";
import type { BrowserCall, Happened } from "./browser-call.ts";
import type { Proposal } from "./proposal.ts";
import { hostIn } from "./refs.ts";

/** What happened, in lines for the agent. Files that came are saved. */
export async function newsText(call: BrowserCall, { news, dialogs, opened }: Happened, proposal: Proposal | null): Promise<string[]> {
  const saved: string[] = [];
  for (const { name, mime, bytes, url } of news.downloads) {
    const path = await call
      .save(`/uploads/${name}`, mime, bytes, originOf(url))
      .catch((error: unknown) => (error instanceof MargayError ? error : Promise.reject(error)));
    saved.push(
      typeof path === "string"
        ? `Saved the file ${path} (${bytes.byteLength.toLocaleString("en")} bytes).`
        : `The file ${name} was not saved: ${path.message}`,
    );
  }
  const other = news.held.filter(({ url, method }) => !(proposal?.sends ?? []).some((one) => one.method === method && one.url === url));
  const asked = await allClean(
    dialogs.map(({ message }) => message),
    call.scrub,
  );
  const refused = [...new Map(news.refused.map((one) => [`${hostIn(one.url)} ${one.reason}`, one])).values()];
  return [
    ...dialogs.map(
      ({ type, accepted }, index) =>
        `The page ${type === "alert" ? "said" : "asked"} (${type}): ${JSON.stringify(cut(asked[index] ?? "", 1_000))}${type === "alert" ? "" : accepted ? ". Answered yes." : ". Answered no."}`,
    ),
    ...opened.map((id) => `It opened tab ${id}.`),
    ...saved,
    ...news.missed.map((text) => `Not saved: ${text}`),
    ...refused.slice(0, 5).map(({ url, reason }) => `Not asked for: ${hostIn(url) || "an address without a host"}. ${reason}`),
    ...(other.length === 0
      ? []
      : [
          `Held back, since nobody said yes: ${[...new Set(other.map(({ method, url }) => `${method} to ${hostIn(url)}`))].slice(0, 5).join(", ")}.`,
        ]),
  ];
}

/** What a yes led to. That something was sent is always the first line, and read from there. */
export async function sentText({ scrub }: BrowserCall, { sent, held }: NetworkNews, fields: readonly Field[]): Promise<string[]> {
  const first =
    sent.length === 0 ? "Nothing was sent." : `Sent: ${[...new Set(sent.map(({ method, url }) => `${method} ${url}`))].join(", ")}`;
  const stopped = held.filter(({ differs }) => differs !== undefined).slice(0, 5);
  const words = await allClean(
    stopped.map(({ differs = "" }) => withoutSecrets(differs, fields)),
    scrub,
  );
  return [
    first,
    ...stopped.map(
      ({ method, url }, index) =>
        `Stopped: ${method} to ${hostIn(url)} carried what the user was not shown: ${cut(words[index] ?? "", 300)}`,
    ),
  ];
}

/** `example.com/path`, or the host alone: a path can be long, it is the page's word too, and a part of one could be a part of a secret. */
export function originOf(address: string): string {
  const url = URL.parse(address);
  if (url === null || url.host === "") return "web page";
  return url.pathname.length > 150 ? url.host : `${url.host}${url.pathname}`;
}
