/**
 * Phrases with which texts try to give an agent orders. A hint for the person who is asked, nothing more: it decides nothing, it finds some attempts and not others, and it
 * takes some harmless texts for attempts.
 */
const PATTERNS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|any|the)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|directions?|messages?)\b/i,
  /\b(?:new|updated|real|actual|important)\s{1,5}(?:system\s{1,5})?instructions?\s{0,5}:/i,
  /(?:^|\n)[^\S\n]{0,20}(?:#{1,6}[^\S\n]{0,20})?(?:system|assistant|developer)\s{0,5}(?:prompt|message|instructions?)?\s{0,5}:/i,
  /<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[\/?(?:INST|SYS)\]|<\/?(?:system|instructions?)>/i,
  /\b(?:ai|llm|language model|assistant|agent|chatbot|gpt|claude)s?\b.{0,60}\b(?:must|should|are required to|have to|need to|please)\b.{0,60}\b(?:send|forward|email|post|fetch|open|visit|click|call|delete|transfer|pay|buy|reply|add|save|remember|run|execute|install)\b/i,
  /\b(?:do not|don't|never)\b.{0,30}\b(?:tell|inform|mention|notify|ask|show|alert)\b.{0,30}\b(?:the )?(?:user|owner|human|anyone|person)\b/i,
  /\b(?:without|no need (?:for|to ask)|skip)\b.{0,30}\b(?:approval|confirmation|permission|asking)\b/i,
  /\b(?:you are now|act as|pretend to be|from now on you)\b.{0,60}\b(?:assistant|agent|ai|mode|system|developer|admin|root)\b/i,
  /\b(?:api[_ -]?keys?|passwords?|secrets?|tokens?|credentials?|system prompt)\b.{0,60}\b(?:send|forward|post|append|include|encode|to)\b.{0,40}(?:https?:\/\/|\S{1,64}@\S{1,64}\.\w)/i,
  /\b(?:ignorier|vergiss|missachte)\w*\b.{0,50}\b(?:anweisung|regel|instruktion)/i,
  /\b(?:ignore[sz]?|oublie[sz]?|ne tiens? pas compte)\b.{0,50}\b(?:instructions?|consignes?|règles?)/i,
  /\b(?:ignora|olvida|omite|desestima)\w*\b.{0,50}\b(?:instrucciones|reglas|órdenes)/i,
  /\b(?:ignore|esqueça|desconsidere)\b.{0,50}\b(?:instruções|regras|ordens)/i,
  /(?:игнорируй|забудь|не обращай внимания).{0,60}(?:инструкци|указани|правил)/i,
  /(?:忽略|无视|忽視|無視|忘记).{0,20}(?:指令|指示|说明|规则|命令|プロンプト)/,
  /(?:以前の|これまでの|上記の).{0,20}(?:指示|命令|プロンプト).{0,20}(?:無視|忘れ)/,
];

/** Longer texts are looked at in their beginning and end. */
const MAX_LENGTH = 200_000;

/** Whether a text looks as if it tries to give the agent orders. */
export function looksLikeOrders(text: string): boolean {
  const looked = text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH / 2)}\n${text.slice(-MAX_LENGTH / 2)}`;
  const plain = looked.normalize("NFKC").replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, "");
  return PATTERNS.some((pattern) => pattern.test(plain));
}
