import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { RecordedRequest } from './recorded-request.ts';

/** What of the published description (Swagger 2.0) is used here. */
interface Description {
  readonly host: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** Paths that differ in their query only: list beside get. */
  readonly 'x-ms-paths': Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly definitions: Readonly<Record<string, object>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body';
  readonly required?: boolean;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly items?: { readonly $ref?: string };
}

/** Compares what was sent and answered with the published descriptions of the APIs that are called. */
export interface PublishedContract {
  /** A sentence for each request that does not fit; none: all fit. Requests to other APIs are passed over. */
  requestProblems(requests: Iterable<RecordedRequest>): readonly string[];
  /** The same for the answers with status 200. */
  answerProblems(requests: Iterable<RecordedRequest>): readonly string[];
}

/** One description, and what of it the simulator plays. */
interface Chapter {
  readonly description: Description;
  readonly isPlayed: (request: RecordedRequest) => boolean;
  /** Its own examples send secrets that are to be kept as null, where the description knows a text only. */
  readonly sendsNull: boolean;
}

/** @param folder holds `tokens-7.2.json`, `taskAgent-7.2.json` and `serviceEndpoint-7.2.json` of MicrosoftDocs/vsts-rest-api-specs. */
export async function readPublishedContract(folder: string): Promise<PublishedContract> {
  const chapters = await Promise.all([
    readChapter(folder, 'tokens-7.2.json', /^/, false),
    readChapter(folder, 'taskAgent-7.2.json', /\/_apis\/distributedtask\/variablegroups\b/i, true),
    readChapter(folder, 'serviceEndpoint-7.2.json', /\/_apis\/serviceendpoint\//i, true),
  ]);
  const ajv = new Ajv({
    allErrors: true,
    unknownFormats: [
      'int32',
      'int64',
      'array (int32)',
      'array (string)',
      'array (uuid)',
      'JTokenType',
      'JContainer',
      'JToken',
    ],
  });
  const problems = (
    requests: Iterable<RecordedRequest>,
    judge: (chapter: Chapter, ajv: Ajv.Ajv, request: RecordedRequest) => readonly string[],
  ): readonly string[] =>
    [...requests].flatMap((request) => {
      const chapter = chapters.find((each) => each.isPlayed(request));
      return chapter === undefined ? [] : judge(chapter, ajv, request);
    });
  return {
    requestProblems: (requests) => problems(requests, requestProblems),
    answerProblems: (requests) => problems(requests, answerProblems),
  };
}

async function readChapter(folder: string, file: string, path: RegExp, sendsNull: boolean): Promise<Chapter> {
  const text = await readFile(join(folder, file), 'utf8');
  // The files begin with a byte order mark.
  const description: Description = JSON.parse(text.replace(/^\ufeff/, ''));
  return {
    description,
    isPlayed: (request) => request.host === description.host && path.test(request.path),
    sendsNull,
  };
}

function requestProblems(chapter: Chapter, ajv: Ajv.Ajv, request: RecordedRequest): readonly string[] {
  const { description, sendsNull } = chapter;
  const about = `${request.method} ${request.path} (request ${request.ordinal})`;
  const operation = operationOf(description, request);
  if (operation === undefined) return [`${about}: the description has no such operation.`];
  const parameters = operation.parameters.map((each) => resolved(description, each));
  const problems: string[] = [];
  const inQuery = new Map(parameters.filter((each) => each.in === 'query').map((each) => [each.name, each]));
  for (const [name, value] of request.query) {
    const parameter = inQuery.get(name);
    if (parameter === undefined)
      problems.push(`${about}: ${operation.operationId} knows no query parameter "${name}".`);
    else if (!fits(ajv, parameter, value)) problems.push(`${about}: "${name}" must not be "${value}".`);
  }
  for (const parameter of inQuery.values())
    if (parameter.required && !request.query.has(parameter.name))
      problems.push(`${about}: "${parameter.name}" is missing.`);

  const body = parameters.find((each) => each.in === 'body');
  if (body?.schema === undefined) {
    if (request.body !== '') problems.push(`${about}: ${operation.operationId} takes no body.`);
    return problems;
  }
  // The description does not say that other fields are forbidden; nobody knows what they would do.
  const reference = body.schema.$ref;
  if (reference === undefined) return [...problems, `${about}: nothing here sends such a body.`];
  const schema = { ...definitionOf(description, reference), additionalProperties: false };
  return [...problems, ...schemaProblems(description, ajv, schema, request.body, about, sendsNull)];
}

function answerProblems({ description }: Chapter, ajv: Ajv.Ajv, request: RecordedRequest): readonly string[] {
  const answered = operationOf(description, request)?.responses['200']?.schema;
  const reference = answered?.$ref ?? answered?.items?.$ref;
  const body = (request.answer?.body ?? '').replace(/^\ufeff/, '');
  // What does not exist is answered with null.
  if (request.status !== 200 || reference === undefined || body === 'null') return [];
  const about = `The answer to ${request.method} ${request.path} (request ${request.ordinal})`;
  const one = { ...definitionOf(description, reference), additionalProperties: false };
  // A list is described as an array, and comes with its count around it.
  const list = { type: 'object', required: ['count', 'value'], properties: { value: { type: 'array', items: one } } };
  return schemaProblems(description, ajv, answered?.items === undefined ? one : list, body, about, true);
}

function operationOf(description: Description, request: RecordedRequest): Operation | undefined {
  const isPath = (template: string): boolean =>
    new RegExp(`^${template.replace(/\?$/, '').replaceAll(/\{\w+\}/g, '[^/]+')}$`, 'i').test(request.path);
  const method = request.method.toLowerCase();
  const candidates: Operation[] = [];
  for (const paths of [description.paths, description['x-ms-paths']])
    for (const [template, methods] of Object.entries(paths)) {
      const operation = methods[method];
      if (operation !== undefined && isPath(template)) candidates.push(operation);
    }
  // Some share path and method (list and get, list by id and by name): the parameters tell them apart.
  const strangers = (operation: Operation): number => {
    const known = operation.parameters.map((each) => resolved(description, each)).filter((each) => each.in === 'query');
    const unknown = [...request.query.keys()].filter((name) => known.every((each) => each.name !== name));
    return unknown.length + known.filter((each) => each.required && !request.query.has(each.name)).length;
  };
  return candidates.sort((left, right) => strangers(left) - strangers(right))[0];
}

function resolved(description: Description, parameter: Parameter | { readonly $ref: string }): Parameter {
  if (!('$ref' in parameter)) return parameter;
  const found = description.parameters[parameter.$ref.replace('#/parameters/', '')];
  if (found === undefined) throw new Error(`The description lacks ${parameter.$ref}.`);
  return found;
}

function definitionOf(description: Description, reference: string): object {
  const found = description.definitions[reference.replace('#/definitions/', '')];
  if (found === undefined) throw new Error(`The description lacks ${reference}.`);
  return found;
}

function fits(ajv: Ajv.Ajv, parameter: Parameter, value: string): boolean {
  switch (parameter.type) {
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'integer':
      return /^-?\d+$/.test(value);
    default: {
      const format = parameter.format === undefined ? {} : { format: parameter.format };
      const allowed = parameter.enum === undefined ? {} : { enum: parameter.enum };
      return ajv.validate({ type: 'string', ...format, ...allowed }, value) === true;
    }
  }
}

function schemaProblems(
  description: Description,
  ajv: Ajv.Ajv,
  schema: object,
  text: string,
  about: string,
  mayHoldNull = false,
): readonly string[] {
  let value: unknown;
  try {
    // The description knows no null, its own examples do ("token": null): in answers it counts as absent.
    value = JSON.parse(text, (_key, each) => (mayHoldNull && each === null ? undefined : each));
  } catch {
    return [`${about}: the body is no JSON.`];
  }
  if (ajv.validate({ ...schema, definitions: description.definitions }, value) === true) return [];
  return (ajv.errors ?? []).map(
    (error) => `${about}: ${error.dataPath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}
