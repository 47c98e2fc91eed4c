import { DocumentedApi, type ApiDocument } from './documented';

const problem = {
  content: { 'application/problem+json': { schema: { type: 'object', properties: { code: {} } } } },
};
const ref = (name: string) => ({ $ref: `#/components/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

const document = {
  paths: {
    '/api/v1/pets': {
      post: { responses: { 201: json(ref('schemas/Pet')), 409: ref('responses/Problem409') } },
    },
    '/api/v1/pets/{id}': {
      get: { responses: { 200: json(ref('schemas/Pet')) } },
      delete: { responses: { 204: {} } },
    },
    '/api/v1/pets/all': { get: { responses: { 200: json({ type: 'array', items: ref('schemas/Pet') }) } } },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: ['string', 'null'] },
          tags: { type: 'object', additionalProperties: true },
        },
      },
    },
    responses: { Problem404: problem, Problem409: problem },
  },
} as unknown as ApiDocument;

const api = new DocumentedApi(document);

function differenceOf(
  route: string,
  status: number,
  data: unknown,
  type = 'application/json; charset=utf-8',
) {
  const [method, url] = route.split(' ');
  const config = { method, url, baseURL: 'http://127.0.0.1:1' };
  return api.differenceOf({ config, status, data, headers: { 'content-type': type } });
}

describe('what an answer has that its document does not say', () => {
  it.each([
    ['GET /api/v1/pets/7?full=1', 200, { name: 'Rex' }],
    ['GET /api/v1/pets/7', 200, { name: null, tags: { any: 1 } }],
    ['GET /api/v1/pets/all', 200, [{ name: 'Rex' }]],
    ['DELETE /api/v1/pets/7', 204, ''],
    ['GET /somewhere/else', 500, 'whatever'],
  ])('is nothing: %s, %d, %j', (route, status, data) => expect(differenceOf(route, status, data)).toBeNull());

  it.each([
    ['POST /api/v1/pets', 409],
    ['GET /api/v1/nothing-of-this-name', 404],
    ['PUT /api/v1/pets', 404],
  ])('is nothing for a problem that is told: %s, %d', (route, status) =>
    expect(differenceOf(route, status, { code: 'NO' }, 'application/problem+json')).toBeNull(),
  );

  it.each([
    ['GET /api/v1/pets/7', 200, { name: 'Rex', age: 3 }, /additional properties.*age/],
    ['GET /api/v1/pets/7', 200, {}, /required property 'name'/],
    ['GET /api/v1/pets/7', 200, { name: 7 }, /\/name must be string,null/],
    ['GET /api/v1/pets/all', 200, { name: 'Rex' }, /must be array/],
    ['GET /api/v1/pets/7', 202, { name: 'Rex' }, /says nothing of that status/],
    ['GET /api/v1/pets/7', 200, '', /has a body/],
    ['DELETE /api/v1/pets/7', 204, { name: 'Rex' }, /says nothing of that type/],
    ['GET /api/v1/nothing-of-this-name', 200, {}, /no route/],
  ])('is told: %s, %d, %j', (route, status, data, told) =>
    expect(differenceOf(route, status, data)).toMatch(told),
  );

  it('is told where the media type is another', () =>
    expect(differenceOf('GET /api/v1/pets/7', 200, 'Rex', 'text/plain')).toMatch(/as text\/plain/));
});
