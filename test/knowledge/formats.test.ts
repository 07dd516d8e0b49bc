import { describe, expect, test } from "vitest";
import { isDocumentFile, mimeOf } from "../../src/knowledge/file-kinds.ts";
import { FORMATS } from "../../src/knowledge/formats.ts";
import { mimeOf as keptMimeOf } from "../../src/workspace/mime-of.ts";

describe("FORMATS", () => {
  test("has each ending and each media type once", () => {
    for (const names of [FORMATS.flatMap(({ endings }) => endings), FORMATS.flatMap(({ mime, also = [] }) => [mime, ...also])])
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("is what a name says in knowledge and among the files", () => {
    for (const { mime, endings } of FORMATS)
      for (const ending of endings) {
        const name = `a.${ending.toUpperCase()}`;
        expect([mimeOf(name), keptMimeOf(`/x/${name}`), isDocumentFile({ name, mime: "application/octet-stream" })]).toEqual([
          mime,
          mime,
          true,
        ]);
      }
    // Not read, and known for what it is.
    expect([keptMimeOf("/x/a.DOC"), isDocumentFile({ name: "a.doc", mime: "application/msword" })]).toEqual(["application/msword", false]);
  });
});
