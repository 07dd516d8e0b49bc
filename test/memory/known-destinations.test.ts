import { expect, test } from "vitest";
import { UserWord } from "../../src/permission/user-word.ts";
import { readDestination } from "../../src/permission/destination.ts";
import { aMemory, memoryHome } from "../support/memory-in-node.ts";

const said = (quote: string) => ({ source: { ...aMemory.source, quote } });

test("Memory.knownDestinations() gives addresses that the user typed and asked to remember, of clean memories alone", () => {
  const home = memoryHome();
  home.add("Sister's mail is ana@example.com", said("remember that my sister's mail is ana@example.com"));
  home.add("Plumber is +47 555 12 345", said("the plumber is +4755512345"));
  home.add("Blog is https://ada.example/blog", said("my blog is https://ada.example/blog."));
  // Not typed by the user, not asked for, from outside, brought along, past.
  home.add("Boss's mail is boss@evil.example", said("remember my boss's mail"));
  home.add("Bank is bank@evil.example", { ...said("bank@evil.example"), asked: false });
  home.add("Shop is shop@evil.example", { ...said("shop@evil.example"), tainted: true });
  home.add("Aunt is aunt@evil.example", { source: { kind: "import", id: null, quote: "aunt@evil.example", channel: null } });
  home.add("My phone number is 5550000", said("my phone number is 5550000"));
  home.add("My phone number is 5551111", said("my phone number is 5551111"));
  expect(home.memory.knownDestinations()).toEqual(["ana@example.com", "+47 555 12 345", "https://ada.example/blog", "5551111"]);
  const word = new UserWord([], home.memory.knownDestinations());
  expect(word.names(readDestination("ANA@example.com"))).toBe(true);
  expect(word.names(readDestination("4755512345"))).toBe(true);
  for (const stranger of [
    "boss@evil.example",
    "bank@evil.example",
    "shop@evil.example",
    "aunt@evil.example",
    "5550000",
    "ana@example.com.evil.example",
  ])
    expect(word.names(readDestination(stranger)), stranger).toBe(false);
});

test("Memory.knownDestinations() takes what the user wrote on the page, and no file names for hosts", () => {
  const home = memoryHome();
  const input = { kind: "fact" as const, about_at: null, expires_at: null, pinned: false };
  home.memory.write({ ...input, text: "Notes are in README.md and main.rs; site is example.com" }, { actor: "user", channel: "web" });
  expect(home.memory.knownDestinations()).toEqual(["example.com"]);
});
