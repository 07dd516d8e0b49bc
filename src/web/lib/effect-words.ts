import type { Effect } from "../../permission/effect.ts";

/** Effects in the order of how much they can do, as a person calls them. */
export const EFFECTS: readonly { effect: Effect; name: string; what: string }[] = [
  { effect: "read", name: "Reading", what: "Looks something up and changes nothing." },
  { effect: "write", name: "Changing your data", what: "To-dos and the like, which can be changed back." },
  { effect: "external", name: "Sending out", what: "Something leaves for other people or services." },
  { effect: "destructive", name: "Cannot be taken back", what: "Deletes or ends something for good." },
  { effect: "spend", name: "Spending money", what: "Costs money." },
];

export const effectName = (effect: string): string => EFFECTS.find((item) => item.effect === effect)?.name ?? effect;
