import { stem } from "porter2";

/** English words whose forms a stemmer cannot bring together: the plain form, then the others. */
const FORMS = `
arise arose arisen; awake awoke awoken; bear borne; beat beaten; become became; begin began begun; bend bent; bite bit bitten;
bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen;
cling clung; come came; creep crept; deal dealt; dig dug; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten;
fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fling flung; fly flew flown flies; forbid forbade forbidden; forget forgot forgotten;
forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; go went gone goes; grow grew grown; hang hung; hear heard;
hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lead led; lean leant; leap leapt; learn learnt; lend lent;
light lit; lose lost; make made; mean meant; meet met; mistake mistook mistaken; overcome overcame; pay paid; prove proven; ride rode ridden; ring rang rung;
rise risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; sew sewn; shake shook shaken; shine shone; shoot shot; show shown;
shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; smell smelt; speak spoke spoken; speed sped; spell spelt; spend spent;
spill spilt; spin spun; spit spat; spoil spoilt; spring sprung; stand stood; steal stole stolen; stick stuck; sting stung; strike struck stricken;
strive strove striven; swear swore sworn; sweep swept; swell swollen; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told;
think thought; throw threw thrown; understand understood; undertake undertook undertaken; undo undid undone; wake woke woken; wear wore worn;
weave wove woven; weep wept; win won; withdraw withdrew withdrawn; write wrote written; rewrite rewrote rewritten; rebuild rebuilt; redo redid redone;
child children; foot feet; goose geese; man men; mouse mice; ox oxen; person people persons; tooth teeth; woman women; wife wives; knife knives;
 half halves; shelf shelves; wolf wolves; thief thieves; calf calves; self selves; loaf loaves; scarf scarves; hoof hooves;
analysis analyses; basis bases; crisis crises; thesis theses; hypothesis hypotheses; axis axes; diagnosis diagnoses; synthesis syntheses; parenthesis parentheses;
criterion criteria; phenomenon phenomena; medium media; datum data; bacterium bacteria; curriculum curricula; matrix matrices; vertex vertices; index indices;
appendix appendices; vortex vortices; radius radii; nucleus nuclei; stimulus stimuli; fungus fungi; cactus cacti; alumnus alumni; formula formulae; larva larvae;
far farther further farthest furthest; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 11 eleven; 12 twelve
`;

/** Words for the same thing and other spellings, by their stems, so that "colours" and "color" meet too: the one that is kept, then the others. */
const SAME = `
mom mum mommy mummy; dad daddy; grandma granny; grandpa granddad; bike bicycle; photo photograph photography pic; tv television telly; phone telephone;
kid child; math maths mathematics; gym gymnasium; exam examination; flu influenza; fridge refrigerator; ad advert advertisement; plane airplane aeroplane; vet veterinarian;
color colour; favorite favourite fav fave; center centre; theater theatre; behavior behaviour; neighbor neighbour; honor honour; labor labour; flavor flavour; gray grey; travel travell;
family fam; festival fest; birthday bday; tournament tourney; video vid; vegetable veggie; information info; laboratory lab; university uni; congratulation congrat;
organize organise; realize realise; recognize recognise; analyze analyse; jewelry jewellery; fiber fibre; meter metre; liter litre; license licence; defense defence
`;

const groupsOf = (text: string): string[][] =>
  text
    .trim()
    .split(/\s*;\s*/)
    .map((group) => group.split(/\s+/));

const plain = new Map<string, string>();
for (const [base = "", ...others] of groupsOf(FORMS)) for (const other of others) if (!plain.has(other)) plain.set(other, base);

const same = new Map<string, string>();
for (const [base = "", ...others] of groupsOf(SAME))
  for (const other of others) if (stem(other) !== stem(base)) same.set(stem(other), stem(base));

/** The plain form of an irregular English word ("bought" is "buy"), or the word as it is. */
export const plainForm = (word: string): string => plain.get(word) ?? word;

/** The stem that stands for it and its other spellings. */
export const commonStem = (stemmed: string): string => same.get(stemmed) ?? stemmed;
