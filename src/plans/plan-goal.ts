/** What `/plan` says about plans that are there; anything else after it is what a plan is to be made for. */
const ABOUT_PLANS =
  /^(?:list|ls|help|(?:show|open|run|cancel|stop|retry|delete|remove|save)\s+#?\d{1,9}(?:\s+as\s+\S+)?|(?:approve|reject)\s+#?\d{1,9}(?:\s+[a-z][a-z0-9_,\s]*)?|(?:show|run|cancel|retry|delete|approve|reject))$/iu;

/** Whether a `/command` asks for a plan to be made: then a turn answers it, and no command. */
export const isPlanGoal = ({ name, args }: { name: string; args: string }): boolean =>
  name === "plan" && args.trim() !== "" && !ABOUT_PLANS.test(args.trim());
