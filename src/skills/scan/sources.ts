/** Places from which a program can be had without anybody standing for it. */
const PASTES =
  /^(?:[\w-]+\.)*(?:glot\.io|pastebin\.com|rentry\.(?:co|org)|paste\.ee|hastebin\.com|ghostbin\.\w+|controlc\.com|dpaste\.(?:com|org)|termbin\.com|ix\.io|0x0\.st|transfer\.sh|file\.io|anonfiles\.com|catbox\.moe|gofile\.io|bit\.ly|tinyurl\.com|is\.gd|cutt\.ly|rebrand\.ly|t\.ly)$/i;
const TUNNELS =
  /^(?:[\w-]+\.)*(?:bore\.pub|ngrok\.io|ngrok\.app|ngrok-free\.(?:app|dev)|trycloudflare\.com|loca\.lt|localhost\.run|serveo\.net|onion|duckdns\.org)$/i;
/** Places that show whatever is sent to them. */
const CATCHERS =
  /^(?:[\w-]+\.)*(?:webhook\.site|requestbin\.(?:com|net)|pipedream\.net|burpcollaborator\.net|oastify\.com|oast\.(?:fun|live|me|online|pro|site)|interact\.sh|interactsh\.com|beeceptor\.com|hookb\.in|requestcatcher\.com|dnslog\.cn|ceye\.io|canarytokens\.com)$/i;

const ADDRESS = /\bh(?:tt|xx)ps?:\/\/(?:[^\s/@"'`<>()]{1,100}@)?(\[[0-9a-f:.]{2,45}\]|[\w.-]{1,253})(?::\d{1,5})?/gi;

export type SourceKind = "local" | "ip" | "plain" | "paste" | "tunnel" | "catcher" | "example" | "named";

/** Hosts of the addresses in a text, with what they are. */
export function* sourcesIn(text: string): Generator<{ host: string; kind: SourceKind; at: number }, void> {
  for (const match of text.matchAll(ADDRESS)) {
    const host = (match[1] ?? "").toLowerCase().replace(/\.+$/, "");
    if (host !== "")
      yield {
        host,
        kind: kindOfHost(host, /^h..p:/i.test(match[0])),
        at: match.index,
      };
  }
}

function kindOfHost(host: string, plain: boolean): SourceKind {
  if (
    /^(?:localhost|0\.0\.0\.0|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[(?:::1?\]|f[cd]))|\.(?:local|localhost|internal|lan|test)$|^[\w-]+$/.test(
      host,
    )
  )
    return "local";
  if (/(?:^|\.)(?:example(?:\.\w+)?|invalid)$|(?:^|[.-])(?:evil|attacker|malicious|your|my)[\w-]*\./.test(host)) return "example";
  if (/^(?:\d{1,3}\.){3}\d{1,3}$|^\[|^0x[0-9a-f]+$/.test(host)) return "ip";
  if (PASTES.test(host)) return "paste";
  if (TUNNELS.test(host)) return "tunnel";
  if (CATCHERS.test(host)) return "catcher";
  return plain ? "plain" : "named";
}

const WHAT: Readonly<Partial<Record<SourceKind, string>>> = {
  ip: "a bare number instead of a name",
  plain: "an address that anybody on the way can change (no https)",
  paste: "a place where anybody can put anything",
  tunnel: "somebody's own machine behind a tunnel",
  catcher: "a place that collects what is sent to it",
};

/** Why nobody should run what comes from there; null: there is no address, or an ordinary one. */
export function suspectSource(text: string): { host: string; what: string } | null {
  for (const { host, kind } of sourcesIn(text)) {
    const what = WHAT[kind];
    if (what !== undefined) return { host, what };
  }
  return null;
}

/** Makers of tools that are installed that way by everybody, from their own addresses. */
const INSTALLERS =
  /\bhttps:\/\/(?:sh\.rustup\.rs|astral\.sh|bun\.(?:sh|com)|deno\.land|get\.docker\.com|deb\.nodesource\.com|rpm\.nodesource\.com|install\.python-poetry\.org|get\.pnpm\.io|fnm\.vercel\.app|get\.sdkman\.io|starship\.rs|ollama\.com|tailscale\.com|rclone\.org|fly\.io|mise\.run|get\.helm\.sh|get\.k3s\.io|cli\.github\.com|claude\.ai|aka\.ms|proto\.sh|install\.duckdb\.org|foundry\.paradigm\.xyz|release\.(?:solana|anza)\.(?:com|xyz)|raw\.githubusercontent\.com\/(?:nvm-sh|Homebrew|helm|pyenv|rbenv|asdf-vm|ohmyzsh|aquasecurity|anchore|golangci|babashka|kubernetes-sigs|hashicorp|docker|rancher)\/)/i;

/** Whether every address in a text is one of them. */
export const isKnownInstaller = (text: string): boolean =>
  INSTALLERS.test(text) && [...sourcesIn(text)].every(({ at }) => INSTALLERS.test(text.slice(at, at + 120)));
