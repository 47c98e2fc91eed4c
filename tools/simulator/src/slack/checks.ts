import type { Json } from './workspace';

/** A refusal: HTTP 200 and `ok: false`. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    readonly more: Json = {},
  ) {
    super(code);
  }
}

const most = { text: 40_000, blocks: 50, written: 13_000, buttons: 25, options: 100 };
const longest = { label: 75, placeholder: 150, actionId: 255, value: 2_000, option: 150, url: 3_000 };

/** What Slack documents of a message's words. Throws SlackError. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export function checkContent({ text, blocks }: Json): void {
  const list = blocks === undefined ? [] : blocks;
  if (!Array.isArray(list) || list.length > most.blocks) throw new SlackError('invalid_blocks');
  if ((typeof text !== 'string' || text.trim() === '') && list.length === 0) throw new SlackError('no_text');
  if (typeof text === 'string' && text.length > most.text) throw new SlackError('msg_too_long');
  for (const block of list as Json[]) checkBlock(block);
  if (JSON.stringify(textsIn(list)).length > most.written) throw new SlackError('msg_blocks_too_long');
}

function checkBlock({ type, elements }: Json): void {
  const list = Array.isArray(elements) ? (elements as Json[]) : [];
  must(list.length > 0, `${String(type)} without elements`);
  if (type === 'rich_text') return list.forEach(checkRichText);
  must(type === 'actions' && list.length <= most.buttons, 'a block that is not known, or too many elements');
  must(new Set(list.map(({ action_id }) => action_id)).size === list.length, 'an action_id twice');
  list.forEach((element) => {
    isText(element.action_id, longest.actionId);
    if (element.type === 'button') checkButton(element);
    else checkMenu(element);
  });
}

const richText = ['rich_text_section', 'rich_text_preformatted', 'rich_text_quote'];

function checkRichText({ type, elements }: Json): void {
  must(richText.includes(String(type)) && Array.isArray(elements) && elements.length > 0, 'no rich text');
  for (const run of elements as Json[]) {
    must(run.type === 'text' || run.type === 'link', 'no run of text');
    isText(run.text, most.text);
    if (run.type === 'link') isText(run.url, longest.url);
  }
}

function checkButton({ text, value, url }: Json): void {
  isText((text as Json)?.text, longest.label);
  if (value !== undefined) isText(value, longest.value);
  if (url !== undefined) isText(url, longest.url);
}

function checkMenu({ type, placeholder, options, option_groups }: Json): void {
  must(type === 'static_select', 'an element that is not known');
  isText((placeholder as Json)?.text, longest.placeholder);
  const groups = (option_groups as Json[] | undefined) ?? [{ options }];
  must(groups.length > 0 && groups.length <= most.options, 'too many groups');
  for (const group of groups) {
    const rows = group.options as Json[];
    must(Array.isArray(rows) && rows.length > 0 && rows.length <= most.options, 'too many rows');
    if (option_groups) isText((group.label as Json)?.text, longest.label);
    for (const { text, value, description } of rows) {
      isText((text as Json)?.text, longest.label);
      isText(value, longest.option);
      if (description !== undefined) isText((description as Json).text, longest.label);
    }
  }
}

function isText(value: unknown, length: number): void {
  must(typeof value === 'string' && value !== '' && value.length <= length, `no text of 1 to ${length}`);
}

function must(holds: boolean, problem: string): void {
  if (!holds) throw new SlackError('invalid_blocks', { response_metadata: { messages: [problem] } });
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
