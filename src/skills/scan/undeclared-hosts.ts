import { hostMatches, readHost } from "../../permission/host.ts";
import type { ScanRule, Sighting } from "./finding.ts";
import { sourcesIn } from "./sources.ts";

/** Hosts that are told, of one file. */
const MOST = 5;
const REACHES =
  /\b(?:curl|wget|fetch|axios|requests|httpx|aiohttp|urllib|urlopen|http\.(?:get|request)|got|superagent|Invoke-(?:WebRequest|RestMethod)|iwr|irm|WebSocket|URL|BASE|ENDPOINT|API|HOST|Net::HTTP|open-uri)\b|_(?:URL|API|HOST|ENDPOINT|BASE)\b|(?:url|host|endpoint|api|base)\w{0,20}\s{0,3}[:=]/i;
/** Names that stand in programs and are not called. */
const NAMES_ONLY =
  /(?:^|\.)(?:w3\.org|json-schema\.org|schema\.org|schemas\.\w+\.\w+|openxmlformats\.org|purl\.org|xmlsoap\.org|apache\.org\/licenses|opensource\.org)$/i;

/** A command in a sentence, which an agent may run as well. */
const COMMAND = /`[^`]{0,40}\b(?:curl|wget|Invoke-(?:WebRequest|RestMethod))\s[^`]{0,400}`/i;

/** Hosts that a program reaches and the skill does not declare. */
export const undeclaredHosts: ScanRule = {
  name: "undeclared-host",
  *look(file): Generator<Sighting, void> {
    const told = new Set<string>();
    for (const { text, number, where, described } of file.lines) {
      if (!text.includes("://")) continue;
      const command = where === "code" ? text : (COMMAND.exec(text)?.[0] ?? "");
      if (!REACHES.test(command) || isComment(command)) continue;
      for (const { host, kind, at } of sourcesIn(command)) {
        if (kind === "local" || kind === "example" || told.has(host) || NAMES_ONLY.test(host)) continue;
        const read = readHost(host);
        if (read !== null && file.hosts.some((pattern) => hostMatches(pattern, read))) continue;
        told.add(host);
        const odd = kind === "ip" || kind === "tunnel" || kind === "paste";
        const severity = odd && !described ? "warn" : "info";
        yield {
          severity,
          line: number,
          text,
          at: text.indexOf(command) + at,
          why: odd
            ? `It uses ${host}, which has no name that stands for it, and does not declare it.`
            : `It uses ${host} and does not declare it.`,
        };
        if (told.size >= MOST) return;
      }
    }
  },
};

const isComment = (text: string): boolean => /^\s{0,40}(?:#|\/\/|\*|--|"""|''')/.test(text);
