import { phraseRule } from "./phrases.ts";

/** Places where keys, passwords and wallets are kept, as paths are written. */
export const KEY_FILES = String.raw`(?:~|\$HOME|\$\{HOME\}|%USERPROFILE%|homedir\(\)|\/home\/[\w.-]{1,40}|\/root|\/Users\/[\w.-]{1,40})["',\s+)]{0,8}[/\\]{0,2}["']?(?:\.ssh[/\\]{1,2}id_\w{1,20}|\.ssh[/\\]?(?=["'\s]|$)|\.aws[/\\]{1,2}credentials|\.gnupg|\.netrc|\.pgpass|\.git-credentials|\.docker[/\\]{1,2}config\.json|\.kube[/\\]{1,2}config|\.config[/\\]{1,2}(?:gcloud|gh[/\\]{1,2}hosts\.yml|solana[/\\]{1,2}id\.json)|\.(?:openclaw|clawdbot|moltbot|claude)[/\\]{1,2}(?:\.env|credentials[/\\]?(?=["'\s*]|$)|openclaw\.json|\.credentials\.json|agents[/\\]{1,2}[\w\/.-]{0,60}auth-profiles\.json)|\.codex[/\\]{1,2}auth\.json|\.npmrc|\.pypirc|\.bash_history|\.zsh_history)`;
export const BROWSER = String.raw`(?:(?:Google[/\\]{1,2}Chrome|google-chrome|Chromium|BraveSoftware|Microsoft[/\\]{1,2}Edge|Firefox[/\\]{1,2}Profiles|\.mozilla[/\\]{1,2}firefox)[^\n]{0,120}(?:Login Data|Cookies|Web Data|Local State|logins\.json|key4\.db|cookies\.sqlite|Local Extension Settings)|\bLogin Data\b[^\n]{0,60}(?:sqlite|SELECT|password_value)|password_value)`;
export const WALLETS = String.raw`(?:\bwallet\.dat\b|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa|(?:Exodus|Electrum|Ledger Live|Atomic)[/\\]{1,2}(?:exodus\.wallet|wallets|Local Storage)|Library\/Application Support\/(?:Exodus|Electrum|Ledger Live))`;

export const readsCredentials = phraseRule(
  "reads-credentials",
  /\.ssh|\.aws|\.gnupg|netrc|pgpass|git-credentials|\.docker|\.kube|\.config|openclaw|clawdbot|moltbot|\.claude|\.codex|npmrc|pypirc|auth-profiles|hidden answer|_history|login data|cookies|logins\.json|key4|password_value|local extension|wallet|nkbih|bfnae|exodus|electrum|ledger|keychain|security\s|\/etc\/shadow|lsass|mimikatz|dpapi|seed|mnemonic|private key|secret-tool|cmdkey|vaultcmd/i,
  [
    {
      pattern:
        /\bsecurity["']?,?\s{1,5}["']?dump-keychain\b|\bmimikatz(?:\.exe)?["']?\s{1,5}["']?(?:privilege|sekurlsa|lsadump|token)\b|\bcomsvcs\.dll\b[^\n]{0,20}\bMiniDump\s{1,3}[$\d]|\bprocdump\b[^\n]{0,40}\blsass\b/i,
      where: ["code", "comment"],
      severity: "danger",
      why: "It takes all stored passwords of the computer.",
    },
    {
      pattern: /\bsecurity\s{1,5}find-(?:generic|internet)-password\b[^\n]{0,200}\bChrome(?:ium)? Safe Storage/i,
      severity: "danger",
      why: "It takes the key with which the browser protects its passwords.",
    },
    {
      pattern: /\bdisplay dialog\b[^\n]{0,400}\bhidden answer\b|\bwith hidden answer\b/i,
      where: ["code", "comment"],
      severity: "warn",
      why: "It asks for a password in a window of its own, which looks like one of the system's.",
    },
    {
      pattern: new RegExp(BROWSER, "i"),
      where: ["code"],
      severity: "warn",
      why: "It reads what the browser has stored, such as passwords and sign-ins.",
    },
    { pattern: new RegExp(WALLETS, "i"), where: ["code"], severity: "warn", why: "It reads a wallet." },
    { pattern: /\/etc\/shadow\b/, where: ["code"], severity: "warn", why: "It reads the passwords of the computer's users." },
    {
      pattern: new RegExp(
        String.raw`\b(?:cat|less|head|tail|cp|scp|tar|zip|base64|open|read\w{0,12}|readFile(?:Sync)?|Get-Content|xxd|grep|find|jq)\b[^\n]{0,120}${KEY_FILES}`,
        "i",
      ),
      where: ["code", "comment"],
      unless: /\.pub\b|ssh-keygen|known_hosts|ssh-add|chmod/,
      severity: "warn",
      why: "It reads a place where keys are kept.",
    },
    {
      pattern:
        /\b(?:enter|paste|type|provide|give|send|share|tell)\b[^\n]{0,60}\b(?:your|the user['’]s)\b[^\n]{0,30}\b(?:seed phrase|recovery phrase|mnemonic|private key|master password)\b/i,
      unless: /\b(?:never|don['’]?t|do not|not)\b/i,
      severity: "warn",
      why: "It asks for what opens a wallet or all passwords.",
    },
    {
      pattern: /\bsecurity\s{1,5}find-(?:generic|internet)-password\b[^\n]{0,200}-w\b|\bsecret-tool\s{1,5}lookup\b/i,
      where: ["code"],
      severity: "info",
      why: "It reads a password from the system's store.",
    },
    { pattern: new RegExp(KEY_FILES, "i"), severity: "info", unless: /\.pub\b/, why: "It names a place where keys are kept." },
  ],
);
