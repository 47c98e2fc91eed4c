import type { Fields } from '../chat';
import { badParam, invalid } from '../errors';
import type { MediaStore } from '../media';
import type { BusinessNumber } from '../number';
import { checkMedia } from './media';
import { at, link, list, number as numberAt, object, oneOf, text } from './fields';

const path = 'interactive';
const actionPath = at(path, 'action');

interface InteractiveRules {
  /** Longest body, characters. */
  body: number;
  headers: readonly string[];
  action(action: unknown): void;
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-messages */
const kinds: Record<string, InteractiveRules> = {
  button: { body: 1024, headers: ['text', 'image', 'video', 'document'], action: checkButtons },
  list: { body: 4096, headers: ['text'], action: checkList },
  cta_url: { body: 1024, headers: ['text', 'image', 'video', 'document'], action: checkLink },
  location_request_message: { body: 1024, headers: [], action: named('send_location') },
  contact_request: { body: 1024, headers: [], action: named('request_contact_info') },
  flow: { body: 1024, headers: ['text', 'image', 'video', 'document'], action: checkFlow },
};

export function checkInteractive(store: MediaStore | null, number: BusinessNumber, value: unknown): void {
  const content = object(value, path, ['type', 'header', 'body', 'footer', 'action']);
  const rules = kinds[oneOf(content.type, at(path, 'type'), Object.keys(kinds))];
  const body = object(content.body, at(path, 'body'), ['text']);
  sized('Body text', body.text, rules.body);
  if (content.footer !== undefined) {
    sized('Footer text', object(content.footer, at(path, 'footer'), ['text']).text, 60);
  }
  if (content.header !== undefined) checkHeader(store, number, content.header, rules.headers);
  rules.action(content.action);
}

function checkHeader(
  store: MediaStore | null,
  number: BusinessNumber,
  value: unknown,
  types: readonly string[],
): void {
  const header = object(value, at(path, 'header'), ['type', ...types]);
  const type = oneOf(header.type, at(path, "header']['type"), types);
  if (type === 'text') return sized('Header text', header.text, 60);
  const { caption: _notHere, ...media } = object(header[type], type, ['id', 'link', 'filename']);
  checkMedia(store, number, type as 'image' | 'video' | 'document', media);
}

function checkButtons(value: unknown): void {
  const action = object(value, actionPath, ['buttons']);
  const buttons = Array.isArray(action.buttons) ? action.buttons : [];
  if (buttons.length < 1 || buttons.length > 3) {
    throw invalid('Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3');
  }
  const replies = buttons.map((one: unknown) => {
    const button = object(one, at(actionPath, 'buttons'), ['type', 'reply']);
    oneOf(button.type, at(actionPath, "buttons']['type"), ['reply']);
    return object(button.reply, at(actionPath, "buttons']['reply"), ['id', 'title']);
  });
  for (const { id, title } of replies) {
    sized('Button title', title, 20);
    sized('Button ID', id, 256);
  }
  unique(
    'button ID',
    replies.map(({ id }) => id),
  );
  unique(
    'button title',
    replies.map(({ title }) => title),
  );
}

function checkList(value: unknown): void {
  const action = object(value, actionPath, ['button', 'sections']);
  sized('Button', action.button, 20);
  const sections = list(action.sections, at(actionPath, 'sections'), 10).map((one) =>
    object(one, at(actionPath, 'sections'), ['title', 'rows']),
  );
  const rows = sections.flatMap((section) => checkSection(section, sections.length > 1));
  if (rows.length > 10) throw invalid('Total row count exceed max allowed count: 10');
  unique(
    'row ID',
    rows.map(({ id }) => id),
  );
}

function checkSection(section: Fields, needsTitle: boolean): Fields[] {
  if (needsTitle || section.title !== undefined) sized('Section title', section.title, 24);
  if (!Array.isArray(section.rows) || section.rows.length === 0) {
    throw invalid('Invalid rows count. Min allowed rows: 1, Max allowed rows: 10');
  }
  return section.rows.map((one: unknown) => {
    const row = object(one, at(actionPath, "sections']['rows"), ['id', 'title', 'description']);
    sized('Row title', row.title, 24);
    sized('Row ID', row.id, 200);
    if (row.description !== undefined) sized('Row description', row.description, 72);
    return row;
  });
}

function checkLink(value: unknown): void {
  const action = object(value, actionPath, ['name', 'parameters']);
  oneOf(action.name, at(actionPath, 'name'), ['cta_url']);
  const where = at(actionPath, 'parameters');
  const parameters = object(action.parameters, where, ['display_text', 'url']);
  sized('Button text', parameters.display_text, 20);
  link(parameters.url, at(where, 'url'));
}

function checkFlow(value: unknown): void {
  const action = object(value, actionPath, ['name', 'parameters']);
  oneOf(action.name, at(actionPath, 'name'), ['flow']);
  if (typeof action.parameters !== 'object' || action.parameters === null) {
    throw badParam(`Param ${at(actionPath, 'parameters')} must be a JSON object.`);
  }
  const parameters = action.parameters as Fields;
  numberAt(parameters.flow_message_version, at(actionPath, 'flow_message_version'), 3, 99);
  text(parameters.flow_id ?? parameters.flow_name, at(actionPath, 'flow_id'), 256);
  sized('Flow CTA', parameters.flow_cta, 30);
}

function named(name: string) {
  return (value: unknown): void =>
    void oneOf(object(value, actionPath, ['name']).name, at(actionPath, 'name'), [name]);
}

/** A text whose length the platform reports in these words. */
function sized(what: string, value: unknown, most: number): void {
  const length = typeof value === 'string' ? value.length : 0;
  if (length < 1 || length > most)
    throw invalid(`${what} length invalid. Min length: 1, Max length: ${most}`);
}

function unique(what: string, values: unknown[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw invalid(`Duplicated ${what}: ${String(twice)}`);
}
