import { z } from "zod";
import { Cdp } from "../../src/browser/cdp.ts";

const Command = z.object({
  id: z.number(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()),
  sessionId: z.string().optional(),
});
export type Command = z.infer<typeof Command>;

/** A browser that only hears and says what a test wants. */
export interface FakeDevtools {
  cdp: Cdp;
  sent: Command[];
  /** What it answers to a command: a result, or `{ error: { message } }`. */
  answer: (command: Command) => object;
  /** It tells something, and what comes of that is done. */
  tell(method: string, params: object, sessionId?: string): Promise<void>;
}

export function fakeDevtools(): FakeDevtools {
  let receive = (_: string): void => undefined;
  const fake: Omit<FakeDevtools, "cdp"> = {
    sent: [],
    answer: () => ({}),
    async tell(method, params, sessionId) {
      receive(JSON.stringify({ method, params, sessionId }));
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
  const socket = {
    send(text: string): void {
      const command = Command.parse(JSON.parse(text));
      fake.sent.push(command);
      const said = fake.answer(command);
      queueMicrotask(() => receive(JSON.stringify({ id: command.id, ...("error" in said ? said : { result: said }) })));
    },
    onMessage: (listener: (text: string) => void) => void (receive = listener),
    onClose: () => undefined,
    close: () => undefined,
  };
  return Object.assign(fake, { cdp: new Cdp(socket) });
}
