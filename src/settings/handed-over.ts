import type { Mode } from '../renewal/policy.ts';
import { type InputReading, quoted } from './input-reading.ts';
import type { Inputs } from './inputs.ts';

/** The job's variable that names what *advanced* has handed over. */
export const handedOverVariable = 'RenewPats.HandedOver';

const guids = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** The ids of PATs that were handed over in this job: see the field of the settings. */
export function readHandedOver(read: InputReading, inputs: Inputs, mode: Mode | undefined): readonly string[] {
  const variable = inputs.variable?.(handedOverVariable) ?? '';
  // What an earlier attempt left there; this task wrote it, so it is not a person's mistake.
  if (mode === 'advanced') return idsIn(variable);
  if (mode !== 'revoke' || read.isGiven('keyVault') || read.isGiven('variableGroup')) return [];
  // Nothing handed over is no variable: that is the usual case, and no mistake.
  if (variable === '' && read.isDefault('handedOver')) return [];
  const text = read.text('handedOver') ?? '';
  const other = text.replace(guids, '').replace(/[\s,;]+/g, '');
  if (other !== '') {
    read.problem('handedOver', `${quoted(text)} is not a list of PATs’ ids (authorizationId), separated by commas.`);
  }
  return idsIn(text);
}

function idsIn(text: string): readonly string[] {
  return [...new Set(text.match(guids)?.map((id) => id.toLowerCase()))];
}
