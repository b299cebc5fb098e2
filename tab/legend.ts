import { element } from './element.ts';
import type { Kind, Life } from './life.ts';
import { shapeOf, visibleSegments } from './time-line.ts';
import type { TimeScale } from './time-scale.ts';

export interface Legend {
  readonly element: HTMLElement;
  /** Explains what is in the picture of these PATs, and nothing else. */
  readonly show: (lives: readonly Life[]) => void;
}

/**
 * What the bars mean; each line says it in words of its own, so this is for the eye alone.
 * @param added what an added piece of life is called
 */
export function legend(scale: TimeScale, added: string): Legend {
  const place = element('div', { class: 'legend', 'aria-hidden': 'true' });
  const kinds = new Map<Life, ReadonlySet<Kind>>();
  const kindsOf = (life: Life) => {
    const known = kinds.get(life) ?? new Set(visibleSegments(life, scale).map(({ kind }) => kind));
    kinds.set(life, known);
    return known;
  };
  return {
    element: place,
    show: (lives) => {
      const shown = new Set<Kind>();
      for (const life of lives) for (const kind of kindsOf(life)) shown.add(kind);
      const entries = meanings(lives, added).filter(([kind]) => shown.has(kind));
      place.replaceChildren(
        ...entries.map(([kind, text]) =>
          element('span', {}, element('span', { class: 'swatch' }, element('span', { class: shapeOf(kind) })), text),
        ),
      );
    },
  };
}

function meanings(lives: readonly Life[], added: string): readonly (readonly [Kind, string])[] {
  const isDone = lives.some(({ revokedAt }) => revokedAt !== undefined);
  const isToCome = lives.some(({ revokedAt, revokeAfter }) => revokedAt === undefined && revokeAfter !== undefined);
  return [
    ['life', 'valid'],
    ['near', 'valid, but failed or ends soon'],
    ['added', added],
    ['old', 'until it was superseded'],
    ['grace', 'superseded, still valid'],
    ['revoke', isDone && isToCome ? 'revoked, or to be' : isDone ? 'revoked' : 'to be revoked'],
    ['lost', 'not used any more'],
    ['over', 'expired'],
    ['end', 'end'],
  ];
}
