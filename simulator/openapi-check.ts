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
  readonly responses: Readonly<Record<string, { readonly schema?: { readonly $ref: string } }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body';
  readonly required?: boolean;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly schema?: { readonly $ref: string };
}

/** Compares what was sent and answered with the published description of the PAT API. */
export interface PatApiContract {
  /** A sentence for each request that does not fit; none: all fit. Other hosts' requests are passed over. */
  requestProblems(requests: Iterable<RecordedRequest>): readonly string[];
  /** The same for the answers with status 200. */
  answerProblems(requests: Iterable<RecordedRequest>): readonly string[];
}

/** @param folder holds `tokens-7.2.json` of MicrosoftDocs/vsts-rest-api-specs. */
export async function readPatApiContract(folder: string): Promise<PatApiContract> {
  const text = await readFile(join(folder, 'tokens-7.2.json'), 'utf8');
  // The file begins with a byte order mark.
  const description: Description = JSON.parse(text.replace(/^\ufeff/, ''));
  const ajv = new Ajv({ allErrors: true, unknownFormats: ['int32', 'int64'] });
  const forPats = function* (requests: Iterable<RecordedRequest>): Iterable<RecordedRequest> {
    for (const request of requests) if (request.host === description.host) yield request;
  };
  return {
    requestProblems: (requests) =>
      [...forPats(requests)].flatMap((request) => requestProblems(description, ajv, request)),
    answerProblems: (requests) =>
      [...forPats(requests)].flatMap((request) => answerProblems(description, ajv, request)),
  };
}

function requestProblems(description: Description, ajv: Ajv.Ajv, request: RecordedRequest): readonly string[] {
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
  const schema = { ...definitionOf(description, body.schema.$ref), additionalProperties: false };
  return [...problems, ...schemaProblems(description, ajv, schema, request.body, about)];
}

function answerProblems(description: Description, ajv: Ajv.Ajv, request: RecordedRequest): readonly string[] {
  const reference = operationOf(description, request)?.responses['200']?.schema?.$ref;
  if (request.status !== 200 || reference === undefined) return [];
  const about = `The answer to ${request.method} ${request.path} (request ${request.ordinal})`;
  const body = (request.answer?.body ?? '').replace(/^\ufeff/, '');
  const schema = { ...definitionOf(description, reference), additionalProperties: false };
  return schemaProblems(description, ajv, schema, body, about, true);
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
  // List and get share path and method: authorizationId tells them apart.
  const wantsOne = request.query.has('authorizationId');
  const knowsId = (operation: Operation): boolean =>
    operation.parameters.some((each) => resolved(description, each).name === 'authorizationId');
  return method === 'get' ? candidates.find((each) => knowsId(each) === wantsOne) : candidates[0];
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
