import { FULL_ACCESS } from './pat-policies.ts';

/**
 * The scopes with those that they include: writing and managing include reading, and nearly all of them the profile
 * (the table of integrate/get-started/authentication/oauth, simplified).
 */
export function withImplied(scope: string): string {
  if (scope === FULL_ACCESS) return scope;
  const asked = scope.split(' ');
  return [...new Set([...asked, ...asked.map((part) => part.replace(/_[a-z]+$/i, '')), 'vso.profile'])].join(' ');
}
