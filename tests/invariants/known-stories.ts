import { readFileSync } from 'node:fs';
import type { Story } from './story.ts';

interface KnownStory {
  /** The fault that this story brings to light: one that was planted, or one that the product once had. */
  readonly reveals: string;
  readonly story: Story;
}

/** Short stories that have found something. They come first in every exploration. */
export const knownStories = (
  JSON.parse(readFileSync(new URL('known-stories.json', import.meta.url), 'utf8')) as readonly KnownStory[]
).map(({ story }) => story);
