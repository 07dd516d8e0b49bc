import type { SkillStore } from "../db/object/skills.ts";
import { decodeText } from "./decode-text.ts";
import type { StoredVersion } from "./stored-skill.ts";

/**
 * Looks through the skills that the agent wrote for what is being forgotten. An earlier version that says it goes. One in use, or that waits, stays as it is: the user said yes to exactly its texts, and a hole in them would be another instruction. Gives
 * the names of those. What the user installed is theirs, as their files are.
 */
export function forgetInSkills(rewrite: { text(text: string): string }, store: SkillStore, transaction: <T>(work: () => T) => T): string[] {
  const looked = new Map<string, boolean>();
  const says = (hash: string): boolean => {
    const known = looked.get(hash);
    if (known !== undefined) return known;
    const text = decodeText(store.bytes(hash) ?? new Uint8Array())?.text ?? "";
    const found = rewrite.text(text) !== text;
    looked.set(hash, found);
    return found;
  };
  const saysIt = ({ files, description }: StoredVersion): boolean =>
    files.some(({ text, hash }) => text && says(hash)) || rewrite.text(description) !== description;
  return transaction(() =>
    store.all().flatMap(({ name, version, waiting, uninstalledAt }) => {
      const saying = store.versions(name).filter((one) => one.origin === "agent" && saysIt(one));
      const isCurrent = (one: StoredVersion): boolean => one.version === version;
      // What was uninstalled could be brought back.
      if (uninstalledAt !== null && saying.some(isCurrent)) {
        store.delete(name);
        return [];
      }
      const stays = (one: StoredVersion): boolean => isCurrent(one) || (uninstalledAt === null && one.version === waiting);
      for (const one of saying) if (!stays(one)) store.deleteVersion(name, one.version);
      return saying.some(stays) ? [name] : [];
    }),
  );
}
