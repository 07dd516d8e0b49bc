import { Fragment, useEffect, useId, useRef } from "react";
import type { ApprovalView } from "../../channels/approval-view.ts";
import type { Answering } from "../chat/approval-state.ts";
import type { ChatSession } from "../chat/chat-session.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { ApprovalDetails } from "./approval-details.tsx";
import { ApprovalPicture } from "./approval-picture.tsx";
import { ApprovalStanding } from "./approval-standing.tsx";
import { subjectOf } from "../../channels/approval-subject.ts";
import { expiresIn } from "./approval-words.ts";
import { Destinations } from "./destinations.tsx";

interface Props {
  approval: ApprovalView;
  /** What became of an answer that was given here. */
  answering: Answering | undefined;
  session: ChatSession;
}

/** Something the agent asks before it does it: everything needed to judge it first, then the answers. Afterwards one line: how it ended. */
export function ApprovalCard({ approval, answering, session }: Props) {
  const now = useNow();
  const title = useId();
  const box = useRef<HTMLElement>(null);
  const answered = useRef(false);
  const waiting = approval.state === "pending";
  const subject = subjectOf(approval);
  const [first, ...rest] = subject.title.split("\n");

  useEffect(() => {
    // The buttons are gone: who pressed one with the keyboard goes on from here.
    if (!waiting && answered.current) box.current?.focus({ preventScroll: true });
  }, [waiting]);

  return (
    <article className="ask" data-state={approval.state} aria-labelledby={title} ref={box} tabIndex={-1}>
      {waiting ? (
        <>
          <header className="ask-head">
            <Icon name="shield" size={18} />
            <b>May I?</b>
            <time dateTime={new Date(approval.expires_at).toISOString()}>{expiresIn(now, approval.expires_at)}</time>
          </header>
          <p className="ask-what" id={title}>
            {first}
            {rest.length > 0 && <span className="ask-rest">{`\n${rest.join("\n")}`}</span>}
          </p>
          {subject.values.length > 0 && (
            <dl
              className="facts ask-values"
              aria-label={approval.tool === "browser_submit" ? "What would be sent" : "What it is called with"}
            >
              {subject.values.map(({ name, value }, index) => (
                // A form may have two fields of one name.
                <div key={`${index} ${name}`}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
          {subject.texts.map(({ name, text }) => (
            <Fragment key={name}>
              {subject.texts.length > 1 && <p className="ask-label">{name}</p>}
              <pre className="arguments" tabIndex={0} aria-label={name}>
                {text}
              </pre>
            </Fragment>
          ))}
          <Destinations list={approval.destinations} />
          <ApprovalPicture approval={approval} />
          {approval.warning !== null && (
            <div className="ask-warning">
              <Icon name="warn" size={18} />
              <span>
                <b>Careful.</b> {approval.warning}
              </span>
            </div>
          )}
          <p className="ask-why">
            {approval.reason}
            {approval.tool === "browser_submit" && " Its page stays open for about 25 minutes; answered later, it has to go there again."}
          </p>
        </>
      ) : (
        <ApprovalStanding approval={approval} titleId={title} />
      )}
      <ApprovalDetails approval={approval} />
      {waiting && (
        <AnswerForm
          approval={approval}
          busy={answering?.status === "sent"}
          onAnswer={(answer, note) => {
            answered.current = true;
            session.answer(approval.id, answer, note);
          }}
        />
      )}
      {answering !== undefined && answering.message !== "" && (
        <p className="error" role="alert">
          {answering.message}
        </p>
      )}
    </article>
  );
}
