const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Words that carry no meaning of their own and are not indexed. Kept short: a word that is also a name, a month or a thing ("will", "may", "us", "can") is indexed, and weighs
 * little in a question because it is common.
 */
export const STOP_WORDS = words(`
  a an the and or but nor so if then than that this these those there here
  of to in on at by for from with without into onto upon about as
  is am are was were be been being it its itself
  i you he she we they me him her them my your his our their mine yours hers ours theirs
  myself yourself himself herself ourselves themselves yourselves
  do does did doing done have has had having
  im ive id ill youre youve youd youll hes shes weve theyre theyve theyll thats theres heres whats lets
  dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt cant cannot aint
  not no yes oh ok okay very just too also really
`);

/** What makes a sentence a question and says nothing of what is sought. A question of nothing else seeks nothing. */
export const QUESTION_WORDS = words(`
  what which who whom whose when where why how whats whos wheres hows whens
  will would can could shall should may might must any some let us
`);

/** Said to the one who is to look. Dropped from questions where other words are left. */
export const REQUEST_WORDS = words(`
  tell show find give list search look remind remember recall know please say said anything something
`);
