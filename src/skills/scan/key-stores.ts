import { BROWSER, WALLETS } from "./reads-credentials.ts";

/** Between the parts of a path, also where a program puts them together. */
const TO = String.raw`(?:[/\\]{1,2}|["']\s{0,3}[,/+]\s{0,3}["'][/\\]?)`;
const AGENT = String.raw`\.(?:openclaw|clawdbot|moltbot)`;
const path = (source: string): RegExp => new RegExp(source.replaceAll("/", TO), "i");

export interface KeyStore {
  what: string;
  pattern: RegExp;
}

/** Places where keys are kept that a program of a skill has no reason to read and to send anywhere. */
export const KEY_STORES: readonly KeyStore[] = [
  { what: "SSH keys", pattern: path(String.raw`\.ssh/id_\w{1,20}(?![\w.]{0,10}\.pub)|["']id_(?:rsa|ed25519|ecdsa|dsa)["']`) },
  { what: "GPG keys", pattern: /\.gnupg\b|--export-secret-keys\b/ },
  { what: "AWS keys", pattern: path(String.raw`\.aws/credentials\b`) },
  { what: "cloud keys", pattern: path(String.raw`\bgcloud/(?:credentials|access_tokens|application_default_credentials)|\.azure/access`) },
  { what: "Kubernetes keys", pattern: path(String.raw`\.kube/config\b`) },
  { what: "Docker keys", pattern: path(String.raw`\.docker/config\.json\b`) },
  { what: "Git keys", pattern: path(String.raw`\.git-credentials\b|\bgh/hosts\.yml\b|\.netrc\b`) },
  { what: "keys to publish packages", pattern: path(String.raw`\.npmrc\b|\.pypirc\b|\.cargo/credentials`) },
  {
    what: "keys of an agent",
    pattern: path(
      String.raw`\bauth-profiles\.json\b|\.claude/\.credentials\.json\b|\.codex/auth\.json\b|${AGENT}/\.env\b|\.cursor/mcp\.json\b|\b(?:readFile(?:Sync)?|open|cat|read_text)\b[^\n]{0,80}${AGENT}/openclaw\.json`,
    ),
  },
  {
    what: "passwords of the browser",
    pattern: new RegExp(String.raw`["'](?:Login Data|key4\.db|logins\.json|cookies\.sqlite)["']|${BROWSER}`, "i"),
  },
  { what: "a wallet", pattern: new RegExp(String.raw`\bexodus\.wallet\b|\bsolana[/\\]{1,2}id\.json\b|${WALLETS}`, "i") },
  { what: "what was typed in a shell", pattern: /\.(?:bash|zsh)_history\b/ },
  { what: "the system's passwords", pattern: /\/etc\/shadow\b|\bfind-(?:generic|internet)-password\b/ },
];

/** Names of settings under which keys are given. A program may well be given one of them, or two. */
export const KEY_SETTINGS: readonly KeyStore[] = [
  { what: "the key of a cloud", pattern: /["'](?:AWS_SECRET_ACCESS_KEY|AZURE_CLIENT_SECRET|GOOGLE_APPLICATION_CREDENTIALS)["']/ },
  { what: "the key of a place for code", pattern: /["'](?:GITHUB_TOKEN|GH_TOKEN|GITLAB_TOKEN|NPM_TOKEN)["']/ },
  { what: "the key of a payment service", pattern: /["']STRIPE_(?:SECRET|API)_KEY["']/ },
  { what: "the password of a database", pattern: /["'](?:DATABASE_URL|DB_PASSWORD|MONGODB_URI|POSTGRES_PASSWORD)["']/ },
  { what: "the key of a model", pattern: /["'](?:OPENAI|ANTHROPIC)_API_KEY["']/ },
];

/** A cheap look whether one of them can stand in a text. */
export const MAY_BE_STORE =
  /\.ssh|id_|gnupg|export-secret|\.aws|gcloud|\.azure|\.kube|\.docker|git-cred|hosts\.yml|netrc|npmrc|pypirc|\.cargo|auth-prof|\.claude|\.codex|openclaw|clawdbot|moltbot|\.cursor|login|key4|cookies|password_value|chrom|brave|firefox|edge|wallet|exodus|electrum|ledger|atomic|solana|nkbih|bfnae|_history|shadow|-password|["'][A-Z]+_[A-Z_]+["']/i;
