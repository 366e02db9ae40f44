/** Most elements that the tokens of an instance may enter within one step; a loop that waits for nothing ends here. */
export const maxEntriesPerStep = 50_000;

/** What a question counts for, in entries: every one is a round trip of the runner, so that a step asks at most 1,000. */
export const entriesPerQuestion = 50;

/** Most runs of one loop over a collection or a cardinality. */
export const maxInstances = 10_000;

/** Most tokens that an instance may have at a time. */
export const maxTokens = 20_000;

/** Most completed activities that an instance remembers to compensate them. */
export const maxCompletions = 10_000;

/** How many tokens an inclusive or complex join may look at for one entry. */
export const tokensPerEntry = 100;
