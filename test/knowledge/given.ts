import { strToU8, zipSync } from "fflate";
import { life, type NodeOptions, type World } from "./knowledge-in-node.ts";

export const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

/** Takes one file in and reads it. */
export async function given(
  world: World,
  name: string,
  body: string | Uint8Array,
  options: NodeOptions & { mime?: string; collection_id?: string | null; replaces?: string } = {},
) {
  const { mime, collection_id, replaces, ...rest } = options;
  const now = life(world, rest);
  const added = await now.adding.add({
    key: world.upload(name, body, mime),
    ...(collection_id === undefined ? {} : { collection_id }),
    ...(replaces === undefined ? {} : { replaces }),
  });
  await now.work();
  const [document] = [...added.documents, ...added.known];
  if (!document) throw new Error("nothing was taken in");
  return { now, added, document: now.knowledge.get(document.id) };
}

/** Where what is found stands, for a conversation. */
export async function texts(world: World, query: string, conversationId: string | null = null): Promise<string[]> {
  const now = life(world);
  return (await now.knowledge.search(query, 20, now.scopes.get(conversationId))).map(({ from }) => from);
}
