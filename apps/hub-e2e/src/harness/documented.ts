import Ajv2020 from 'ajv/dist/2020';
import type { AxiosInstance, AxiosResponse } from 'axios';

/** An OpenAPI document, as far as answers are held against it. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
}

interface Operation {
  responses: Record<string, Answer | { $ref: string }>;
}

interface Answer {
  content?: Record<string, object>;
}

/** As much of an answer as is held against the document. */
type Given = Pick<AxiosResponse, 'status' | 'headers' | 'data'> & {
  config: { method?: string; url?: string; baseURL?: string };
};

/** Learned from the first hub that has the API: all hubs of a process are one build. */
let api: DocumentedApi | null = null;
const differences = new Set<string>();

/** What answers have had that the hub's document does not say, once each. Told once. */
export function takeDifferences(): string[] {
  const found = [...differences];
  differences.clear();
  return found;
}

/** From now on the answers that a client gets are held against the hub's own document. */
export function holdAgainstDocument(http: AxiosInstance): void {
  http.interceptors.response.use((response) => {
    const difference = api?.differenceOf(response);
    if (difference) differences.add(difference);
    return response;
  });
}

/** Called when a hub is ready. */
export async function learnDocument(http: AxiosInstance): Promise<void> {
  if (api) return;
  const { data } = await http.get<ApiDocument>('/openapi.json');
  if (data.paths['/api/v1/instances']) api = new DocumentedApi(data);
}

/** The answers of a document as validators, each compiled when the first answer of its kind comes. */
export class DocumentedApi {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: true });
  private readonly routes: { path: string; pattern: RegExp }[];

  constructor(private readonly document: ApiDocument) {
    this.ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    for (const free of ['uri', 'uuid', 'password', 'binary']) this.ajv.addFormat(free, true);
    this.ajv.addSchema(closed(document) as object, 'api');
    this.routes = Object.keys(document.paths)
      .sort((one, other) => one.split('{').length - other.split('{').length)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
  }

  /** What of an answer the document does not say; null where that is nothing, and for what is no part of the API. */
  differenceOf({ config, status, headers, data }: Given): string | null {
    const method = config.method!.toLowerCase();
    const { pathname } = new URL(config.url!, config.baseURL);
    if (!/^\/(api|health|ready|metrics|media)(\/|$)/.test(pathname)) return null;
    const asked = `${method.toUpperCase()} ${pathname} was answered ${status}`;
    const { path } = this.routes.find(({ pattern }) => pattern.test(pathname)) ?? {};
    const operation = path === undefined ? undefined : this.document.paths[path][method];
    const place = operation
      ? this.placeOf(path!, method, operation, status)
      : status === 404 && 'components/responses/Problem404';
    if (!place) return `${asked}, and ${path ?? 'no route'} says nothing of that status`;
    const { content = {} } = this.at(place) as Answer;
    if (data === '' || data === undefined)
      return Object.keys(content).length === 0 ? null : `${asked} with nothing, and ${path} has a body`;
    const given = String(headers['content-type']).split(';')[0];
    const type = [given, '*/*'].find((one) => one in content);
    if (type === undefined) return `${asked} as ${given}, and ${path} says nothing of that type`;
    return type.includes('json')
      ? this.mismatch(asked, `${place}/content/${escaped(type)}/schema`, data)
      : null;
  }

  private placeOf(path: string, method: string, { responses }: Operation, status: number): string | null {
    const answer = responses[status];
    if (!answer) return null;
    if ('$ref' in answer) return answer.$ref.replace('#/', '');
    return `paths/${escaped(path)}/${method}/responses/${status}`;
  }

  private at(place: string): unknown {
    return place
      .split('/')
      .reduce(
        (value, key) => (value as Record<string, unknown>)[unescaped(key)] as object,
        this.document as unknown,
      );
  }

  private mismatch(asked: string, place: string, data: unknown): string | null {
    const key = `api#/${encodeURI(place)}`;
    const validate = this.ajv.getSchema(key)!;
    const value: unknown = Buffer.isBuffer(data) ? JSON.parse(data.toString()) : data;
    if (validate(value)) return null;
    const faults = validate
      .errors!.map(
        ({ instancePath, message, params }) => `  ${instancePath} ${message} ${JSON.stringify(params)}`,
      )
      .slice(0, 12);
    return `${asked} with what is not in its schema:\n${faults.join('\n')}\n  ${JSON.stringify(value).slice(0, 1_000)}`;
  }
}

/** A schema with fields that says nothing of others has no others: what is not described is a difference. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');
