import { pictureOf } from "../../channels/approval-subject.ts";
import type { ApprovalView } from "../../channels/approval-view.ts";
import { ownPicture } from "../lib/own-picture.ts";

/** What a page looked like when something was to be sent from it. It is the user's own file; the page itself drew it, so what is written in it is only its word. */
export function ApprovalPicture({ approval }: { approval: ApprovalView }) {
  const picture = pictureOf(approval);
  const address = picture === null ? null : ownPicture(picture);
  if (address === null) return null;
  return (
    <a className="picture ask-picture" href={address} target="_blank" rel="noopener noreferrer">
      <img src={address} alt="The page as it was" loading="lazy" />
    </a>
  );
}
