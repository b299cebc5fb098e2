import { readFileSync } from 'node:fs';
import { type Start, type Story, usualStart } from './story.ts';

interface KnownStory {
  /** The fault that this story brings to light: one that was planted, or one that the product once had. */
  readonly reveals: string;
  readonly story: Story;
}

interface Kept extends Pick<KnownStory, 'reveals'> {
  /** Of its start only what is not as usual. */
  readonly story: Omit<Story, 'start'> & { readonly start: Partial<Start> };
}

/** Short stories that have found something. They come first in every exploration. */
export const knownStories: readonly KnownStory[] = (
  JSON.parse(readFileSync(new URL('known-stories.json', import.meta.url), 'utf8')) as readonly Kept[]
).map(({ reveals, story }) => ({ reveals, story: { ...story, start: { ...usualStart, ...story.start } } }));
