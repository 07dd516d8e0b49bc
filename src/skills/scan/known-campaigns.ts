import { phraseRule } from "./phrases.ts";

/** Names and addresses from published reports of campaigns against skill collections. They change quickly: a skill without them is not clean. */
export const knownCampaigns = phraseRule("known-campaign", /91\.92|95\.92|54\.91|openclaw|clawd|authtool|app-distribution|setup-service/i, [
  {
    pattern:
      /(?:\/\/|@)(?:91\.92\.242\.30|95\.92\.242\.30|54\.91\.154\.110)\b|\b(?:install\.app-distribution\.net|download\.setup-service\.com|openclawcli\.(?:forum|vercel\.app))\b/i,
    severity: "danger",
    why: "It names an address that is known to spread malware.",
  },
  {
    pattern: /\b(?:91\.92\.242\.30|95\.92\.242\.30|54\.91\.154\.110)\b/,
    severity: "warn",
    why: "It names an address that is known to spread malware.",
  },
  {
    pattern:
      /\b(?:openclawcli|openclaw-?agent|openclaw_windriver|openclawdriver|openclawprovider|openclaw-?core|clawd-?authtool|authtool)(?:[\w.-]{0,20}\.(?:zip|exe|dmg)\b|\/releases\/download\b|\s{1,3}(?:utility|required|must|needs?)\b)/i,
    severity: "danger",
    why: "It asks for a program by a name under which malware was spread.",
  },
]);
