import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { circularRefs } from './cycles';
import { draftOpenapi } from './draft';

const parcels = parse(
  readFileSync(join(__dirname, '../../../../fixtures/parcels.openapi.yaml'), 'utf8'),
) as object;

const answer = (schema: object) => ({
  openapi: '3.0.3',
  paths: {
    '/x': { get: { operationId: 'x', responses: { 200: { content: { 'application/json': { schema } } } } } },
  },
});
/** A schema as the type of an answer. */
const typeOf = (schema: object) =>
  draftOpenapi(answer(schema), 'Line').operations.match(
    /^x\(signal: AbortSignal\): Promise<([^]*)> \{\n/m,
  )?.[1];

/** What TypeScript says of a draft's syntax and of circular aliases. */
function complaints(types: string): string[] {
  const options = { noLib: true, noEmit: true, strict: true };
  const host = ts.createCompilerHost(options);
  const source = ts.createSourceFile('draft.ts', types, ts.ScriptTarget.ES2022, true);
  host.getSourceFile = (name) => (name === 'draft.ts' ? source : undefined);
  const program = ts.createProgram(['draft.ts'], options, host);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

describe('a draft of an OpenAPI document', () => {
  const draft = draftOpenapi(parcels, 'Line');

  it('has what the operations need, and nothing else', () => {
    expect(draft.types.match(/^export (?:type|interface) \w+/gm)).toEqual([
      'export interface Address',
      'export type CreateParcelBody',
      'export interface ListParcelsAnswer',
      'export interface Measures',
      'export type Message',
      'export interface MessageBase',
      'export interface Parcel',
      'export type PhotoMessage',
      'export interface SentMessageSchema',
      'export type Status',
      'export type TextMessage',
    ]);
  });

  it('is TypeScript, circles included', () => {
    expect(complaints(draft.types)).toEqual([]);
    expect(complaints('export type A = B;\nexport type B = A;')).not.toEqual([]);
  });

  it('makes interfaces of objects, with what the document says of them', () => {
    expect(draft.types).toContain(
      [
        '/** One parcel. */',
        'export interface Parcel {',
        'id: string;',
        'status: Status;',
        'to: Address;',
        'history?: (Status | number)[];',
        'labels?: { [key: string]: string };',
        'parent?: Parcel | null;',
        '"weight-in-grams"?: number;',
        'anything?: unknown;',
        '}',
      ].join('\n'),
    );
    expect(draft.types).toContain(
      '/** How far a parcel has come. */\nexport type Status = "made" | "moving" | "there";',
    );
  });

  it('gives up the member of a kind that would make it circular, and keeps the union', () => {
    expect(draft.types).toContain('export type Message = TextMessage | PhotoMessage;');
    expect(draft.types).toContain('export type TextMessage = MessageBase & {');
  });

  it('makes a method of each operation that takes JSON or nothing', () => {
    expect([draft.draftedOperations, draft.allOperations]).toEqual([5, 7]);
    expect(draft.operations.match(/^\w+(?=\((?:path|query|body|signal): )/gm)).toEqual([
      'listParcels',
      'createParcel',
      'putParcelsParcelIdNotesNote',
      'callOperation',
      'sendMessage',
    ]);
    expect(draft.operations).toContain(
      [
        '/** Parcels on their way. `GET /parcels` */',
        'listParcels(query: { language?: "en" | "pt"; limit?: number; status: Status }, signal: AbortSignal): Promise<ListParcelsAnswer> {',
      ].join('\n'),
    );
    expect(draft.operations).toContain(
      'path: `/parcels/${encodeURIComponent(String(path["parcel-id"]))}/notes/${encodeURIComponent(String(path.note))}`',
    );
    expect(draft.operations).toContain(
      'sendMessage(body: Message, signal: AbortSignal): Promise<SentMessageSchema> {',
    );
  });

  it('imports the types that its methods name', () =>
    expect(draft.operations.split('\n')[0]).toBe(
      "import type { ApiRequest, CreateParcelBody, ListParcelsAnswer, Message, Parcel, SentMessageSchema, Status } from '../models/api.models';",
    ));

  it('ends no comment early', () => expect(draft.types).toContain('/** Of the page after * / this one */'));

  it.each<[string, object, string]>([
    ['a nullable text', { type: 'string', nullable: true }, 'string | null'],
    ['several types', { type: ['string', 'integer', 'null'] }, 'string | number | null'],
    ['an enumeration of numbers', { enum: [1, 2] }, '1 | 2'],
    ['an enumeration too long to read', { enum: Array.from({ length: 41 }, String) }, 'string'],
    [
      'a list of a union',
      { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
      '(string | number)[]',
    ],
    ['a reference out of the document', { $ref: 'https://x.example/y.json' }, 'unknown'],
    ['a reference to nothing', { $ref: '#/components/schemas/None' }, 'unknown'],
    ['an object of anything', { type: 'object' }, '{ [key: string]: unknown }'],
    ['nothing', {}, 'unknown'],
  ])('knows %s', (_what, schema, type) => expect(typeOf(schema)).toBe(type));

  it('stays within what one can read', () => {
    const names = Array.from({ length: 300 }, (_, index) => `Thing${index}`);
    const operation = (name: string) => ({
      get: {
        operationId: `get${name}`,
        responses: {
          200: { content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } },
        },
      },
    });
    const document = {
      openapi: '3.1.0',
      paths: Object.fromEntries(names.map((name) => [`/${name}`, operation(name)])),
      components: {
        schemas: Object.fromEntries(
          names.map((name, index) => [
            name,
            { type: 'object', properties: { next: { $ref: `#/components/schemas/${names[index + 1]}` } } },
          ]),
        ),
      },
    };
    const { types, draftedOperations, allOperations } = draftOpenapi(document, 'Line');
    expect([draftedOperations, allOperations]).toEqual([40, 300]);
    expect(types.match(/^export/gm)).toHaveLength(100);
    expect(types).toContain('next?: unknown;');
  });

  it.each<[string, object, RegExp]>([
    ['of another version', { swagger: '2.0' }, /no OpenAPI 3\.0 or 3\.1/],
    ['without operations', { openapi: '3.1.0', paths: {} }, /no operation that takes JSON/],
  ])('is refused for a document %s', (_what, document, message) =>
    expect(() => draftOpenapi(document, 'Line')).toThrow(message),
  );
});

describe('aliases that are made of themselves', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  it.each<[string, object, string[]]>([
    ['itself', { A: ref('A') }, ['A A']],
    ['each other', { A: { oneOf: [ref('B')] }, B: { oneOf: [ref('A')] } }, ['A B']],
    ['a kind and its base', { A: { oneOf: [ref('B')] }, B: { allOf: [ref('A')] } }, ['B A']],
    ['a property', { A: { properties: { a: ref('A') } } }, []],
    ['a list', { A: { type: 'array', items: ref('A') } }, []],
  ])('are found: %s', (_what, schemas, given) => expect([...circularRefs(schemas as never)]).toEqual(given));
});
