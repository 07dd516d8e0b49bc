/**
 * Names that are not for people. Certificate authorities write to some of them to ask whether a certificate for the domain is wanted (CA/Browser Forum, Baseline Requirements, 3.2.2.4.4),
 * other servers to the rest (RFC 2142): whoever had one would speak for the domain.
 */
const RESERVED = new Set(
  "abuse admin administrator bounce bounces cf-bounce dmarc ftp help hostmaster info is it mailer-daemon margay marketing news no-reply noc noreply owner postmaster root sales security ssladmin ssladministrator sslwebmaster ssl-admin support sysadmin tls usenet uucp webmaster www".split(
    " ",
  ),
);

const MAX_NAME = 40;
const ALPHABET = "23456789abcdefghjkmnpqrstvwxyz";

/** What is wrong with a chosen name, in lower case; null: nothing. */
export function nameProblem(name: string): string | null {
  if (name.length < 3 || name.length > MAX_NAME) return `A name has 3 to ${MAX_NAME} characters.`;
  if (!/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) return "A name has letters a to z, digits, and single dots or dashes between them.";
  const plain = name.replaceAll(/[._-]/g, "");
  return RESERVED.has(name) || RESERVED.has(plain) ? "This name is kept for the domain itself." : null;
}

/** A name made from a person's: what of it fits, and something that nobody guesses. */
export function madeName(personName: string, random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const plain = personName
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 20)
    .replace(/-+$/, "");
  // 30 letters: the bytes from 240 on would favour the first.
  let suffix = "";
  while (suffix.length < 6)
    for (const byte of random(new Uint8Array(16))) if (byte < 240 && suffix.length < 6) suffix += ALPHABET.charAt(byte % ALPHABET.length);
  return `${plain === "" ? "me" : plain}-${suffix}`;
}
