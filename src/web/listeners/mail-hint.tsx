import { Link } from "wouter";
import { useEmail } from "../api/email.ts";

/** Where mail comes to, or that none does, and what can be said of which mail counts. */
export function MailHint() {
  const { data } = useEmail();
  if (data && data.address === null)
    return (
      <p className="dim">
        No mail comes to this Margay yet. <Link href="/settings/mail">Settings, Mail</Link> says how it is switched on.
      </p>
    );
  return (
    <p className="dim">
      Mail to {data?.address ?? "your Margay address"} from anybody but you. Whose mail counts is a condition on <code>from</code>,{" "}
      <code>from_name</code>, <code>subject</code> or <code>text</code>. Anybody can write any sender into a mail:{" "}
      <code>authenticated is true</code> counts only those that are proven.
    </p>
  );
}
