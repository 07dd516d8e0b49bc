import { describe, expect, it } from "vitest";
import type { ApprovalView } from "../../src/channels/approval-view.ts";
import { expiresIn, standing, toneOf } from "../../src/web/approvals/approval-words.ts";
import {
  type ApprovalsState,
  loseAnswers,
  mergeApprovals,
  refuseAnswer,
  sendAnswer,
  takeApprovals,
} from "../../src/web/chat/approval-state.ts";
import { chatReducer, emptyChat } from "../../src/web/chat/chat-state.ts";
import { timeline } from "../../src/web/chat/timeline.ts";
import { titleOf } from "../../src/web/lib/page-title.ts";
import { approval, message } from "./fixtures.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nothing: ApprovalsState = { approvals: [], answers: [] };

describe("mergeApprovals()", () => {
  it("never goes back to an earlier state, whichever comes last", () => {
    const done = approval({ state: "done" });
    expect(mergeApprovals([done], [approval()])).toEqual([done]);
    expect(mergeApprovals([approval()], [done])).toEqual([done]);
  });

  it("orders by when they were asked", () => {
    const first = approval({ id: "b", created_at: 1 });
    const second = approval({ id: "a", created_at: 2 });
    expect(mergeApprovals([second], [first])).toEqual([first, second]);
  });
});

describe("takeApprovals()", () => {
  it("takes an answer as confirmed when its approval has moved on, and not before", () => {
    const sent = sendAnswer(takeApprovals(nothing, [approval()]), "p1", "k1");
    expect(takeApprovals(sent, [approval()]).answers).toHaveLength(1);
    expect(takeApprovals(sent, [approval({ state: "approved" })]).answers).toEqual([]);
  });

  it("keeps a refusal to be read, and drops the word of a lost answer when it had arrived", () => {
    const sent = sendAnswer(takeApprovals(nothing, [approval()]), "p1", "k1");
    const settled = [approval({ state: "denied" })];
    expect(takeApprovals(refuseAnswer(sent, "k1", "It was settled."), settled).answers).toMatchObject([{ message: "It was settled." }]);
    expect(loseAnswers(sent).answers).toMatchObject([{ status: "lost" }]);
    expect(takeApprovals(loseAnswers(sent), settled).answers).toEqual([]);
  });
});

describe("chatReducer() about approvals", () => {
  it("loses an answer with an open connection, not one that went over HTTP while there was none", () => {
    const waiting = chatReducer(emptyChat, { type: "approvals", approvals: [approval()] });
    const open = chatReducer(waiting, { type: "connection", connection: "open" });
    const lost = (state: typeof open) =>
      chatReducer(chatReducer(state, { type: "answer", approvalId: "p1", key: "k1" }), { type: "connection", connection: "lost" });
    expect(lost(open).answers).toMatchObject([{ status: "lost" }]);
    expect(lost(waiting).answers).toMatchObject([{ status: "sent" }]);
  });

  it("puts a refusal beside its approval, not above the conversation", () => {
    const sent = chatReducer(chatReducer(emptyChat, { type: "approvals", approvals: [approval()] }), {
      type: "answer",
      approvalId: "p1",
      key: "k1",
    });
    const refused = chatReducer(sent, {
      type: "frames",
      frames: [{ type: "error", id: "k1", error: { code: "conflict", message: "This was settled already." } }],
    });
    expect(refused.answers).toMatchObject([{ status: "refused", message: "This was settled already." }]);
    expect(refused.error).toBeNull();
  });
});

describe("timeline() with approvals", () => {
  const kinds = (approvals: ApprovalView[], turns: string[] = []) => {
    const messages = [
      message({ turn_id: "t1" }),
      message({ role: "assistant", turn_id: "t1" }),
      message({ turn_id: "t2" }),
      message({ role: "assistant", turn_id: "t2" }),
    ];
    const state = chatReducer(
      chatReducer(chatReducer(emptyChat, { type: "page", page: { messages, next_before: null }, older: false }), {
        type: "approvals",
        approvals,
      }),
      { type: "frames", frames: turns.map((id) => ({ type: "turn", turn_id: id })) },
    );
    return timeline(state, () => "day").flatMap((row) =>
      row.kind === "message" ? [row.message.turn_id] : row.kind === "day" ? [] : [row.kind],
    );
  };

  it("places one after the answer of its turn, and after the running turn", () => {
    expect(kinds([approval({ turn_id: "t1" })])).toEqual(["t1", "t1", "approval", "t2", "t2"]);
    expect(kinds([approval({ turn_id: "t3" })], ["t3"])).toEqual(["t1", "t1", "t2", "t2", "live", "approval"]);
  });

  it("places a waiting one whose turn is not in view at the end, and leaves a settled one out", () => {
    expect(kinds([approval({ turn_id: null })]).at(-1)).toBe("approval");
    expect(kinds([approval({ turn_id: "elsewhere" })]).at(-1)).toBe("approval");
    expect(kinds([approval({ turn_id: "elsewhere", state: "done" })])).not.toContain("approval");
  });
});

describe("expiresIn()", () => {
  it.each([
    [-1, "its time is over"],
    [20_000, "expires in less than a minute"],
    [5 * MINUTE, "expires in 5 min"],
    [23 * HOUR + 59 * MINUTE, "expires in 23 h"],
    [47 * HOUR, "expires in 47 h"],
    [7 * 24 * HOUR, "expires in 7 days"],
  ])("says of %i ms: %s", (left, said) => {
    expect(expiresIn(1000, 1000 + left)).toBe(said);
  });
});

describe("standing()", () => {
  it("tells how it ended, with what was answered", () => {
    expect(standing(approval({ state: "done", scope: "always", outcome: "Added." }))).toBe("You said yes, from now on. Added.");
    expect(standing(approval({ state: "failed", scope: "once", outcome: "It is full." }))).toBe(
      "You said yes, once, but it did not work. It is full.",
    );
    expect(standing(approval({ state: "denied", answered_at: 5 }))).toBe("You said no.");
    expect(standing(approval({ state: "expired" }))).toContain("Nobody answered in time");
  });

  it("does not say of what was stopped before an answer that the person said no", () => {
    const outcome = "What asked this was stopped before it was answered.";
    expect(standing(approval({ state: "denied", outcome }))).toBe(outcome);
  });

  it("does not say again what was asked", () => {
    const ended = (outcome: string): string => standing(approval({ state: "done", scope: "once", description: "Run ls", outcome }));
    expect(ended("Run ls (2 files changed)")).toBe("You said yes, once. 2 files changed.");
    expect(ended("Run ls")).toBe("You said yes, once. Done.");
    expect(ended("Exit code 1: Run ls")).toBe("You said yes, once. Exit code 1: Run ls");
  });

  it("does not make an unknown end look like a good one", () => {
    expect(standing(approval({ state: "unknown", scope: "once" }))).toContain("whether it happened is not known. Look before");
    const outcome = "It was stopped while it ran; how much of it happened is not known.";
    expect(standing(approval({ state: "unknown", scope: "once", outcome }))).toBe(
      `You said yes, once. ${outcome} Look before you ask for it again.`,
    );
    expect(toneOf("unknown")).toBe("bad");
  });
});

describe("titleOf()", () => {
  it("names the page and how much waits", () => {
    expect(titleOf(null, 0)).toBe("Margay");
    expect(titleOf("Activity", 2)).toBe("(2) Activity · Margay");
  });
});
