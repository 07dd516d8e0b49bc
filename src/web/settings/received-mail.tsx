import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type MailEvent, useReceivedMail } from "../api/email.ts";
import { sentence } from "../lib/format.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { dayAndClock } from "../schedules/schedule-words.ts";
import { QueryView } from "../ui/query-view.tsx";

/** How many are shown at first, and at most. */
const FEW = 10;
const MANY = 200;

/** What came from others. All of it is somebody else's words: text, nothing more. */
export function ReceivedMail() {
  const [limit, setLimit] = useState(FEW);
  const query = useReceivedMail(limit);
  const now = useNow();
  return (
    <QueryView query={query} lines={1}>
      {(mails) =>
        mails.length === 0 ? (
          <p className="dim">Nothing came.</p>
        ) : (
          <>
            <ul className="runs" aria-label="Mail from others">
              {mails.map((mail) => (
                <li key={mail.id}>
                  <time dateTime={new Date(mail.at).toISOString()} title={fullTime(mail.at)}>
                    {dayAndClock(now, mail.at)}
                  </time>
                  <Letter mail={mail} />
                </li>
              ))}
            </ul>
            <p className="dim">
              <Link href="/listeners">Listeners</Link> do something when such mail comes.
            </p>
            {mails.length === limit && limit < MANY && (
              <div>
                <Button variant="subtle" color="gray" size="xs" onClick={() => setLimit(MANY)}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )
      }
    </QueryView>
  );
}

function Letter({ mail: { from, from_name, authenticated, automatic, subject, text, reason, attachments } }: { mail: MailEvent }) {
  const sender = from ?? "No single sender";
  return (
    <div className="firing">
      <details>
        <summary>
          <span className="tag" data-tone={authenticated ? undefined : "bad"}>
            {authenticated ? (automatic ? "a program" : "proven") : "not proven"}
          </span>{" "}
          {from_name === "" ? sender : `${from_name} <${sender}>`}: {subject === "" ? "no subject" : subject}
        </summary>
        <p className="dim">From elsewhere, as it came:</p>
        <pre tabIndex={0} aria-label="What the mail says">
          {text}
        </pre>
        {attachments.length > 0 && <p className="dim">Attached, and not kept: {attachments.join(", ")}</p>}
      </details>
      <p className="dim">{sentence(reason)}</p>
    </div>
  );
}
