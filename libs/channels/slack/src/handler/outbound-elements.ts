import { RejectedError, type Part } from '@omni-hub/channel-sdk';
import type { Button } from '@omni-hub/contracts';
import type {
  ActionsBlock,
  ButtonElement,
  PlainText,
  SelectElement,
  SelectOption,
} from '../models/api.models';
import { actionPrefix, linkPrefix } from './interactions';

/** https://docs.slack.dev/reference/block-kit/blocks/actions-block, https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const mostButtons = 25;
const mostOptions = 100;
const longest = { label: 75, placeholder: 150 };

type ListPart = Extract<Part, { type: 'list' }>;

/** Throws RejectedError for more than a message holds. */
export function toButtons(buttons: readonly Button[]): ActionsBlock {
  if (buttons.length > mostButtons)
    throw new RejectedError(
      'Slack: a message holds 25 buttons; send more choices as a list or in several messages',
    );
  return { type: 'actions', elements: buttons.map(toButton) };
}

/** One menu, its sections as groups. Throws RejectedError for more than it holds. */
export function toMenu({ button, sections }: Pick<ListPart, 'button' | 'sections'>): ActionsBlock {
  const groups = sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({
      label: plain(title || button, longest.label),
      options: rows.map(toOption),
    }));
  if (groups.length > mostOptions || groups.some(({ options }) => options.length > mostOptions))
    throw new RejectedError(
      'Slack: a menu holds 100 groups of 100 rows; send a longer list in several messages',
    );
  const choices = groups.length > 1 ? { option_groups: groups } : { options: groups[0]?.options ?? [] };
  const menu: SelectElement = {
    type: 'static_select',
    action_id: `${actionPrefix}list`,
    placeholder: plain(button, longest.placeholder),
    ...choices,
  };
  return { type: 'actions', elements: [menu] };
}

function toButton(button: Button, index: number): ButtonElement {
  const text = plain(button.label, longest.label);
  return 'url' in button
    ? { type: 'button', action_id: `${linkPrefix}${index}`, text, url: button.url }
    : { type: 'button', action_id: `${actionPrefix}${index}`, text, value: button.id };
}

function toOption({ id, label, description }: ListPart['sections'][number]['rows'][number]): SelectOption {
  return {
    text: plain(label, longest.label),
    value: id,
    ...(description && { description: plain(description, longest.label) }),
  };
}

/** What is too long for its place ends with an ellipsis. */
function plain(text: string, length: number): PlainText {
  const cut = text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
  return { type: 'plain_text', text: cut };
}
