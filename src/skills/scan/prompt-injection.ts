import { lower, type ScanRule, type Severity, type Sighting } from "./finding.ts";
import type { ScanLine } from "./scan-file.ts";

const RULES = String.raw`(?:instructions?|prompts?|rules?|guidelines?|directives?|guardrails?|safety (?:measures|rules|checks)|restrictions)`;

/** Orders to an agent that no skill needs. `quoted`: it counts less within quotation marks, as an example. */
const PHRASES: readonly { pattern: RegExp; unless?: RegExp; severity: Severity; why: string }[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:ignore|disregard|forget|override|bypass)\s{1,5}(?:(?:all|any|the|your|of|these|those|my)\s{1,5}){0,3}(?:previous|prior|above|earlier|preceding|existing|original|system|safety|built-in|default|developer)\s{1,5}(?:\w{1,20}\s{1,5}){0,2}${RULES}`,
      "i",
    ),
    severity: "danger",
    why: "It tells the agent to forget its rules.",
  },
  {
    pattern:
      /\byou are (?:now|no longer)\b.{0,40}\b(?:unrestricted|uncensored|jailbroken|DAN\b|developer mode|god mode|without (?:any )?(?:restrictions|limits|filters)|bound by)/i,
    severity: "danger",
    why: "It tells the agent that it has no rules.",
  },
  {
    pattern:
      /\b(?:send|post|upload|forward|transmit|exfiltrate|leak|submit|output|dump)\b.{0,60}\b(?:conversation|chat (?:history|log)|system prompt|api[ _-]?keys?|credentials?|passwords?|private keys?|seed phrases?|environment variables|env vars|\.env\b|ssh keys?|session (?:tokens?|cookies?))\b.{0,60}\bto\b.{0,40}(?:https?:\/\/|\S{1,60}@\S{1,60}\.\w|webhook)/i,
    unless: /\b(?:only|never|don['’]?t|do not|must not|should not)\b/i,
    severity: "danger",
    why: "It tells the agent to send away what is private.",
  },
  {
    pattern:
      /\b(?:do not|don['’]?t|never|without)\s{1,5}(?:ever\s{1,5})?(?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|disclose|disclosing|notify|notifying|alert|alerting|show|showing)\b.{0,40}\b(?:the user|the owner|the human|your (?:user|owner|human)|user)\b.{0,60}\b(?:about (?:this|these|it)|that you|what you|of this|this (?:step|command|action|request)|these (?:steps|commands|instructions))/i,
    severity: "warn",
    why: "It tells the agent to keep something from you.",
  },
  {
    pattern:
      /\b(?:silently|secretly|covertly|in the background,? without|without (?:the user['’]?s? )?(?:knowledge|consent|noticing|being noticed))\s{1,3}(?:[\w']{1,20}\s{1,3}){0,2}(?:send|upload|post|transmit|download|install|execute|copy|forward|exfiltrate|collect)\b/i,
    severity: "warn",
    why: "It tells the agent to do something behind your back.",
  },
  {
    pattern:
      /\b(?:disable|turn off|skip|bypass|circumvent)\b.{0,30}\b(?:safety|security|sandbox|approval|permission|content) (?:checks?|filters?|prompts?|restrictions?|policy|policies|mode|guardrails?|measures)\b/i,
    severity: "warn",
    why: "It tells the agent to go around what protects you.",
  },
  {
    pattern:
      /\b(?:set(?:ting|s)? aside|abandon(?:ing|s)?|suspend(?:ing|s)?|relax(?:ing|es)?)\s{1,5}(?:(?:all|any|its|your|their|the|of|usual|normal|standard|own)\s{1,5}){1,4}(?:safety\s{1,5}|ethical\s{1,5}|content\s{1,5}|operational\s{1,5})?(?:constraints|restrictions|guidelines|guardrails|limitations|policies|rules)\b|\b(?:guidelines|restrictions|guardrails|safety rules|policies)\b.{0,30}\b(?:are|as) (?:treated as )?(?:suggestions|optional)\b|\b(?:normal|usual|standard|safety|your|previous)\s{1,5}(?:restrictions|guidelines|guardrails|safeguards)\b.{0,20}\b(?:do not|don['’]?t|no longer) apply\b|\b(?:without|no) (?:content|ethical|safety) (?:restrictions|filters|guardrails|guidelines)\b/i,
    severity: "warn",
    why: "It tells the agent that its limits do not hold.",
  },
  {
    pattern:
      /\b(?:ignoriere?|vergiss|missachte)\b.{0,40}\b(?:vorherigen?|bisherigen?|obigen?|alle[nr]?)\b.{0,30}(?:anweisung|regel|instruktion)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in German).",
  },
  {
    pattern:
      /\b(?:ignore[sz]?|oublie[sz]?|ne tiens? pas compte)\b.{0,40}\b(?:instructions?|consignes?|règles?)\b.{0,20}\b(?:précédentes?|antérieures?|ci-dessus|du système)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in French).",
  },
  {
    pattern:
      /\b(?:ignora|olvida|omite|desestima)\w{0,3}\b.{0,40}\b(?:instrucciones|reglas|órdenes)\b.{0,20}\b(?:anteriores|previas|del sistema)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Spanish).",
  },
  {
    pattern: /\b(?:ignor[ea]|esqueça|desconsidere)\b.{0,40}(?:instruções|regras|ordens)\b.{0,20}(?:anteriores|prévias|do sistema)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Portuguese).",
  },
  {
    pattern: /\b(?:ignora|dimentica|trascura)\b.{0,40}\b(?:istruzioni|regole)\b.{0,20}\b(?:precedenti|di sistema)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Italian).",
  },
  {
    pattern: /(?:игнорируй|забудь|не обращай внимания).{0,40}(?:предыдущ|прежн|все|системн).{0,30}(?:инструкци|указани|правил)/i,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Russian).",
  },
  {
    pattern: /(?:忽略|无视|忽視|無視|忘记|忘掉).{0,10}(?:之前|以上|先前|所有|上面|此前|前面|系统).{0,10}(?:指令|指示|规则|提示|命令|設定)/,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Chinese).",
  },
  {
    pattern: /(?:以前の|これまでの|上記の|前の|すべての).{0,10}(?:指示|命令|プロンプト|ルール).{0,10}(?:無視|忘れ)/,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Japanese).",
  },
  {
    pattern: /(?:이전|위의|모든).{0,10}(?:지시|명령|규칙|프롬프트).{0,10}(?:무시|잊)/,
    severity: "danger",
    why: "It tells the agent to forget its rules (in Korean).",
  },
];

/** Orders in what only a model sees. */
const HIDDEN_ORDER =
  /\b(?:ai|llm|assistant|agent|model|claude|gpt|system)s?\b.{0,40}\b(?:must|should|need to|have to|always|now|:)\b.{0,80}\b(?:run|execute|send|fetch|curl|download|install|ignore|reveal|forward|post|output|upload|share|submit)\b|\bcurl\s{1,5}.{0,100}https?:\/\/.{0,200}\|\s{0,3}(?:ba)?sh|\b(?:ignore|disregard)\b.{0,30}\b(?:instructions|rules)\b/i;
/** What makes an order of a text that else sounds like a guide: "do not" alone is said by both. */
const SECRECY =
  /\b(?:do not|don['’]?t|never|without)\s{1,5}(?:mention|tell|inform|show|reveal|disclose)\w{0,4}\b.{0,60}\b(?:user|owner|human|them)\b|\b(?:silently|secretly)\b/i;
const UNSEEN_STYLE =
  /<(?:span|div|p|font)\b[^>\n]{0,200}(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0|opacity\s{0,3}:\s{0,3}0[^.]|color\s{0,3}:\s{0,3}(?:white|#fff))[^>\n]{0,200}>(?=[^<\n]{20})/i;
const HINT =
  /ignor|disregard|forget|overrid|bypass|you are n|send|post|upload|forward|transmit|exfil|leak|submit|output|dump|do not|don['’]?t|never|without|silent|secret|covert|disable|turn off|skip|circumvent|aside|abandon|suspend|relax|suggestions|optional|no longer|no content|no ethical|no safety|vergiss|missacht|oubli|olvida|omite|desest|esque|desconsid|dimentica|trascura|игнор|забудь|не обращай|忽略|无视|忽視|無視|忘|の|무시|잊|<(?:span|div|p|font)/i;

export const promptInjection: ScanRule = {
  name: "prompt-injection",
  *look(file): Generator<Sighting, void> {
    for (const line of file.lines) {
      const text = line.text.normalize("NFKC").replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, "");
      if (line.where === "comment" && HIDDEN_ORDER.test(text) && !(line.described && !SECRECY.test(text))) {
        yield { severity: "danger", line: line.number, text, why: "It gives the agent orders in a comment that no reader sees." };
        continue;
      }
      if (!HINT.test(text)) continue;
      yield* phrases(line, text);
      if (line.where === "prose" && UNSEEN_STYLE.test(text))
        yield { severity: "warn", line: line.number, text, why: "It has text that is styled so that no reader sees it." };
    }
  },
};

function* phrases(line: ScanLine, text: string): Generator<Sighting, void> {
  for (const { pattern, unless, severity, why } of PHRASES) {
    const match = pattern.exec(text);
    if (match === null || unless?.test(text)) continue;
    const example = line.described || isQuoted(text, match.index) || line.where === "code";
    yield { severity: example ? lower(severity) : severity, line: line.number, text, at: match.index, why };
    return;
  }
}

/** Whether it is an example or is told of somebody: behind a quotation mark, a mark of a table or a pattern, or a word that makes it no order. */
function isQuoted(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 60), at);
  return /["“'‘`«「|/(]\s{0,3}(?:\w{1,12}\s){0,3}$|\b(?:to|may|might|can|could|will|would|that|models?|llms?|agents?|they|it|which|who)\s{1,3}$|(?:AI|会|可能|模型|代理|智能体)\s{0,2}$/i.test(
    before,
  );
}
