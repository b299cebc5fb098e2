import type { Instant } from '../../renewal/instant.ts';
import { type AzureDevOps, isRecord } from '../../services/azure-devops.ts';
import type { JsonObject } from '../../services/library.ts';
import type { ServiceError } from '../../services/service-error.ts';
import {
  findGroup,
  groupPhrase,
  type NamedGroup,
  noSuchGroup,
  notAdministratorOf,
  readGroup,
  writeGroup,
} from '../../services/variable-groups.ts';
import { foreignEdit, type LastChange, readLastChange, stampOf } from '../one-slot/last-change.ts';
import type { SlotRecord } from '../one-slot/record.ts';
import { fromJson, toJson } from '../one-slot/record-in-json.ts';
import type { Slot, SlotView } from '../one-slot/slot.ts';
import { slotPlace, unsettled } from '../one-slot/slot-place.ts';
import type { Place } from '../port.ts';

/** The plain variable beside the secret one. This name is in customers' groups: it never changes. */
const suffix = '_RenewPats';

/** A secret variable of a variable group, by its name in the group. */
export function variablePlace(devOps: AzureDevOps, named: NamedGroup, variable: string): Place {
  return slotPlace(variableSlot(devOps, named, variable));
}

export interface Group {
  readonly id: number;
  readonly document: JsonObject;
  /** Why the account cannot write it; undefined: nothing is known against it. */
  readonly obstacle: string | undefined;
}

export function variableSlot(devOps: AzureDevOps, named: NamedGroup, variable: string): Slot<Group> {
  const { organization, project, group } = named;
  const label = `${project}/${group}/${variable}`;
  const documentKey = JSON.stringify(['group', organization, project, group]).toLowerCase();
  return {
    devOps,
    key: JSON.stringify([documentKey, variable.toLowerCase()]),
    label,
    phrase: `variable ${label}`,
    documentKey,
    identityOf: ({ id }) => JSON.stringify(['group', organization, id]).toLowerCase(),
    within: variable,
    load: (toWrite) => load(devOps, named, toWrite),
    reload: async (seen) => {
      const document = await readGroup(devOps, named, seen.id);
      if (document === undefined) throw noSuchGroup(named);
      return { ...seen, document };
    },
    view: (seen) => viewOf(seen, named, variable),
    put: async (seen, entry) => {
      const document = withEntry(seen.document, variable, entry);
      const written = await writeGroup(devOps, named, seen.id, document);
      if (!shows(written, document)) throw notShown(named);
      return { ...seen, document: written };
    },
  };
}

async function load(devOps: AzureDevOps, named: NamedGroup, toWrite: boolean): Promise<Group> {
  const managed = toWrite ? await findGroup(devOps, named, 'manage') : undefined;
  const id = managed ?? (await findGroup(devOps, named, 'none'));
  const document = id === undefined ? undefined : await readGroup(devOps, named, id);
  if (id === undefined || document === undefined) throw noSuchGroup(named);
  const isRefused = toWrite && managed === undefined;
  return { id, document, obstacle: isRefused ? notAdministratorOf(named) : undefined };
}

function viewOf({ document, obstacle }: Group, named: NamedGroup, variable: string): SlotView {
  const change = readLastChange(document, 'modifiedOn');
  const name = nameIn(document, variable);
  const entry = variablesOf(document)[name];
  const value = shownValue(entry);
  const recorded = recordIn(document, recordNameIn(document, name));
  const record = value.kind === 'hidden' ? recorded : undefined;
  return {
    value,
    record,
    edit: record === undefined ? undefined : foreignEdit(record, change, latestOf(document)),
    stamp: stampOf(change),
    obstacle: obstacle ?? obstacleIn(document, named, variable),
  };
}

function obstacleIn(document: JsonObject, { project, group }: NamedGroup, variable: string): string | undefined {
  const phrase = groupPhrase(project, group);
  if (document.type !== 'Vsts') {
    return (
      `${phrase} is linked to a key vault, so values cannot be written into it. Name that vault’s secret in the input pats, and ` +
      'the vault in keyVault.'
    );
  }
  if (referencesOf(document).length === 0) {
    return (
      `Azure DevOps does not show the projects of ${phrase}, and without them a write would be refused or end the sharing. ` +
      'Make the service account a member of the group’s projects.'
    );
  }
  const recordName = recordNameIn(document, nameIn(document, variable));
  if (isSomebodys(variablesOf(document)[recordName])) {
    return (
      `${phrase} has a variable ${JSON.stringify(recordName)}, where this task keeps its note on ${JSON.stringify(variable)}, and what it holds ` +
      'is no such note, or one of a newer version of the task. Rename or delete it, or name another variable in the input pats.'
    );
  }
  const alike = Object.keys(variablesOf(document)).filter((each) => each.toLowerCase() === variable.toLowerCase());
  if (alike.length < 2) return undefined;
  const names = alike.map((each) => JSON.stringify(each)).join(' and ');
  return `${phrase} has the variables ${names}, which pipelines take for one. Delete one of them.`;
}

/** Under which name it is there: Azure Pipelines takes names that differ in case for one. */
function nameIn(document: JsonObject, variable: string): string {
  const names = Object.keys(variablesOf(document));
  const alike = names.find((each) => each.toLowerCase() === variable.toLowerCase());
  return names.includes(variable) ? variable : (alike ?? variable);
}

function recordNameIn(document: JsonObject, variable: string): string {
  return nameIn(document, `${variable}${suffix}`);
}

function variablesOf(document: JsonObject): JsonObject {
  return isRecord(document.variables) ? document.variables : {};
}

function referencesOf(document: JsonObject): readonly unknown[] {
  const references = document.variableGroupProjectReferences;
  return Array.isArray(references) ? references : [];
}

function shownValue(entry: unknown): SlotView['value'] {
  if (!isRecord(entry)) return { kind: 'none' };
  if (entry.isSecret === true) return { kind: 'hidden' };
  return { kind: 'plain', text: typeof entry.value === 'string' ? entry.value : '' };
}

function recordIn(document: JsonObject, name: string): SlotRecord | undefined {
  const value = shownValue(variablesOf(document)[name]);
  return value.kind === 'plain' ? fromJson(value.text) : undefined;
}

/** Under the name of a record, and none: writing one would destroy it. */
function isSomebodys(entry: unknown): boolean {
  const value = shownValue(entry);
  if (value.kind === 'hidden') return true;
  return value.kind === 'plain' && value.text.trim() !== '' && fromJson(value.text) === undefined;
}

function recordsOf(document: JsonObject): readonly (readonly [name: string, record: SlotRecord])[] {
  return Object.keys(variablesOf(document)).flatMap((name) => {
    const record = name.toLowerCase().endsWith(suffix.toLowerCase()) ? recordIn(document, name) : undefined;
    return record === undefined ? [] : [[name, record] as const];
  });
}

function latestOf(document: JsonObject): Instant {
  return Math.max(...recordsOf(document).map(([, { at }]) => at));
}

/** The document as it was read, but for the value, its record, and what other records must know of somebody's edit. */
function withEntry(
  document: JsonObject,
  variable: string,
  { record, token }: { readonly record: SlotRecord; readonly token: string },
): JsonObject {
  const variables = variablesOf(document);
  const name = nameIn(document, variable);
  const recordName = recordNameIn(document, name);
  const change = readLastChange(document, 'modifiedOn');
  return {
    ...document,
    variables: {
      ...variables,
      ...notesOfEdit(document, change, recordName),
      [name]: { ...objectOf(variables[name]), value: token, isSecret: true },
      [recordName]: { ...plain(variables[recordName]), value: toJson(record) },
    },
  };
}

/** This write hides who wrote before it: whoever's record stood through somebody else's change must keep knowing of it. */
function notesOfEdit(document: JsonObject, change: LastChange, except: string): JsonObject {
  const latest = latestOf(document);
  const variables = variablesOf(document);
  const notes = recordsOf(document).flatMap(([name, record]) => {
    const edited = foreignEdit(record, change, latest);
    if (name === except || record.edited !== undefined || edited === undefined) return [];
    return [[name, { ...plain(variables[name]), value: toJson({ ...record, edited }) }] as const];
  });
  return Object.fromEntries(notes);
}

function objectOf(entry: unknown): JsonObject {
  return isRecord(entry) ? entry : {};
}

function plain(entry: unknown): JsonObject {
  const { isSecret: _, ...rest } = objectOf(entry);
  return rest;
}

/** Whether an answer has what was sent: the same variables, our records, and the same projects. */
function shows(written: JsonObject, sent: JsonObject): boolean {
  const [there, wanted] = [variablesOf(written), variablesOf(sent)];
  const names = (variables: JsonObject) =>
    Object.keys(variables)
      .map((name) => name.toLowerCase())
      .sort();
  const isSame = JSON.stringify(names(there)) === JSON.stringify(names(wanted));
  const hasRecords = recordsOf(sent).every(([name, record]) => {
    const found = recordIn(written, nameIn(written, name));
    return JSON.stringify(found) === JSON.stringify(record);
  });
  const projects = (document: JsonObject) => referencesOf(document).map(projectIdOf).sort();
  // Some answers hold no references: the next read shows them.
  const isShared =
    written.variableGroupProjectReferences === null ||
    JSON.stringify(projects(written)) === JSON.stringify(projects(sent));
  return isSame && hasRecords && isShared;
}

function projectIdOf(reference: unknown): string {
  const project = isRecord(reference) && isRecord(reference.projectReference) ? reference.projectReference : {};
  return String(project.id ?? project.name ?? '').toLowerCase();
}

function notShown({ project, group }: NamedGroup): ServiceError {
  return unsettled(
    `Azure DevOps took the change of ${groupPhrase(project, group)}, and answered with other variables, another record or other projects than were sent.`,
    'AnswerDiffers',
    true,
  );
}
