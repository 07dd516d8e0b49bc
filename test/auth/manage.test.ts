import { expect, test } from "vitest";
import { type Act, requireMayManage } from "../../src/auth/manage.ts";
import type { Role } from "../../src/auth/principal.ts";

const ACTS: Act[] = ["set_role", "suspend", "set_caps", "reset_password", "remove"];
const ROLES: Role[] = ["owner", "admin", "user"];

function may(actor: { userId: string; role: Role }, target: { id: string; role: Role }): Act[] {
  return ACTS.filter((act) => {
    try {
      requireMayManage(actor, target, act);
      return true;
    } catch {
      return false;
    }
  });
}

test("requireMayManage() lets the owner do everything to others and only caps and password to themselves", () => {
  const owner = { userId: "o", role: "owner" } as const;
  for (const role of ["admin", "user"] as const) expect(may(owner, { id: "x", role })).toEqual(ACTS);
  expect(may(owner, { id: "o", role: "owner" })).toEqual(["set_caps", "reset_password"]);
});

test("requireMayManage() lets an admin do everything but roles, to users only", () => {
  const admin = { userId: "a", role: "admin" } as const;
  expect(may(admin, { id: "x", role: "user" })).toEqual(["suspend", "set_caps", "reset_password", "remove"]);
  expect(may(admin, { id: "x", role: "admin" })).toEqual([]);
  expect(may(admin, { id: "a", role: "admin" })).toEqual([]);
  expect(may(admin, { id: "o", role: "owner" })).toEqual([]);
});

test("requireMayManage() lets a user do nothing to anybody", () => {
  for (const role of ROLES) expect(may({ userId: "u", role: "user" }, { id: role === "user" ? "u" : "x", role })).toEqual([]);
});
