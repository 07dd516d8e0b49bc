import { bytes, filesHome, USER } from "../support/files-home.ts";
import type { Row } from "./table.ts";

const FILES = 1_000;

/** A user's files on real tables in plain Node, short texts that stay in the object: operations a second, each with its version, room and audit. */
export async function benchFiles(): Promise<Row[]> {
  const { workspace } = filesHome();
  const path = (n: number): string => `/outputs/folder-${n % 20}/file-${n}.txt`;
  const text = bytes("a line of text, as notes have it\n".repeat(30));
  const each = async (work: (n: number) => unknown): Promise<string> => {
    const began = performance.now();
    for (let n = 0; n < FILES; n++) await work(n);
    return `${Math.round(FILES / ((performance.now() - began) / 1_000)).toLocaleString("en")} a second`;
  };
  return [
    { name: `files: write ${FILES} new ones of 1 KB`, value: await each((n) => workspace.write(path(n), text, USER)) },
    { name: "files: read them", value: await each((n) => workspace.bytes(path(n))) },
    {
      name: "files: write each again, the old one stays as a version",
      value: await each((n) => workspace.write(path(n), bytes(`version 2 of ${n}`), USER)),
    },
    { name: "files: move them", value: await each((n) => workspace.move(path(n), `/moved/${n}.txt`, USER)) },
    { name: "files: delete them, they stay in the trash", value: await each((n) => workspace.delete(`/moved/${n}.txt`, USER)) },
  ];
}
