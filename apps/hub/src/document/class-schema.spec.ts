import { About, Secret } from '@omni-hub/channel-sdk';
import Ajv2020 from 'ajv/dist/2020';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import fc from 'fast-check';
import { checkContent } from '../flow/content.check';
import { contentModels } from '../flow/content.models';
import { classSchema, Holds } from './class-schema';
import { content } from './content';
import type { Components } from './schema';

class Limits {
  @IsInt()
  @Max(9)
  most: number = 5;
}

class Base {
  @About('What it is called.')
  @IsString()
  @MaxLength(8)
  name: string;
}

class Settings extends Base {
  @IsIn(['key', 'password']) by: 'key' | 'password';

  @Secret()
  @ValidateIf(({ by }: Settings) => by !== 'password')
  @Matches(/^k\d+$/)
  key?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => Limits)
  limits?: Limits[];

  @ValidateIf((_settings, value) => value !== null)
  @IsInt()
  place: number | null;

  @Holds('Content')
  @IsOptional()
  says?: object;
}

function written(type: new () => object): Components {
  const components: Components = {};
  classSchema(type).write(components);
  return components;
}

describe('the schema of a class', () => {
  it('says what its rules refuse, what is needed, what may be null and what it is when absent', () => {
    expect(written(Settings)).toEqual({
      Settings: {
        type: 'object',
        required: ['by', 'place', 'name'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', maxLength: 8, description: 'What it is called.' },
          by: { type: 'string', enum: ['key', 'password'] },
          key: { type: ['string', 'null'], pattern: '^k\\d+$', format: 'password' },
          limits: { type: ['array', 'null'], maxItems: 3, items: { $ref: '#/components/schemas/Limits' } },
          place: { type: ['integer', 'null'] },
          says: { anyOf: [{ $ref: '#/components/schemas/Content' }, { type: 'null' }] },
        },
      },
      Limits: {
        type: 'object',
        required: [],
        additionalProperties: false,
        properties: { most: { type: 'integer', maximum: 9, default: 5 } },
      },
    });
  });

  describe('of content', () => {
    const components: Components = {};
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const reference = content.write(components);
    const allows = ajv.compile({ ...reference, components: { schemas: components } });

    const word = fc.constantFrom('a', 'b', '', 'https://example.org/a.png', 'aGVsbG8=', null, undefined, 7);
    const button = fc.record({ label: word, id: word, url: word }, { requiredKeys: [] });
    const row = fc.record({ id: word, label: word, description: word }, { requiredKeys: [] });
    const item = fc.record({ type: fc.constantFrom('image', 'text'), url: word }, { requiredKeys: [] });
    const anyContent = fc.record(
      {
        type: fc.constantFrom(...Object.keys(contentModels)),
        text: word,
        url: word,
        data: word,
        mediaId: word,
        caption: word,
        filename: word,
        latitude: fc.constantFrom(1, 91),
        longitude: fc.constantFrom(1, '2'),
        name: word,
        phone: word,
        question: word,
        options: fc.array(word, { maxLength: 3 }),
        multiple: fc.boolean(),
        buttons: fc.array(button, { maxLength: 2 }),
        button: word,
        sections: fc.array(fc.record({ title: word, rows: fc.array(row, { maxLength: 2 }) }), {
          maxLength: 2,
        }),
        items: fc.array(item, { maxLength: 2 }),
        language: word,
        messageId: word,
        emoji: word,
      },
      { requiredKeys: ['type'] },
    );

    it('allows everything that its classes let through', () => {
      const known = new Set<string>();
      fc.assert(
        fc.property(anyContent, (whole) => {
          // What no class of the type knows would be all that is refused.
          const own = fieldsOf(components, whole.type);
          const value = JSON.parse(
            JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([field]) => own.has(field)))),
          ) as object;
          if (checkContent(value).length > 0) return;
          known.add(whole.type);
          expect([value, allows(value)]).toEqual([value, true]);
        }),
        { numRuns: 3_000 },
      );
      expect(known.size).toBeGreaterThan(10);
    });

    it.each([
      [{ type: 'text' }],
      [{ type: 'text', text: '' }],
      [{ type: 'text', text: 'hi', colour: 'green' }],
      [{ type: 'shout', text: 'hi' }],
      [{ type: 'poll', question: 'which?', options: ['one'] }],
      [{ type: 'buttons', text: 'hi', buttons: [{ id: 'a' }] }],
    ])('refuses what they refuse: %j', (value) => {
      expect([checkContent(value).length > 0, allows(value)]).toEqual([true, false]);
    });
  });
});

function fieldsOf(components: Components, type: string): Set<string> {
  const model = contentModels[type as keyof typeof contentModels];
  return new Set(Object.keys(components[model.name].properties as object));
}
