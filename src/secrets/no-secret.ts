import { MargayError } from "../errors.ts";

/** What a tool says that was given a secret's name which is none of a secret that tools may use. */
export const noSecret = (name: string): MargayError =>
  new MargayError("not_found", `There is no secret named ${name} that tools may use. One can be stored under Settings → Secrets.`);
