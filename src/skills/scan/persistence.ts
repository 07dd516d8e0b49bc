import { phraseRule } from "./phrases.ts";

/** What stays and runs again when the skill is long forgotten. */
export const persistence = phraseRule(
  "persistence",
  /crontab|launchctl|LaunchAgents|LaunchDaemons|systemctl|\.service\b|authorized_keys|auth\w{0,10}_?keys|chmod|permitroot|rc\b|profile\b|hooks|schtasks|CurrentVersion|startup|SOUL\.md|AGENTS\.md|CLAUDE\.md|MEMORY\.md|HEARTBEAT\.md|ld\.so\.preload|sudoers/i,
  [
    {
      pattern:
        /(?:>>|\btee\s{1,5}(?:-a\s{1,5})?|\bcat\s{0,3}>|\bwrite\w{0,12}\s{0,3}\()[^\n]{0,80}\bauthorized_keys\b|\bssh-(?:rsa|ed25519)\s{1,3}AAAA[^\n]{0,800}>>/i,
      unless: /\.pub\b/,
      severity: "danger",
      why: "It lets somebody sign in to the computer.",
    },
    {
      pattern: />>\s{0,3}["']?\$\{?AUTH(?:ORIZED)?_?KEYS/i,
      where: ["code"],
      severity: "warn",
      why: "It lets somebody sign in to the computer.",
    },
    {
      pattern:
        /\bchmod\s{1,5}(?:-\w\s{1,3})?(?:[ugoa]{0,3}\+s|[2467][0-7]{3})\s|(?:^|\b(?:echo|printf)\s{1,3}["'])\s{0,10}PermitRootLogin\s{1,5}yes\b/,
      where: ["code"],
      severity: "warn",
      why: "It lets others do everything on the computer.",
    },
    {
      pattern: /(?:>>?|\btee\b)[^\n]{0,40}\/etc\/(?:ld\.so\.preload|sudoers)(?!\.d)/i,
      severity: "danger",
      why: "It changes what every program of the computer starts with.",
    },
    {
      pattern: /\|\s{0,5}(?:sudo\s{1,5})?crontab\s{1,5}-(?=\s|$|["'`)])|(?:>>?|\btee\b)[^\n]{0,40}\/etc\/cron/i,
      where: ["code"],
      severity: "warn",
      why: "It has something run again and again by the system.",
    },
    {
      pattern:
        /\blaunchctl\s{1,5}(?:load|bootstrap|submit)\b|(?:>|\bcp\b|\bmv\b|\bln\b|\btee\b|\bwrite)[^\n]{0,100}Library\/Launch(?:Agents|Daemons)\b/i,
      where: ["code"],
      severity: "warn",
      why: "It has something start with the computer.",
    },
    {
      pattern:
        /\bschtasks\b[^\n]{0,100}\/create\b|\breg(?:\.exe)?\s{1,5}add\b[^\n]{0,200}CurrentVersion\\{1,2}Run\b|\\Start Menu\\Programs\\Startup\b/i,
      where: ["code"],
      severity: "warn",
      why: "It has something start with the computer.",
    },
    {
      pattern: /(?:>>|\btee\s{1,5}-a)\s{0,5}["']?(?:~|\$HOME|\$\{HOME\})\/\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv)\b/i,
      where: ["code"],
      unless: /\bexport\s{1,5}\w{1,60}=|\beval\s{1,5}["'\\$(`]|\balias\b|\bsource\b|completion/,
      severity: "warn",
      why: "It changes what every shell starts with.",
    },
    {
      pattern:
        /\bopen\s{0,3}\([^\n]{0,100}\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv)\b[^\n]{0,20},\s{0,3}["']a|\bappendFile(?:Sync)?\s{0,3}\([^\n]{0,100}\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv)\b/i,
      where: ["code"],
      severity: "warn",
      why: "It changes what every shell starts with.",
    },
    {
      pattern: /\bcrontab\s{1,5}["']?(?:\/tmp\/|\$)/i,
      where: ["code"],
      severity: "warn",
      why: "It has something run again and again by the system.",
    },
    {
      pattern:
        /(?:>>|\btee\s{1,5}-a)\s{0,3}["']?(?:~|\$HOME|\$\{HOME\})\/\.(?:openclaw|clawdbot|moltbot|claude|codex)\/[\w/.-]{0,60}\b(?:SOUL|AGENTS|CLAUDE|MEMORY|HEARTBEAT|IDENTITY)\.md\b/,
      where: ["code"],
      severity: "warn",
      why: "It writes into what an agent always reads.",
    },
    {
      pattern: /(?:>>|\btee\s{1,5}-a|\bappend\w{0,12}\s{0,3}\()[^\n]{0,100}\b(?:SOUL|AGENTS|CLAUDE|MEMORY|HEARTBEAT|IDENTITY)\.md\b/,
      where: ["code"],
      severity: "info",
      why: "It writes into what an agent always reads.",
    },
    {
      pattern: /(?:>>?|\bcp\b|\bln\b|\btee\b)[^\n]{0,60}\.git\/hooks\//i,
      where: ["code"],
      severity: "info",
      why: "It has something run when git is used.",
    },
    {
      pattern: /\bsystemctl\s{1,5}(?:--user\s{1,5})?enable\b|\bcrontab\s{1,5}-e\b/i,
      where: ["code"],
      severity: "info",
      why: "It shows how something is made to run by itself.",
    },
  ],
);
