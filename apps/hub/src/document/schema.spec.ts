import {
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  oneOf,
  optional,
  text,
  word,
  type Components,
} from './schema';

interface Dog {
  kind: 'dog';
  name: string;
  toys?: string[];
}
interface Cat {
  kind: 'cat';
  lives: number | null;
}

const dog = named('Dog', object<Dog>({ kind: word('dog'), name: text, toys: optional(list(text)) }));
const cat = named('Cat', object<Cat>({ kind: word('cat'), lives: nullable(integer) }));

describe('a schema', () => {
  it('is written with its named parts beside it', () => {
    const components: Components = {};
    const pet = named('Pet', oneOf<Dog | Cat, 'kind'>('kind', { dog, cat }));
    expect(nullable(pet).write(components)).toEqual({
      anyOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'null' }],
    });
    expect(components).toEqual({
      Pet: {
        type: 'object',
        oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }],
        discriminator: {
          propertyName: 'kind',
          mapping: { dog: '#/components/schemas/Dog', cat: '#/components/schemas/Cat' },
        },
      },
      Dog: {
        type: 'object',
        required: ['kind', 'name'],
        properties: {
          kind: { type: 'string', enum: ['dog'] },
          name: { type: 'string' },
          toys: { type: 'array', items: { type: 'string' } },
        },
      },
      Cat: {
        type: 'object',
        required: ['kind', 'lives'],
        properties: { kind: { type: 'string', enum: ['cat'] }, lives: { type: ['integer', 'null'] } },
      },
    });
  });

  it('has null among the words of a list of words', () =>
    expect(nullable(word('a', 'b')).write({})).toEqual({ type: ['string', 'null'], enum: ['a', 'b', null] }));

  it('has its name for itself', () => {
    const components: Components = {};
    dog.write(components);
    expect(() => dog.write(components)).not.toThrow();
    expect(() => named('Dog', text).write(components)).toThrow('two schemas of the name Dog');
  });

  it('that says what its type is not does not compile', () => {
    // @ts-expect-error a field is missing
    object<Dog>({ kind: word('dog'), name: text });
    // @ts-expect-error there is no such field
    object<Cat>({ kind: word('cat'), lives: nullable(integer), tail: flag });
    // @ts-expect-error it can be null
    object<Cat>({ kind: word('cat'), lives: integer });
    // @ts-expect-error it is a number
    object<Cat>({ kind: word('cat'), lives: nullable(text) });
    // @ts-expect-error it can be absent
    object<Dog>({ kind: word('dog'), name: text, toys: list(text) });
    // @ts-expect-error it is always there
    object<Dog>({ kind: word('dog'), name: optional(text), toys: optional(list(text)) });
    // @ts-expect-error it can be another word
    object<{ size: 'small' | 'large' }>({ size: word('small') });
    // @ts-expect-error there is another kind
    oneOf<Dog | Cat, 'kind'>('kind', { dog });
  });
});
