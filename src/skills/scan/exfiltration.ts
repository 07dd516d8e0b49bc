import type { ScanRule, Sighting } from "./finding.ts";
import { phraseRule } from "./phrases.ts";
import { isProgram } from "./programs.ts";
import { KEY_FILES } from "./reads-credentials.ts";
import { SEND } from "./sends.ts";
import { sourcesIn } from "./sources.ts";

/** Everything a program was given, at once. */
const ALL_SETTINGS = String.raw`(?:JSON\.stringify\s{0,3}\(\s{0,3}(?:\{[^}\n]{0,60}\.\.\.)?process\.env\s{0,3}[,)}]|\bdict\s{0,3}\(\s{0,3}os\.environ\s{0,3}\)|(?:json|data)\s{0,3}=\s{0,3}(?:dict\()?os\.environ\b(?![.[])|json\.dumps\s{0,3}\(\s{0,3}(?:dict\()?os\.environ\b(?![.[])|["']?@?\$\(\s{0,3}(?:env|printenv|set|export)\b\s{0,3}(?:\||\)))`;
const FILES = String.raw`(?:${KEY_FILES}|@?(?:~\/|\.\/|\/)?[\w./-]{0,40}\.env\b(?!\.example)|\/etc\/passwd\b)`;

/** What a program is given or may read of keys. */
const GIVEN = /\bprocess\.env\b|\bos\.environ\b|\bgetenv\b|\.env\b|credentials|\.ssh\b|document\.cookie|localStorage/;

/** What is rarer is looked for first, and what has to stand before it behind it: a line full of the other would be read again from each of them. */
const lines = phraseRule(
  "exfiltration",
  /curl|wget|requests|httpx|session|aiohttp|axios|fetch|\bnc\b|invoke-|beacon|nslookup|\bdig\b|\bhost\b|\bping\b|\/dev\/tcp|socat|ncat|mkfifo|dup2|tcpclient|bash\s{1,5}-i|pty\.spawn/i,
  [
    {
      pattern:
        /\/dev\/tcp\/[\w.${}-]{3,200}\/[\w${}]{1,30}|\b(?:nc|ncat|netcat)\b[^\n]{0,60}\s-\w{0,5}e\s{1,5}["']?(?:\/bin\/|cmd|powershell|bash|sh)|\bbash\s{1,5}-i\s{0,5}>&|\bmkfifo\b[^\n]{0,100}\|\s{0,5}(?:\/bin\/)?(?:ba)?sh\b[^\n]{0,60}\|\s{0,5}nc\b|\bsocat\b[^\n]{0,100}\bexec:|\bos\.dup2\s{0,3}\(\s{0,3}\w{1,20}\.fileno\(\)|\bsocket\b[^\n]{0,400}\bpty\.spawn\s{0,3}\(|\bNet\.Sockets\.TCPClient\b/i,
      unless:
        /\b(?:ATTACKER|LHOST|YOUR_?)\w{0,10}\b|<[\w-]{1,20}>|\/dev\/tcp\/(?:localhost|127\.0\.0\.1|\$\{?(?:host|HOST|h)\b)|\/dev\/tcp\/[\w.${}-]{3,200}\/[\w${}]{1,30}["']?\s{0,3}(?:2>|&>|>\s{0,2}\/dev\/null|\)|;\s{0,2}then|&&)/,
      severity: "danger",
      why: "It gives somebody elsewhere control over the computer (a reverse shell).",
    },
    {
      pattern: new RegExp(`${ALL_SETTINGS}(?:(?<=${SEND}[^\\n]{0,300}${ALL_SETTINGS})|[^\\n]{0,200}${SEND})`),
      severity: "danger",
      why: "It sends all settings of the environment away, with the keys among them.",
    },
    {
      pattern: new RegExp(
        String.raw`(?:^|[\s;&|$(])(?:env|printenv|cat\s{1,5}${FILES}|base64\s{1,5}${FILES}|tar\s{1,5}[^|\n]{0,100}${FILES}[^|\n]{0,60})\s{0,5}\|[^\n]{0,200}(?:\bcurl\b|\bwget\b|\bnc\s)`,
        "i",
      ),
      severity: "danger",
      why: "It sends keys away.",
    },
    {
      pattern: new RegExp(
        String.raw`\bcurl\b[^\n]{0,200}\s(?:-d|--data(?:-\w{3,10})?|-F|--form|-T|--upload-file)\s{0,3}["']?(?:\w{1,30}=)?@?(?:\$\(\s{0,3}(?:cat|base64|<)\s{1,5})?["']?${FILES}`,
        "i",
      ),
      severity: "danger",
      why: "It sends keys away.",
    },
    {
      pattern: new RegExp(
        String.raw`(?=open|readFile)(?<=(?:\brequests\.post|\baxios\.post|\bfetch)\s{0,3}\([^\n]{0,200})(?:open|readFile(?:Sync)?)\s{0,3}\([^\n]{0,80}${FILES}`,
        "i",
      ),
      severity: "danger",
      why: "It sends keys away.",
    },
    {
      pattern:
        /\b(?:nslookup|dig|host|ping)\b[^\n]{0,60}(?:\$\(|`)\s{0,3}(?:whoami|hostname|id|cat|env|printenv|base64|echo|uname)\b[^\n]{0,120}[)`]\.[\w-]{1,60}\./i,
      severity: "danger",
      why: "It sends data away hidden in names that it looks up.",
    },
  ],
);

/** Sends what it should not: in one line, or to a place that collects. */
export const exfiltration: ScanRule = {
  name: "exfiltration",
  *look(file): Generator<Sighting, void> {
    yield* lines.look(file);
    const given = isProgram(file) && GIVEN.test(file.text);
    for (const line of file.lines) {
      if (line.where === "prose") continue;
      const catcher = [...sourcesIn(line.text)].find(({ kind }) => kind === "catcher");
      if (catcher === undefined) continue;
      const why = `It sends to ${catcher.host}, a place that collects what is sent to it.`;
      if (given)
        yield { severity: "danger", line: line.number, text: line.text, at: catcher.at, why: `${why} The same program reads keys.` };
      else yield { severity: line.described ? "info" : "warn", line: line.number, text: line.text, at: catcher.at, why };
    }
  },
};
