import { z } from "zod";

/** An email as accounts keep it: lower case. */
export const Email = z.email().max(254).toLowerCase().describe("An email address; upper and lower case are the same.");

/** One line that people read. Control characters and halves of surrogate pairs are refused: no store and no channel keeps them unchanged. */
const line = z
  .string()
  .trim()
  .max(100)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), "has characters that cannot be shown");

/** How a person is called. */
export const PersonName = line.min(1).describe("How you are called.");

/** How a person may be called; empty: not known. */
export const OptionalName = line;

/** What a thing is called by its user. */
export const Label = line.min(1);

/** A new password. Length is what counts (NIST SP 800-63B, section 5.1.1); the upper limit keeps hashing cheap. */
export const NewPassword = z.string().min(10, "must have at least 10 characters").max(128).describe("10 to 128 characters.");

/** A password somebody enters; whether it is right is not for a schema to say. */
export const EnteredPassword = z.string().min(1).max(128);

/** The token of a one-time link. */
export const LinkToken = z.string().min(1).max(200).describe("The part of the link after `#token=`.");

/** US dollars a day or a month; null: no cap. */
export const CapUsd = z.number().nonnegative().max(1_000_000).nullable().describe("US dollars; `null`: no cap.");
