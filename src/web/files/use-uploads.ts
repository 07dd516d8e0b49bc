import { createContext, use, useCallback, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { numbered, pathOfTree } from "../../workspace/path.ts";
import { MAX_FILE_BYTES } from "../../workspace/shapes.ts";
import { ApiError, sayError } from "../api/api-error.ts";
import { sendFile } from "../api/send-file.ts";
import { takeFiles, takenPaths } from "../api/workspace.ts";
import type { PickedFile } from "../lib/dropped-files.ts";
import { counted } from "../lib/format.ts";
import { useToast } from "../ui/toast.tsx";
import { sizeWords } from "./file-words.ts";

/** A file on its way to a path. */
export interface FileUpload {
  id: string;
  path: string;
  file: File;
  /** The version that it replaces; null: there was none; undefined: it goes over whatever is there. */
  over: number | null | undefined;
  state: "waiting" | "sending" | "failed";
  /** How much of it has gone out, 0 to 1. */
  share: number;
  error: string | null;
}

/** Finds out what was picked. */
export type PickFiles = () => PickedFile[] | Promise<PickedFile[]>;

/** A file whose path holds one already, and the free path beside it. */
export interface TakenFile {
  file: File;
  path: string;
  version: number;
  beside: string;
}

/** What to do about those that are there already. */
export type TakenChoice = "version" | "both" | "none";

/** How many go up at a time. */
const TOGETHER = 2;

const made = (path: string, file: File, over: number | null): FileUpload => ({
  id: crypto.randomUUID(),
  path,
  file,
  over,
  state: "waiting",
  share: 0,
  error: null,
});

const overtaken = (over: number | null | undefined): string =>
  over === null
    ? "There is a file of this name by now. Try again to make this its new version."
    : "It was changed meanwhile. Try again to put this over it: what is there stays as its earlier version.";

/** Uploads, a few at a time, each with how far it is and what went wrong. One that went well goes away: the list of files has it. */
export function useUploads() {
  const queries = useQueryClient();
  const toast = useToast();
  const [items, setItems] = useState<FileUpload[]>([]);
  const [taken, setTaken] = useState<TakenFile[]>([]);
  const queue = useRef<FileUpload[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  const running = useRef(0);
  const arrived = useRef(0);

  const change = useCallback((id: string, fields: Partial<FileUpload>) => {
    setItems((known) => known.map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }, []);
  const drop = useCallback((ids: ReadonlySet<string>) => setItems((known) => known.filter((item) => !ids.has(item.id))), []);

  const bring = useCallback(
    async ({ id, path, file, over }: FileUpload) => {
      const stop = new AbortController();
      stops.current.set(id, stop);
      change(id, { state: "sending", error: null });
      try {
        if (file.size > MAX_FILE_BYTES)
          throw new ApiError(
            "payload_too_large",
            `It has ${sizeWords(file.size)}. A file may have at most ${sizeWords(MAX_FILE_BYTES)}.`,
            0,
          );
        takeFiles(queries, [await sendFile(path, file, { over, onProgress: (share) => change(id, { share }), signal: stop.signal })]);
        arrived.current += 1;
        drop(new Set([id]));
      } catch (error) {
        if (!stop.signal.aborted)
          change(id, {
            state: "failed",
            // Who tries again knows then.
            ...(error instanceof ApiError && error.status === 412
              ? { error: overtaken(over), over: undefined }
              : { error: sayError(error) }),
          });
      }
      stops.current.delete(id);
    },
    [change, drop, queries],
  );

  /** Brings one after the other until nothing waits; a few of these run side by side. */
  const work = useCallback(async () => {
    if (running.current >= TOGETHER) return;
    running.current += 1;
    for (let next = queue.current.shift(); next !== undefined; next = queue.current.shift()) {
      // eslint-disable-next-line no-await-in-loop
      await bring(next);
    }
    running.current -= 1;
    if (running.current > 0 || arrived.current === 0) return;
    toast(`${counted(arrived.current, "file is", "files are")} uploaded.`);
    arrived.current = 0;
  }, [bring, toast]);

  const enter = useCallback(
    (entries: FileUpload[]) => {
      const ids = new Set(entries.map(({ id }) => id));
      queue.current.push(...entries);
      setItems((known) => [...known.filter(({ id }) => !ids.has(id)), ...entries]);
      for (let lane = 0; lane < TOGETHER; lane += 1) void work();
    },
    [work],
  );

  /** Puts files into a folder, those of folders into such below it; about those whose names are there already is asked first. */
  const addFiles = async (pick: PickFiles, folder: string) => {
    let named: { file: File; path: string }[];
    let there: Map<string, number>;
    try {
      named = (await pick()).map(({ file, name }) => ({ file, path: pathOfTree(folder, name) }));
      there = await takenPaths(
        folder,
        named.map(({ path }) => path),
      );
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      return;
    }
    const used = new Set([...there.keys(), ...items.map(({ path }) => path)]);
    const free: FileUpload[] = [];
    const asked: TakenFile[] = [];
    for (const { file, path } of named) {
      const version = there.get(path);
      if (version !== undefined) asked.push({ file, path, version, beside: freeBeside(path, used) });
      // Two of one name in one go, from different folders of the device: both are kept.
      else free.push(made(used.has(path) ? freeBeside(path, used) : path, file, null));
      used.add(asked.at(-1)?.file === file ? (asked.at(-1)?.beside ?? path) : (free.at(-1)?.path ?? path));
    }
    if (free.length > 0) enter(free);
    if (asked.length > 0) setTaken((known) => [...known, ...asked]);
  };

  const decide = (choice: TakenChoice) => {
    setTaken([]);
    if (choice !== "none")
      enter(taken.map(({ file, path, version, beside }) => (choice === "version" ? made(path, file, version) : made(beside, file, null))));
  };

  const retry = (uploads: readonly FileUpload[]) =>
    enter(uploads.map((upload) => ({ ...upload, state: "waiting", share: 0, error: null })));
  /** Takes some off the list; what was on its way is stopped. */
  const dismiss = (uploads: readonly FileUpload[]) => {
    const ids = new Set(uploads.map(({ id }) => id));
    queue.current = queue.current.filter((item) => !ids.has(item.id));
    for (const id of ids) stops.current.get(id)?.abort();
    drop(ids);
  };
  return {
    items,
    taken,
    addFiles,
    addVersion: (path: string, file: File, over: number) => enter([made(path, file, over)]),
    decide,
    retry,
    dismiss,
  };
}

function freeBeside(path: string, used: ReadonlySet<string>): string {
  let number = 2;
  while (used.has(numbered(path, number))) number += 1;
  return numbered(path, number);
}

/** `over`: the version that it is to follow. */
type AddVersion = (path: string, file: File, over: number) => void;

/** For what is far below the page: gives a file a new version. */
export const AddVersionContext = createContext<AddVersion>(() => {});
export const useAddVersion = (): AddVersion => use(AddVersionContext);
