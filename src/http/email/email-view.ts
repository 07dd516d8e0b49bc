import { z } from "zod";

/** A user's mail as the API shows it; the page shares the shape. Instants are UTC milliseconds. */
export const EmailView = z.object({
  /** Whether mail comes to this Margay at all. */
  on: z.boolean(),
  /** Why it does not, or what is missing; null: nothing. */
  problem: z.string().nullable(),
  /** Your address; null where mail is off. */
  address: z.string().nullable(),
  /** Whether answers leave as mail. They are in the conversation in any case. */
  sends: z.boolean(),
  /** Addresses whose mail is a message from you. */
  senders: z.array(z.object({ id: z.string(), address: z.string(), linked_at: z.number() })),
  /** Addresses that wait for a mail with their code. */
  waiting: z.array(z.object({ id: z.string(), address: z.string(), expires_at: z.number() })),
});
export type EmailView = z.infer<typeof EmailView>;

/** What links an address: a mail from there to `send_to` that brings the code. */
export const LinkCode = z.object({ id: z.string(), address: z.string(), send_to: z.string(), code: z.string(), expires_at: z.number() });
export type LinkCode = z.infer<typeof LinkCode>;
