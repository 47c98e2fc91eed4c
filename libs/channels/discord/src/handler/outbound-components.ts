import { RejectedError, type Part } from '@omni-hub/channel-sdk';
import type { Button } from '@omni-hub/contracts';
import {
  ButtonStyle,
  ComponentType,
  type APIButtonComponent,
  type APISelectMenuOption,
  type APIStringSelectComponent,
} from 'discord-api-types/v10';
import type { Component } from '../models/api.models';
import { listPrefix } from './interactions';

/** https://docs.discord.com/developers/components/reference */
const perRow = 5;
const mostRows = 5;
const mostOptions = 25;
const longest = { button: 80, option: 100, placeholder: 150 };

/** Five buttons in a row, five rows. */
export function toButtons(buttons: readonly Button[]): Component[] {
  if (buttons.length > perRow * mostRows)
    throw new RejectedError(
      'Discord: a message holds 25 buttons; send more choices as a list or in several messages',
    );
  return chunks(buttons, perRow).map((row) => ({
    type: ComponentType.ActionRow,
    components: row.map(toButton),
  }));
}

function toButton(button: Button): APIButtonComponent {
  const shared = { type: ComponentType.Button as const, label: cut(button.label, longest.button) };
  return 'url' in button
    ? { ...shared, style: ButtonStyle.Link, url: button.url }
    : { ...shared, style: ButtonStyle.Secondary, custom_id: button.id };
}

type ListPart = Extract<Part, { type: 'list' }>;

/** A menu for each section, as far as a message holds so many; else the rows in menus of 25. */
export function toMenus({ button, sections }: Pick<ListPart, 'button' | 'sections'>): Component[] {
  const filled = sections.filter(({ rows }) => rows.length > 0);
  const fits = filled.length <= mostRows && filled.every(({ rows }) => rows.length <= mostOptions);
  const menus = fits
    ? filled.map(({ title, rows }) => ({ placeholder: title ?? button, rows }))
    : chunks(
        filled.flatMap(({ rows }) => rows),
        mostOptions,
      ).map((rows) => ({ placeholder: button, rows }));
  if (menus.length > mostRows)
    throw new RejectedError(
      'Discord: a message holds five menus of 25 rows; send a longer list in several messages',
    );
  return menus.map(({ placeholder, rows }, index) => ({
    type: ComponentType.ActionRow,
    components: [toMenu(`${listPrefix}${index}`, menus.length === 1 ? button : placeholder, rows)],
  }));
}

function toMenu(
  custom_id: string,
  placeholder: string,
  rows: ListPart['sections'][number]['rows'],
): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id,
    placeholder: cut(placeholder, longest.placeholder),
    options: rows.map(
      ({ id, label, description }): APISelectMenuOption => ({
        value: id,
        label: cut(label, longest.option),
        ...(description && { description: cut(description, longest.option) }),
      }),
    ),
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** What is too long for its place ends with an ellipsis. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
