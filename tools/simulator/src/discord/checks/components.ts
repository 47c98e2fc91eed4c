import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import {
  all,
  anything,
  type Check,
  choice,
  flag,
  integer,
  list,
  object,
  type Place,
  text,
  address,
} from '../form';
import type { Fields } from '../message';

/** https://docs.discord.com/developers/components/reference */

const emoji = object({ id: anything, name: anything, animated: flag });
const customId = text({ min: 1, max: 100 });
const linkSchemes = ['http', 'https', 'discord'];
const mediaItem = object({ url: text({ min: 1, max: 2048 }) }, ['url']);
const base = { type: integer(), id: integer({ max: 2 ** 31 - 1 }) };

const button: Check = all(
  object(
    {
      ...base,
      style: integer({ min: 1, max: 6 }),
      label: text({ max: 80 }),
      emoji,
      custom_id: customId,
      sku_id: anything,
      url: address(linkSchemes, 512),
      disabled: flag,
    },
    ['style'],
  ),
  (value, place) => {
    const { style, custom_id, url, label, emoji: icon } = value as Fields;
    const isLink = style === ButtonStyle.Link;
    if (isLink && url == null) place.at('url').refuse('BASE_TYPE_REQUIRED', 'This field is required');
    if (!isLink && url != null)
      place.refuse('BUTTON_COMPONENT_INVALID_URL', 'A url is only for buttons of the style link');
    if (!isLink && style !== ButtonStyle.Premium && custom_id == null)
      place.at('custom_id').refuse('BASE_TYPE_REQUIRED', 'A custom id is required');
    if (isLink && custom_id != null)
      place.refuse(
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    if (style !== ButtonStyle.Premium && !label && icon == null)
      place.refuse('BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A label or emoji is required');
  },
);

const selectFields = {
  ...base,
  custom_id: customId,
  placeholder: text({ max: 150 }),
  min_values: integer({ max: 25 }),
  max_values: integer({ min: 1, max: 25 }),
  disabled: flag,
  required: flag,
};
const option = object(
  {
    label: text({ min: 1, max: 100 }),
    value: text({ min: 1, max: 100 }),
    description: text({ max: 100 }),
    emoji,
    default: flag,
  },
  ['label', 'value'],
);
const stringSelect: Check = all(
  object({ ...selectFields, options: list(option, { min: 1, max: 25 }) }, ['custom_id', 'options']),
  (value, place) => {
    const options = (value as { options?: unknown }).options;
    if (!Array.isArray(options)) return;
    const values = options.map((one: Fields | null) => one?.value);
    values.forEach((one, index) => {
      if (values.indexOf(one) !== index)
        place
          .at('options')
          .at(index)
          .at('value')
          .refuse('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used');
    });
  },
);
const entitySelect = object(
  {
    ...selectFields,
    default_values: list(anything, { max: 25 }),
    channel_types: list(integer(), { max: 20 }),
  },
  ['custom_id'],
);

const textInput = object(
  {
    ...base,
    custom_id: customId,
    style: integer({ min: 1, max: 2 }),
    label: text({ min: 1, max: 45 }),
    min_length: integer({ max: 4000 }),
    max_length: integer({ min: 1, max: 4000 }),
    required: flag,
    value: text({ max: 4000 }),
    placeholder: text({ max: 100 }),
  },
  ['custom_id', 'style'],
);

const selects = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];
const inRow = [ComponentType.Button, ...selects];
const row =
  (types: ComponentType[]): Check =>
  (value, place) => {
    object({ ...base, components: list(of(types), { min: 1, max: 5 }) }, ['components'])(value, place);
    const inside = (value as { components?: unknown }).components;
    const isWide = (one: Fields | null) => one?.type !== ComponentType.Button;
    if (Array.isArray(inside) && inside.length > 1 && inside.some(isWide))
      place
        .at('components')
        .refuse('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The width of the components in a row is too large');
  };

const textDisplay = object({ ...base, content: text({ min: 1, max: 4000 }) }, ['content']);
const thumbnail = object({ ...base, media: mediaItem, description: text({ max: 1024 }), spoiler: flag }, [
  'media',
]);
const galleryItem = object({ media: mediaItem, description: text({ max: 1024 }), spoiler: flag }, ['media']);
const inContainer = [
  ComponentType.ActionRow,
  ComponentType.TextDisplay,
  ComponentType.Section,
  ComponentType.MediaGallery,
  ComponentType.File,
  ComponentType.Separator,
];

const byType: Partial<Record<ComponentType, Check>> = {
  [ComponentType.ActionRow]: (value, place) => row(inRow)(value, place),
  [ComponentType.Button]: button,
  [ComponentType.StringSelect]: stringSelect,
  [ComponentType.TextInput]: textInput,
  [ComponentType.UserSelect]: entitySelect,
  [ComponentType.RoleSelect]: entitySelect,
  [ComponentType.MentionableSelect]: entitySelect,
  [ComponentType.ChannelSelect]: entitySelect,
  [ComponentType.Section]: (value, place) =>
    object(
      {
        ...base,
        components: list(of([ComponentType.TextDisplay]), { min: 1, max: 3 }),
        accessory: of([ComponentType.Button, ComponentType.Thumbnail]),
      },
      ['components', 'accessory'],
    )(value, place),
  [ComponentType.TextDisplay]: textDisplay,
  [ComponentType.Thumbnail]: thumbnail,
  [ComponentType.MediaGallery]: object({ ...base, items: list(galleryItem, { min: 1, max: 10 }) }, ['items']),
  [ComponentType.File]: object({ ...base, file: mediaItem, spoiler: flag }, ['file']),
  [ComponentType.Separator]: object({ ...base, divider: flag, spacing: choice(1, 2) }),
  [ComponentType.Container]: (value, place) =>
    object(
      {
        ...base,
        components: list(of(inContainer), { min: 1, max: 40 }),
        accent_color: integer({ max: 0xffffff }),
        spoiler: flag,
      },
      ['components'],
    )(value, place),
  [ComponentType.Label]: (value, place) =>
    object(
      {
        ...base,
        label: text({ min: 1, max: 45 }),
        description: text({ max: 100 }),
        component: of([ComponentType.TextInput, ...selects]),
      },
      ['label', 'component'],
    )(value, place),
};

/** A component of one of these types. */
function of(types: readonly ComponentType[]): Check {
  return (value, place) => {
    const type = (value as { type?: ComponentType } | null)?.type;
    const check = type !== undefined && types.includes(type) ? byType[type] : undefined;
    if (check) return check(value, place);
    const known = types.length === 1 ? `(${types[0]},)` : `(${types.join(', ')})`;
    place.at('type').refuse('UNION_TYPE_CHOICES', `Value of field "type" must be one of ${known}.`);
  };
}

const inMessage = [...inContainer, ComponentType.Container];

/** Rows of a message; with `IS_COMPONENTS_V2` anything that shows. */
export function messageComponents(isVersion2: boolean): Check {
  const listed = isVersion2
    ? list(of(inMessage), { max: 40 })
    : list(of([ComponentType.ActionRow]), { max: 5 });
  return (value, place) => {
    listed(value, place);
    const every = flatten(value);
    if (isVersion2 && every.length > 40)
      place.refuse('COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'The total number of components exceeds 40');
    refuseSameIds(value, place);
  };
}

/** What a modal asks: rows or labels. */
export const modalComponents: Check = (value, place) => {
  const isRow = (one: unknown) => (one as Fields | null)?.type === ComponentType.ActionRow;
  const item: Check = (one, at) =>
    isRow(one)
      ? row([ComponentType.TextInput])(one, at)
      : of([ComponentType.Label, ComponentType.TextDisplay])(one, at);
  list(item, { min: 1, max: 5 })(value, place);
  refuseSameIds(value, place);
};

/** Every component, however deep, with the place of each. */
export function flatten(value: unknown, path: string[] = []): { component: Fields; path: string[] }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((component: Fields | null, index) => {
    if (typeof component !== 'object' || component === null) return [];
    const here = [...path, String(index)];
    const alone = (key: 'accessory' | 'component') =>
      component[key] ? [{ component: component[key] as Fields, path: [...here, key] }] : [];
    const below = flatten(component.components, [...here, 'components']);
    return [{ component, path: here }, ...below, ...alone('accessory'), ...alone('component')];
  });
}

function refuseSameIds(value: unknown, place: Place): void {
  const seen = new Set<unknown>();
  for (const { component, path } of flatten(value)) {
    const id = component.custom_id;
    if (id == null) continue;
    if (seen.has(id))
      path
        .reduce((at, key) => at.at(key), place)
        .at('custom_id')
        .refuse('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
    seen.add(id);
  }
}
