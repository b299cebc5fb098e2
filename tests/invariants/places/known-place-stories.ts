import { readFileSync } from 'node:fs';
import type { PlaceStory } from './place-story.ts';

/** Short stories, each of which brings a planted fault to light. They come first in every exploration. */
export const knownPlaceStories = JSON.parse(
  readFileSync(new URL('known-place-stories.json', import.meta.url), 'utf8'),
) as readonly { readonly reveals: string; readonly story: PlaceStory }[];
