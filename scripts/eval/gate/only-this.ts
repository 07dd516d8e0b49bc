/**
 * An object of a large type of which only some members are there. Touching any other throws with its name, so that code which begins to need more
 * is noticed at once.
 */
export function onlyThis<T extends object>(name: string, members: Partial<T>): T {
  const target: T = Object.create(null);
  return new Proxy(target, {
    get(_, key) {
      if (Reflect.has(members, key)) return Reflect.get(members, key);
      // What looks whether something is a promise, or prints it, may look.
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      throw new Error(`${name}.${key} is not there outside of a Worker`);
    },
    has: (_, key) => Reflect.has(members, key),
  });
}
