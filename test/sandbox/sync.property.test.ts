import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes, USER } from "../support/files-home.ts";
import { linuxHome } from "../support/linux-home.ts";
import { memorySandbox } from "../support/memory-sandbox.ts";

const PATHS = ["a.txt", "b.txt", "dir/c.txt", "dir/d.bin"];

type Edit = { side: "user" | "command" | "during"; path: string; what: "write" | "delete" };
const edit: fc.Arbitrary<Edit> = fc.record({
  side: fc.constantFrom("user" as const, "command" as const, "during" as const),
  path: fc.constantFrom(...PATHS),
  what: fc.constantFrom("write" as const, "write" as const, "delete" as const),
});
/** A command with its edits; `cut`: its object ended before anything came back. */
const round = fc.record({ edits: fc.array(edit, { maxLength: 6 }), cut: fc.boolean() });

describe("the sync", () => {
  test("loses no content, whatever both sides do and wherever it is cut off, and makes both sides alike", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { maxLength: 6 }), async (rounds) => {
        const linux = memorySandbox();
        const user = linuxHome(linux.sandbox);
        let contents = 0;
        /** What was written last at a path by a side, and has to be somewhere. */
        const wanted = new Set<string>();
        const newContent = (path: string): string => (path.endsWith(".bin") ? `\0${contents++}` : `content ${contents++}`);
        const byUser = async ({ path, what }: Edit): Promise<void> => {
          const at = `/${path}`;
          if (what === "delete") {
            if (user.store.at(at)) user.workspace.delete(at, USER);
            return;
          }
          const content = newContent(path);
          wanted.add(content);
          await user.workspace.write(at, bytes(content), USER);
        };
        for (const { edits, cut } of rounds) {
          for (const one of edits.filter(({ side }) => side === "user")) await byUser(one);
          const stop = new AbortController();
          linux.state.program = async (files) => {
            for (const one of edits) {
              if (one.side === "during") await byUser(one);
              if (one.side !== "command") continue;
              if (one.what === "delete") files.delete(one.path);
              else files.set(one.path, bytes(newContent(one.path)));
            }
            // What a command overwrote itself before it was over nobody could keep.
            for (const content of files.values()) wanted.add(new TextDecoder().decode(content));
            if (cut) stop.abort(new Error("cut"));
          };
          await user.run({ signal: stop.signal }).catch((error: unknown) => {
            if (!cut) throw error;
          });
        }
        linux.state.program = () => undefined;
        await user.run();
        await user.run();

        const kept = new Set<string>();
        for (const file of [...user.store.below("/", 1_000), ...user.store.deleted(1_000)]) {
          for (const { version } of user.store.versions(file.id)) {
            const content = user.store.version(file.id, version)?.content;
            const found = content?.key === null ? bytes(content.text) : user.objects.get(content?.key ?? "");
            kept.add(new TextDecoder().decode(found));
          }
        }
        for (const content of wanted) expect(kept, content).toContain(content);
        const [box] = linux.boxes.values();
        const inside = [...(box?.files ?? [])].map(([path, content]) => [`/${path}`, new TextDecoder().decode(content)]).toSorted();
        const here = await Promise.all(
          user.store.below("/", 1_000).map(async ({ path }) => [path, new TextDecoder().decode((await user.workspace.bytes(path)).bytes)]),
        );
        expect(inside).toEqual(here.toSorted());
      }),
      { numRuns: 40 },
    );
  });

  test("leaves in its place what the user wrote while a command changed the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 4 }), async (both) => {
        const linux = memorySandbox();
        const user = linuxHome(linux.sandbox);
        for (const path of PATHS) await user.write(`/${path}`, "first");
        linux.state.program = async (files) => {
          for (const path of both) {
            files.set(path, bytes("the command's"));
            await user.write(`/${path}`, "the user's");
          }
        };
        await user.run();
        for (const path of both) expect(await user.text(`/${path}`)).toBe("the user's");
      }),
      { numRuns: 10 },
    );
  });
});
