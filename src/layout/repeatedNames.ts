/**
 * A name rule: names that it gives the same answer for are one frame of a merged flame graph, called by that answer.
 *
 * @returns the name itself where it is nobody's repetition
 */
export type NameRule = (name: string) => string;

/** Stands where a number has been taken out of a name. */
const anyNumber = '*';

/**
 * The steps of a loop by what they repeat: `iteration_1` … `iteration_12` are `iteration_*`, `step 3` is `step *`. Only a number at the
 * end counts, and only behind a word that counts steps: `gpt-4` and `http2` are names of their own.
 */
export const repeatedFrame: NameRule = (name) => {
  const match = stepName.exec(name);
  return match ? `${match[1]}${anyNumber}` : name;
};

const stepName =
  /^((?:.{0,80}[^a-z])?(?:iteration|iter|step|turn|round|cycle|loop|attempt|retry|try|pass|epoch|batch|chunk|page|task|job|part|shard|item)[\s_:.#/-]{0,3})\d{1,9}$/i;
