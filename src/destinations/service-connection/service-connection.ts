import { type AzureDevOps, isRecord } from '../../services/azure-devops.ts';
import type { JsonObject } from '../../services/library.ts';
import {
  administratorOfEndpoint,
  endpointPhrase,
  findEndpoint,
  type NamedEndpoint,
  noSuchEndpoint,
  readEndpoint,
  writeEndpoint,
} from '../../services/service-endpoints.ts';
import type { ServiceError } from '../../services/service-error.ts';
import { foreignEdit, type LastChange, readLastChange, stampOf } from '../one-slot/last-change.ts';
import type { Edit, SlotRecord } from '../one-slot/record.ts';
import { hasRoom, personalLimit, readDescription, withRecord } from '../one-slot/record-in-line.ts';
import type { Slot, SlotView } from '../one-slot/slot.ts';
import { slotPlace, unsettled } from '../one-slot/slot-place.ts';
import type { Place } from '../port.ts';
import { isOfOrganization, secretKeyOf } from './connection-types.ts';

/** The token of a service connection, by the connection's name in a project. */
export function connectionPlace(devOps: AzureDevOps, named: NamedEndpoint): Place {
  return slotPlace(connectionSlot(devOps, named));
}

export interface Connection {
  readonly id: string;
  readonly document: JsonObject;
}

export function connectionSlot(devOps: AzureDevOps, named: NamedEndpoint): Slot<Connection> {
  const { organization, project, name } = named;
  const label = `${project}/${name}`;
  const key = JSON.stringify(['connection', organization, project, name]).toLowerCase();
  return {
    devOps,
    key,
    label,
    phrase: `service connection ${label}`,
    documentKey: key,
    identityOf: ({ id }) => JSON.stringify(['connection', organization, id]).toLowerCase(),
    within: undefined,
    load: async () => {
      const id = await findEndpoint(devOps, named);
      const document = id === undefined ? undefined : await readEndpoint(devOps, named, id);
      if (id === undefined || document === undefined) throw noSuchEndpoint(named);
      return { id, document };
    },
    reload: async ({ id }) => {
      const document = await readEndpoint(devOps, named, id);
      if (document === undefined) throw noSuchEndpoint(named);
      return { id, document };
    },
    view: ({ document }) => viewOf(document, named),
    put: async ({ id, document }, { record, token }) => {
      const sent = withEntry(document, record, token);
      const written = await writeEndpoint(devOps, named, id, sent);
      if (!shows(written, sent)) throw notShown(named);
      return { id, document: written };
    },
  };
}

function viewOf(document: JsonObject, named: NamedEndpoint): SlotView {
  const change = readLastChange(document, 'modificationDate');
  const obstacle = obstacleIn(document, named);
  const found = recordOf(document, change);
  return {
    // What a connection holds is never shown, and there is none without a token.
    value: { kind: 'hidden' },
    record: found?.record,
    edit: found?.edit,
    stamp: stampOf(change),
    obstacle,
  };
}

/** The record that all projects show. Where they differ, a person has edited one: then the latest counts, with doubt. */
function recordOf(
  document: JsonObject,
  change: LastChange,
): { readonly record: SlotRecord; readonly edit: Edit | undefined } | undefined {
  const records = descriptionsOf(document).map((text) => readDescription(text).record);
  const [latest] = records.filter((record) => record !== undefined).sort((left, right) => right.at - left.at);
  if (latest === undefined) return undefined;
  const isAgreed = records.every((record) => JSON.stringify(record) === JSON.stringify(latest));
  const edit = foreignEdit(latest, change, latest.at);
  return { record: latest, edit: edit ?? (isAgreed ? undefined : { by: change.name, at: change.at ?? latest.at }) };
}

function descriptionsOf(document: JsonObject): readonly string[] {
  return [document, ...referencesOf(document)].map((each) => textOf(each, 'description'));
}

function referencesOf(document: JsonObject): readonly JsonObject[] {
  const references = document.serviceEndpointProjectReferences;
  return Array.isArray(references) ? (references as readonly unknown[]).filter(isRecord) : [];
}

function textOf(object: JsonObject, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value : '';
}

function authorizationOf(document: JsonObject): { readonly scheme: string; readonly parameters: JsonObject } {
  const authorization = isRecord(document.authorization) ? document.authorization : {};
  const parameters = isRecord(authorization.parameters) ? authorization.parameters : {};
  return { scheme: textOf(authorization, 'scheme'), parameters };
}

function obstacleIn(document: JsonObject, { project, name, organization }: NamedEndpoint): string | undefined {
  const phrase = endpointPhrase(project, name);
  const [type, url] = [textOf(document, 'type'), textOf(document, 'url')];
  const { scheme, parameters } = authorizationOf(document);
  if (type === '' || scheme === '') {
    return `the service account sees little of ${phrase}, as a Reader does, so it cannot write there. ${administratorOfEndpoint}`;
  }
  const key = secretKeyOf(type, scheme);
  if (key === undefined) {
    return (
      `${phrase} is of type "${type}" with authentication "${scheme}", and no such connection holds an Azure DevOps PAT as far as ` +
      'this task knows. Name another place in the input pats.'
    );
  }
  const others = Object.entries(parameters).filter(([each, value]) => value === null && each !== key);
  if (others.length > 0) {
    return (
      `${phrase} keeps more than one secret (${[key, ...others.map(([each]) => each)].join(', ')}), and writing one could wipe the ` +
      'others. Use a connection that keeps the token only.'
    );
  }
  if (document.isDisabled === true) return `${phrase} is disabled. Enable it, or name another place in the input pats.`;
  if (!isOfOrganization(url, type, organization)) {
    return (
      `${phrase} leads to ${url === '' ? 'no address' : `"${url}"`}, which is not organization "${organization}": a PAT of that organization is of no use there, ` +
      'and would be given away. Name a connection of the same organization.'
    );
  }
  if (referencesOf(document).length === 0) {
    return `Azure DevOps does not show the projects of ${phrase}, so a write could end the sharing. ${administratorOfEndpoint}`;
  }
  const longest = Math.max(...descriptionsOf(document).map((text) => readDescription(text).personal.length));
  if (descriptionsOf(document).every((text) => hasRoom(readDescription(text).personal))) return undefined;
  return (
    `the description of ${phrase} has ${longest} characters, and this task keeps a note of up to 500 below it: shorten it to ` +
    `${personalLimit} characters at most, in each project.`
  );
}

/** The document as it was read, but for the token and the record, which is the same in every project. */
function withEntry(document: JsonObject, record: SlotRecord, token: string): JsonObject {
  const { scheme, parameters } = authorizationOf(document);
  const key = secretKeyOf(textOf(document, 'type'), scheme);
  if (key === undefined) throw new Error('a connection of an unknown type is not written');
  const described = (each: JsonObject): JsonObject => ({
    ...each,
    description: withRecord(readDescription(textOf(each, 'description')).personal, record),
  });
  return {
    ...described(document),
    authorization: { ...(document.authorization as JsonObject), parameters: { ...parameters, [key]: token } },
    serviceEndpointProjectReferences: referencesOf(document).map(described),
  };
}

/** Whether an answer has what was sent: the same type and authentication, our record, and the same projects. */
function shows(written: JsonObject, sent: JsonObject): boolean {
  const names = (document: JsonObject) => [
    textOf(document, 'type'),
    authorizationOf(document).scheme,
    ...Object.keys(authorizationOf(document).parameters).sort(),
  ];
  const projects = (document: JsonObject) =>
    referencesOf(document)
      .map(({ projectReference }) => (isRecord(projectReference) ? textOf(projectReference, 'id') : ''))
      .sort();
  const record = (document: JsonObject) => descriptionsOf(document).map((text) => readDescription(text).record);
  const [wanted] = record(sent);
  return (
    JSON.stringify(names(written)) === JSON.stringify(names(sent)) &&
    JSON.stringify(projects(written)) === JSON.stringify(projects(sent)) &&
    record(written).every((each) => JSON.stringify(each) === JSON.stringify(wanted))
  );
}

function notShown({ project, name }: NamedEndpoint): ServiceError {
  return unsettled(
    `Azure DevOps took the change of ${endpointPhrase(project, name)}, and answered with another note or other projects than were sent.`,
    'AnswerDiffers',
    true,
  );
}
