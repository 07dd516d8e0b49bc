import { z } from "zod";
import { MargayError } from "../errors.ts";
import { type Cdp, CdpRefusal } from "./cdp.ts";
import { cutClean, type Scrub } from "./cut.ts";
import type { Handle, Refs } from "./refs.ts";

const Point = z.object({ x: z.number(), y: z.number(), over: z.string().nullable() });
type Point = z.infer<typeof Point>;

/** Where its middle is in its own document, and what lies over it there. Of several boxes (a link over two lines), the first. */
const POINT = `async function () {
  const element = this.nodeType === 1 ? this : this.parentElement;
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  await new Promise((resolve) => { requestAnimationFrame(() => resolve()); setTimeout(resolve, 100); });
  const box = [...element.getClientRects()].find(({ width, height }) => width > 0 && height > 0);
  if (!box) return { x: -1, y: -1, over: null };
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  let hit = element.getRootNode().elementFromPoint(x, y);
  const label = element.closest("label");
  const mine = hit === null || hit === element || element.contains(hit) || (label !== null && label.contains(hit)) || [...(element.labels ?? [])].some((one) => one.contains(hit)) || hit.shadowRoot?.contains(element);
  return { x, y, over: mine ? null : (hit.tagName.toLowerCase() + " " + (hit.innerText ?? "").replace(/\\s+/g, " ").trim().slice(0, 2_000)).trim() };
}`;

/** Of a frame's element: where a point of the document in it is in the document around it, and what lies over it. */
const AROUND = `function (x, y) {
  const box = this.getBoundingClientRect(), style = getComputedStyle(this);
  const at = { x: box.left + this.clientLeft + parseFloat(style.paddingLeft) + x, y: box.top + this.clientTop + parseFloat(style.paddingTop) + y };
  const hit = this.getRootNode().elementFromPoint(at.x, at.y);
  return { ...at, over: hit === null || hit === this ? null : hit.tagName.toLowerCase() };
}`;

/** The middle of an element in its tab, through all frames around it. */
async function pointOf(cdp: Cdp, refs: Refs, handle: Handle): Promise<Point> {
  let point = await refs.call(handle, POINT, [], Point);
  let { frame } = handle;
  while (point.over === null && frame.parent !== null && point.x >= 0) {
    const parent = handle.tab.frames.get(frame.parent);
    if (parent === undefined) break;
    const { backendNodeId } = await cdp.ask(
      z.object({ backendNodeId: z.number() }),
      "DOM.getFrameOwner",
      { frameId: frame.id },
      parent.session,
    );
    const around = { object: await refs.object(parent, backendNodeId), frame: parent };
    point = await refs.call(around, AROUND, [point.x, point.y], Point);
    frame = parent;
  }
  return point;
}

/** A click in the middle of an element, as a person's mouse makes it. Throws `conflict` where something else would get it. */
export async function click(cdp: Cdp, refs: Refs, handle: Handle, scrub: Scrub): Promise<void> {
  const { ref, tab } = handle;
  const { x, y, over } = await pointOf(cdp, refs, handle);
  const outside = { untrusted: "web page" };
  if (x < 0 || y < 0) throw new MargayError("conflict", `[${ref.name}] cannot be seen on the page, so it cannot be clicked.`, outside);
  if (over !== null)
    throw new MargayError(
      "conflict",
      `[${ref.name}] is covered by something else (${await cutClean(over, 100, scrub)}). Deal with that first.`,
      outside,
    );
  const at = { x, y, button: "left", clickCount: 1 };
  await cdp.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y }, tab.session);
  await cdp.send("Input.dispatchMouseEvent", { type: "mousePressed", ...at }, tab.session);
  await cdp.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...at }, tab.session);
}

/** Makes it the field that keys go to, with all of its content selected. */
const FOCUS = `function () {
  const element = this.nodeType === 1 ? this : this.parentElement;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  element.focus();
  if (typeof element.select === "function") element.select();
  else getSelection().selectAllChildren(element);
  const active = element.getRootNode().activeElement;
  return active === element || element.contains(active) || element.isContentEditable;
}`;

/** Types native date and time fields take no text, and are set as a whole. */
const SET = `function (value) {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  setter.call(this, value);
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
  return this.value === value;
}`;

/**
 * Focus and text in one step, inside of the field's own document. Keys would go to whatever has the focus when they come, and a page around a frame can take that: it would get what is typed, a password too.
 */
const TYPE = `function (text) {
  if (!(${FOCUS}).call(this)) return false;
  const element = this.nodeType === 1 ? this : this.parentElement;
  const value = (/^(?:INPUT|TEXTAREA)$/.test(element.tagName) && Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "value")) || null;
  if (text === "" && value !== null && element.value === "") return true;
  if (Document.prototype.execCommand.call(element.ownerDocument, text === "" ? "delete" : "insertText", false, text)) return true;
  if (value === null) return text === "";
  value.set.call(element, text);
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}`;

/** Puts a text in the place of what a field holds, so that the page hears of it as of a person's typing. */
export async function fill(refs: Refs, handle: Handle, text: string, type: string): Promise<void> {
  const { ref } = handle;
  if (/^(?:date|time|datetime-local|month|week|color|range)$/.test(type)) {
    if (await refs.call(handle, SET, [text], z.boolean())) return;
    throw new MargayError(
      "invalid_request",
      `[${ref.name}] does not take ${JSON.stringify(text.slice(0, 50))}: it is a ${type} field (2026-12-31, 13:30, 2026-12-31T13:30).`,
    );
  }
  if (!(await refs.call(handle, TYPE, [text], z.boolean()))) throw new MargayError("conflict", `[${ref.name}] does not take text.`);
}

const CHOOSE = `function (wanted) {
  const clean = (text) => text.replace(/\\s+/g, " ").trim();
  const option = [...this.options].find((one) => clean(one.textContent) === wanted || one.value === wanted) ?? [...this.options].find((one) => clean(one.textContent).toLowerCase() === wanted.toLowerCase());
  if (!option || option.disabled) return false;
  option.selected = true;
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}`;

export async function choose(refs: Refs, handle: Handle, option: string, options: readonly string[]): Promise<void> {
  if (await refs.call(handle, CHOOSE, [option], z.boolean())) return;
  const names = options
    .slice(0, 30)
    .map((one) => JSON.stringify(one))
    .join(", ");
  throw new MargayError("not_found", `[${handle.ref.name}] has no option ${JSON.stringify(option)}. It has: ${names}`, {
    untrusted: "web page",
  });
}

const GIVE = `function (name, mime, base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: mime }));
  this.files = data.files;
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
  return this.files.length === 1;
}`;

export async function giveFile(refs: Refs, handle: Handle, file: { name: string; mime: string; bytes: Uint8Array }): Promise<void> {
  let binary = "";
  for (let at = 0; at < file.bytes.length; at += 8_192) binary += String.fromCharCode(...file.bytes.subarray(at, at + 8_192));
  if (!(await refs.call(handle, GIVE, [file.name, file.mime, btoa(binary)], z.boolean())))
    throw new MargayError("conflict", `[${handle.ref.name}] does not take the file.`);
}

/** Keys that have a meaning of their own; names as in the UI Events standard. */
export const KEYS = [
  "Enter",
  "Escape",
  "Tab",
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "PageDown",
  "PageUp",
  "Home",
  "End",
  "Backspace",
  "Delete",
  "Space",
] as const;
export type Key = (typeof KEYS)[number];
const CODES: Readonly<Record<Key, number>> = {
  Enter: 13,
  Escape: 27,
  Tab: 9,
  ArrowDown: 40,
  ArrowUp: 38,
  ArrowLeft: 37,
  ArrowRight: 39,
  PageDown: 34,
  PageUp: 33,
  Home: 36,
  End: 35,
  Backspace: 8,
  Delete: 46,
  Space: 32,
};

export async function press(cdp: Cdp, session: string, key: Key): Promise<void> {
  const text = key === "Enter" ? "\r" : key === "Space" ? " " : undefined;
  const about = { key: key === "Space" ? " " : key, code: key, windowsVirtualKeyCode: CODES[key] };
  await cdp.send(
    "Input.dispatchKeyEvent",
    { type: text === undefined ? "rawKeyDown" : "keyDown", ...about, ...(text === undefined ? {} : { text }) },
    session,
  );
  await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", ...about }, session);
}

/** Focus alone, for a key that goes there. */
export async function focus(refs: Refs, handle: Handle): Promise<void> {
  if (!(await refs.call(handle, FOCUS, [], z.boolean()))) throw new CdpRefusal("no focus");
}

const SCROLL = `(function () { const before = scrollY; scrollBy({ top: Math.round(innerHeight * 0.9) * STEPS, behavior: "instant" }); return { moved: scrollY !== before, at: Math.round(scrollY), of: Math.round(document.documentElement.scrollHeight - innerHeight) }; })()`;
/** The expression that scrolls a document by screens (negative: up). */
export const scrollBy = (screens: number): string => SCROLL.replace("STEPS", String(Math.trunc(screens)));
export const Scrolled = z.object({ moved: z.boolean(), at: z.number(), of: z.number() });

const History = z.object({ currentIndex: z.number(), entries: z.array(z.object({ id: z.number(), url: z.string() })) });

/** To the page before. Throws `conflict` where there is none. */
export async function goBack(cdp: Cdp, session: string): Promise<void> {
  const { currentIndex, entries } = await cdp.ask(History, "Page.getNavigationHistory", {}, session);
  const before = entries[currentIndex - 1];
  if (before === undefined || !/^https?:/.test(before.url)) throw new MargayError("conflict", "There is no page before this one.");
  await cdp.send("Page.navigateToHistoryEntry", { entryId: before.id }, session);
}
