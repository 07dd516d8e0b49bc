import type { Condition } from "../api/listeners.ts";

/** A condition as it is typed. */
export interface TypedCondition {
  path: string;
  op: Condition["op"];
  value: string;
}

export const typedCondition = ({ path, op, value }: Condition): TypedCondition => ({
  path,
  op: op === "exists" && value === false ? "exists" : op,
  value:
    op === "exists" ? (value === false ? "no" : "yes") : Array.isArray(value) ? value.join(", ") : value === undefined ? "" : String(value),
});

/** What was typed; rows without a path are left out. Values stay text: `42` and `"42"` are the same to a condition. */
export function conditionsOf(rows: readonly TypedCondition[]): Condition[] {
  return rows.flatMap<Condition>(({ path, op, value }) => {
    if (path.trim() === "") return [];
    if (op === "exists") return [{ path: path.trim(), op, ...(value === "no" ? { value: false } : {}) }];
    if (op === "in") {
      const values = value
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
      return [{ path: path.trim(), op, value: values }];
    }
    return [{ path: path.trim(), op, value: value.trim() }];
  });
}
