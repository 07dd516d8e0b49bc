import type { Page } from "playwright-core";

/**
 * What a page gets wrong, in sentences: names of controls, landmarks, ids, pictures, tab order, and the contrast of every visible text (WCAG
 * 2.2: 4.5 to 1, large text 3 to 1).
 */
export const accessibilityProblems = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // What is folded away is looked at too: its colours and its size are those that it will have.
    const folded = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of folded) details.open = true;
    // A colour on its way is neither of the two; and what its end changes is then on its way itself.
    const moving = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    for (let now = moving(); now.length > 0; now = moving()) for (const transition of now) transition.finish();
    const problems: string[] = [];
    const canvas = document.createElement("canvas");
    canvas.width = 1;
    canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const visible = (element: Element) => {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1;
    };
    const describe = (element: Element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}">`;

    const nameOf = (element: Element): string => {
      const labelled = element.getAttribute("aria-labelledby");
      if (labelled !== null)
        return labelled
          .split(" ")
          .map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent ?? "")
          .join(" ");
      const own = element.getAttribute("aria-label") ?? "";
      if (own !== "") return own;
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)
        return [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
      return element.textContent || [...element.querySelectorAll("img")].map((image) => image.alt).join(" ");
    };
    for (const element of document.querySelectorAll(
      "button, a[href], input:not([type=hidden]), textarea, select, [role=button], [tabindex='0']",
    )) {
      if (!visible(element)) continue;
      if (nameOf(element).trim() === "") problems.push(`${describe(element)} has no name`);
    }
    for (const element of document.querySelectorAll("[tabindex]"))
      if (Number(element.getAttribute("tabindex")) > 0) problems.push(`${describe(element)} changes the tab order`);
    for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) problems.push(`${describe(image)} has no alt`);
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) problems.push(`the id ${id} is there twice`);
    if (document.documentElement.lang === "") problems.push("the page names no language");
    if (document.querySelectorAll("main").length !== 1) problems.push("there is not exactly one main landmark");
    if (document.querySelectorAll("h1").length !== 1) problems.push("there is not exactly one first heading");
    for (const element of document.querySelectorAll("[aria-controls], [aria-activedescendant]"))
      for (const attribute of ["aria-activedescendant"]) {
        const id = element.getAttribute(attribute);
        if (id !== null && document.querySelector(`#${CSS.escape(id)}`) === null)
          problems.push(`${attribute} of ${describe(element)} leads nowhere`);
      }

    type Colour = [number, number, number, number];
    const known = new Map<string, Colour>();
    const parse = (text: string): Colour => {
      const before = known.get(text);
      if (before !== undefined) return before;
      if (!context) return [0, 0, 0, 0];
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
      const colour: Colour = [red, green, blue, alpha / 255];
      known.set(text, colour);
      return colour;
    };
    const over = (top: Colour, bottom: Colour): Colour => {
      const mix = (a: number, b: number) => a * top[3] + b * (1 - top[3]);
      return [mix(top[0], bottom[0]), mix(top[1], bottom[1]), mix(top[2], bottom[2]), 1];
    };
    const light = ([red, green, blue]: Colour) => {
      const part = (value: number) => {
        const share = value / 255;
        return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      };
      return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
    };
    const behind = (element: Element): Colour => {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight((bottom, top) => over(top, bottom), [255, 255, 255, 1] as Colour);
    };
    const seeThrough = (element: Element): boolean => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) if (Number(getComputedStyle(at).opacity) < 1) return true;
      return false;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set<Element>();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || seen.has(element) || (node.textContent ?? "").trim() === "") continue;
      seen.add(element);
      if (!visible(element) || element.closest("[disabled], [aria-disabled=true], [data-disabled], .sr, .skip") || seeThrough(element))
        continue;
      const style = getComputedStyle(element);
      const ground = behind(element);
      const ink = over(parse(style.color), ground);
      const [high, low] = [light(ink), light(ground)].toSorted((a, b) => b - a);
      const ratio = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) problems.push(`"${node.textContent?.trim().slice(0, 40)}" has a contrast of ${ratio.toFixed(2)} to 1`);
    }
    for (const details of folded) details.open = false;
    return problems;
  });

/** Whether anything makes the page, or its scrolled parts, wider than the screen. */
export const sidewaysOverflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth) wide.push("the page");
    for (const element of document.querySelectorAll(".list, .page, .account, .side, .side-drawer"))
      if (element.scrollWidth > element.clientWidth + 1) wide.push(element.className);
    return wide;
  });
