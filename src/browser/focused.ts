import { z } from "zod";
import type { Cdp } from "./cdp.ts";
import { cutClean, type Scrub } from "./cut.ts";
import type { Refs } from "./refs.ts";
import { type Frame, type Tab, topFrame } from "./tabs.ts";

/** What has the focus in a document, also in shadow trees; the body has it where nothing else does. */
const ACTIVE = `(function () {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element === document.body || element === document.documentElement ? null : element;
})()`;

const Node = z.object({ node: z.object({ backendNodeId: z.number(), frameId: z.string().optional() }) });
const Named = z.object({
  nodes: z.array(
    z.object({
      backendDOMNodeId: z.number().optional(),
      role: z.object({ value: z.unknown().optional() }).optional(),
      name: z.object({ value: z.unknown().optional() }).optional(),
    }),
  ),
});
const MAX_DEPTH = 10;

/** The name (`e12`) of what keys go to in a tab, through its frames; null: nothing in particular. */
export async function focusedRef(cdp: Cdp, refs: Refs, tab: Tab, scrub: Scrub): Promise<string | null> {
  let frame: Frame | undefined = topFrame(tab);
  let found: { frame: Frame; node: number } | null = null;
  for (let depth = 0; frame !== undefined && depth < MAX_DEPTH; depth++) {
    const object = await refs.objectOf(frame, ACTIVE);
    if (object === null) break;
    const { node }: z.infer<typeof Node> = await cdp.ask(Node, "DOM.describeNode", { objectId: object }, frame.session);
    found = { frame, node: node.backendNodeId };
    frame = node.frameId === undefined ? undefined : tab.frames.get(node.frameId);
  }
  if (found === null) return null;
  const { nodes } = await cdp.ask(
    Named,
    "Accessibility.getPartialAXTree",
    { backendNodeId: found.node, fetchRelatives: false },
    found.frame.session,
  );
  const about = nodes.find((one) => one.backendDOMNodeId === found.node) ?? nodes[0];
  const label = String(about?.name?.value ?? "")
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return refs.of(tab, found.frame, found.node, String(about?.role?.value ?? "element"), await cutClean(label, 200, scrub)).name;
}
