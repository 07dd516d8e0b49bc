import { findKeys } from "../secrets/key-shapes.ts";

/** What is secret or good only once. */
const WORDS =
  /\b(?:pass ?words?|passwort|kennwort|passcode|passphrase|pin(?: ?code)?|one[- ]time|otp|2fa|verification code|security code|confirmation code|door code|access code|alarm code|cvv|cvc|card number|credit card|debit card|iban|account number|social security|ssn|national id|passport (?:no|number)|private key|seed phrase|recovery (?:code|phrase)|secret|token|api key)s?\b/iu;
const NUMBERS = /(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])/gu;

/** Whether it holds something that is not to be remembered unless the user says so: keys, passwords, codes, numbers of cards and accounts. */
export function isSensitive(text: string): boolean {
  return WORDS.test(text) || findKeys(text).length > 0 || [...text.matchAll(NUMBERS)].some(([number]) => isCard(number));
}

/** By its check digit (Luhn). */
function isCard(number: string): boolean {
  const digits = number.replaceAll(/\D/gu, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
