const collator = new Intl.Collator('en', { numeric: true });

/** Names as people order them: `feed 9` before `feed 10`. */
export const byName: (a: string, b: string) => number = collator.compare;
