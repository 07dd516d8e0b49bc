import { expect, test } from "vitest";
import { afterwards } from "../../src/agent/afterwards.ts";

test("afterwards() does it once after the transaction that it is asked for in, and again for another", async () => {
  const works: Promise<unknown>[] = [];
  let done = 0;
  const ask = afterwards(
    () => void done++,
    (work) => void works.push(work),
  );
  for (let n = 0; n < 3; n++) ask();
  expect(done).toBe(0);
  await Promise.all(works);
  expect(done).toBe(1);
  ask();
  await Promise.all(works);
  expect(done).toBe(2);
});
