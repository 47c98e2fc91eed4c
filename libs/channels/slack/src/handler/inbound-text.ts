import type { Account } from '@omni-hub/channel-sdk';
import type { Mention, TextEntity } from '@omni-hub/contracts';
import { asId, type Context } from '../models/inbound.models';
import { contactId } from './ids';

export interface WrittenText {
  text: string;
  entities: TextEntity[];
  mentions: Mention[];
}

/** What Slack writes in angle brackets: people, channels, links and commands. No other `<` is left unescaped. */
const tokens = /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g;

/**
 * What a message says. Slack's marks stay as they were typed; what stands in angle brackets becomes what its apps show, and is an entity.
 * https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
 */
export function readText(raw: string, context: Pick<Context, 'selves' | 'account'>): WrittenText {
  const found: WrittenText = { text: '', entities: [], mentions: [] };
  let done = 0;
  for (const match of raw.matchAll(tokens)) {
    const [whole, sign, target, label = ''] = match;
    found.text += unescaped(raw.slice(done, match.index));
    done = match.index + whole.length;
    take(found, sign, unescaped(target), unescaped(label), context);
  }
  found.text += unescaped(raw.slice(done));
  return found;
}

function take(
  found: WrittenText,
  sign: string,
  target: string,
  label: string,
  { selves, account }: Pick<Context, 'selves' | 'account'>,
): void {
  const add = (shown: string, entity: Omit<TextEntity, 'offset' | 'length'>) => {
    found.entities.push({ ...entity, offset: found.text.length, length: shown.length });
    found.text += shown;
  };
  if (sign === '@') {
    const id = asId(target);
    const isSelf = selves.includes(target);
    const name = label || (isSelf ? nameOf(account) : '') || target;
    if (id === null) return void (found.text += `@${name}`);
    found.mentions.push({ contactId: contactId(id), username: label || null, isSelf });
    return add(`@${name}`, { type: 'mention', contactId: contactId(id) });
  }
  if (sign === '#') return add(`#${label || target}`, { type: 'channel' });
  if (sign === '!') return takeCommand(found, target, label, add);
  add(label || target.replace(/^(mailto|tel):/, ''), { type: 'link', url: target });
}

/** `<!here>`, `<!subteam^S0123|@sales>`, `<!date^…|today>`. https://docs.slack.dev/messaging/formatting-message-text#special-mentions */
function takeCommand(
  found: WrittenText,
  target: string,
  label: string,
  add: (shown: string, entity: { type: string }) => void,
): void {
  const [command, id = ''] = target.split('^');
  if (command === 'date') return void (found.text += label || target);
  const name = label.replace(/^@/, '') || (command === 'subteam' ? id : command);
  found.mentions.push({ contactId: null, username: name, isSelf: false });
  add(`@${name}`, { type: 'mention' });
}

function nameOf(account: Account | null): string {
  return account?.username ?? account?.name ?? '';
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
