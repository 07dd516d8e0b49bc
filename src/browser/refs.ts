import { z } from "zod";
import { MargayError, withNext } from "../errors.ts";
import { type Cdp, CdpRefusal } from "./cdp.ts";
import { cut } from "./cut.ts";
import type { Frame, Tab } from "./tabs.ts";

/** An element as a reading named it. */
export interface Ref {
  /** `e12`. */
  name: string;
  tab: string;
  frame: string;
  loader: string;
  node: number;
  role: string;
  label: string;
  /** The same without stored secrets, of what can be filled in. */
  clean?: string | undefined;
}

/** An element to act on, seen from a world of ours in which no code of the page runs. */
export interface Handle {
  ref: Ref;
  tab: Tab;
  frame: Frame;
  object: string;
}

const Resolved = z.object({ object: z.object({ objectId: z.string() }) });
const Called = z.object({
  result: z.object({ value: z.unknown() }),
  exceptionDetails: z.object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() }).optional(),
});

/** Characters of what a person is shown of an element's name. */
const SHOWN_LABEL = 60;

/** Elements that are known by a name at once. */
const MAX_REFS = 20_000;

/** Names elements for the agent, the same element always alike, and finds them again. */
export class Refs {
  readonly #byKey = new Map<string, Ref>();
  readonly #byName = new Map<string, Ref>();
  #last = 0;
  readonly #worlds = new Map<string, number>();
  /** Fields that hold a secret: what is in them is shown as dots. */
  readonly #secret = new Set<string>();

  constructor(private readonly cdp: Cdp) {}

  of(tab: Tab, frame: Frame, node: number, role: string, label: string): Ref {
    const key = `${frame.id} ${frame.loader} ${node}`;
    const known = this.#byKey.get(key);
    const ref = known ?? { name: `e${++this.#last}`, tab: tab.id, frame: frame.id, loader: frame.loader, node, role, label };
    ref.role = role;
    ref.label = label;
    this.#byKey.set(key, ref);
    this.#byName.set(ref.name, ref);
    if (this.#byKey.size > MAX_REFS) this.#forget();
    return ref;
  }

  /** The older half, since a page can make new elements without end. What holds a secret is kept: it must not be shown under a new name. */
  #forget(): void {
    for (const [key, ref] of [...this.#byKey].slice(0, MAX_REFS / 2)) {
      if (this.#secret.has(ref.name)) continue;
      this.#byKey.delete(key);
      this.#byName.delete(ref.name);
    }
  }

  hide(ref: Ref): void {
    this.#secret.add(ref.name);
  }

  isHidden(ref: Ref): boolean {
    return this.#secret.has(ref.name);
  }

  /** `textbox "Password"`, for a person; null: there is none by this name. */
  named(name: string): string | null {
    const ref = this.#known(name);
    return ref?.clean === undefined ? null : `${ref.role} ${JSON.stringify(cut(ref.clean, SHOWN_LABEL))}`;
  }

  #known(name: string): Ref | undefined {
    return this.#byName.get(name.replaceAll(/[[\]\s]/g, ""));
  }

  find(name: string): Ref {
    const ref = this.#known(name);
    if (ref === undefined)
      throw new MargayError(
        "not_found",
        "There is nothing of that name on the page.",
        withNext(`There is no [${name}]. Read the page with browser_read: its references are there.`),
      );
    return ref;
  }

  /** Throws `gone` when the element is not on the page any more. */
  async resolve(tabs: { get(id: string): Tab }, name: string): Promise<Handle> {
    const ref = this.find(name);
    const tab = tabs.get(ref.tab);
    const frame = tab.frames.get(ref.frame);
    if (frame === undefined || frame.loader !== ref.loader) throw gone(ref);
    try {
      const handle = { ref, tab, frame, object: await this.object(frame, ref.node) };
      if (!(await this.call(handle, "function () { return this.isConnected; }", [], z.boolean()))) throw gone(ref);
      return handle;
    } catch (error) {
      if (error instanceof CdpRefusal) throw gone(ref);
      throw error;
    }
  }

  /** An element, as something to call functions on. */
  async object(frame: Frame, node: number): Promise<string> {
    const { object } = await this.cdp.ask(
      Resolved,
      "DOM.resolveNode",
      { backendNodeId: node, executionContextId: await this.#world(frame) },
      frame.session,
    );
    return object.objectId;
  }

  /** Calls a function with the element as `this`. `source` is ours, arguments are data. */
  async call<Schema extends z.ZodType>(
    { object, frame }: Pick<Handle, "object" | "frame">,
    source: string,
    args: readonly unknown[],
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const { result, exceptionDetails } = await this.cdp.ask(
      Called,
      "Runtime.callFunctionOn",
      {
        objectId: object,
        functionDeclaration: source,
        arguments: args.map((value) => ({ value })),
        returnByValue: true,
        awaitPromise: true,
      },
      frame.session,
    );
    if (exceptionDetails !== undefined) throw new CdpRefusal(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return schema.parse(result.value);
  }

  /** What a text of ours evaluates to in a frame, as something to ask about; null: null. */
  async objectOf(frame: Frame, source: string): Promise<string | null> {
    const { result } = await this.cdp.ask(
      z.object({ result: z.object({ objectId: z.string().optional() }) }),
      "Runtime.evaluate",
      { expression: source, contextId: await this.#world(frame) },
      frame.session,
    );
    return result.objectId ?? null;
  }

  /** Evaluates a text of ours in a frame. */
  async evaluate<Schema extends z.ZodType>(frame: Frame, source: string, schema: Schema): Promise<z.output<Schema>> {
    const { result, exceptionDetails } = await this.cdp.ask(
      Called,
      "Runtime.evaluate",
      { expression: source, contextId: await this.#world(frame), returnByValue: true, awaitPromise: true },
      frame.session,
    );
    if (exceptionDetails !== undefined) throw new CdpRefusal(exceptionDetails.text);
    return schema.parse(result.value);
  }

  /** Whose page a frame is: the host of its address, and where that has none (`about:blank`, `srcdoc`, `blob:`) of whoever made it; empty: nobody's that is known. */
  async siteOf(frame: Frame): Promise<string> {
    return hostIn(frame.url) || hostIn(await this.evaluate(frame, "self.origin", z.string()));
  }

  /** What a page changes of its own objects is not seen from here. */
  async #world(frame: Frame): Promise<number> {
    const key = `${frame.id} ${frame.loader} ${frame.session}`;
    const known = this.#worlds.get(key);
    if (known !== undefined) return known;
    const { executionContextId } = await this.cdp.ask(
      z.object({ executionContextId: z.number() }),
      "Page.createIsolatedWorld",
      { frameId: frame.id, worldName: "margay" },
      frame.session,
    );
    this.#worlds.set(key, executionContextId);
    return executionContextId;
  }
}

const gone = ({ name, role, label }: Ref): MargayError =>
  new MargayError(
    "gone",
    `The ${role} ${JSON.stringify(label)} is not on the page any more.`,
    withNext(`It was [${name}]. Read the page again with browser_read.`, { untrusted: "web page" }),
  );

/** Host (and port) of an address; empty for `about:blank` and the like. */
export const hostIn = (url: string): string => URL.parse(url)?.host ?? "";
