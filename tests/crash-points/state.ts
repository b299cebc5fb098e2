import type { World } from '../../simulator/index.ts';
import { vaultHost } from '../blackbox/situation.ts';

/**
 * All that a run can find out about what happened before it, as one text: PATs, secrets and the group, with what is random (ids,
 * values) told by the order in which it came to be, and times to the minute (the task reckons with the services' time,
 * which goes on while it runs). Equal texts have equal futures.
 */
export function stateOf(world: World): string {
  const pats = [...world.pats.all()];
  const labels = new Map<string, string>();
  pats.forEach(({ authorizationId, value }, index) => {
    labels.set(authorizationId, `id ${index}`);
    labels.set(value, `value ${index}`);
  });
  /** A record names PATs within its text. */
  const told = (text: string) => {
    let labelled = withMinutes(text);
    for (const [id, label] of labels) labelled = labelled.replaceAll(id, label);
    return labelled;
  };
  const secrets = [...world.vaults.secrets(vaultHost)].map(({ name, versions }) => ({
    name,
    versions: versions.map((version, index) => ({ ...version, version: index })),
  }));
  const { variables, modifiedOn } = world.groups.named('contoso', 'Tools', 'feeds');
  return JSON.stringify(
    { now: world.now, pats, secrets, group: { variables, modifiedOn } },
    (_key, content: unknown) => {
      if (typeof content === 'number') return inMinutes(content);
      return typeof content === 'string' ? told(content) : content;
    },
  );
}

/** Small numbers are no times; Key Vault's are in seconds, all others in milliseconds. */
function inMinutes(number: number): number {
  if (number < 1e9) return number;
  return Math.round(number / (number < 1e12 ? 60 : 60_000));
}

function withMinutes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => String(inMinutes(Date.parse(time))));
}
