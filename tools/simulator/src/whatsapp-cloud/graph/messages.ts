import type { CloudChat, Entry, Fields } from '../chat';
import { oneOf, object, text } from '../checks/fields';
import { type CheckedMessage, checkMessage, checkProduct } from '../checks/message';
import { badParam, invalid, known } from '../errors';
import type { BusinessNumber } from '../number';
import { count } from '../records';
import type { SendFailure } from '../statuses';
import type { World } from '../world';
import { type Call, type Method, numberOf, type Route } from './call';

const send: Method = { name: 'send', run: sendMessage };
const read: Method = { name: 'read', run: markRead };
const typing: Method = { name: 'typing', run: markRead };

export const messageRoutes: Route[] = [
  {
    verb: 'POST',
    edge: 'messages',
    of: 'number',
    method: ({ status, typing_indicator }) =>
      status === undefined ? send : typing_indicator === undefined ? read : typing,
  },
];

function sendMessage(call: Call): Fields {
  const { world, body, fault } = call;
  const number = numberOf(call);
  const message = checkMessage(world.keeps ? world.media : null, number, body);
  if (message.byPhone && message.to === number.phone) throw known(131021);
  const chat = world.findChat(number, message.to);
  const to =
    chat ?? world.passingChat(number, message.byPhone ? { phone: message.to } : { userId: message.to });
  if (chat?.keeps && message.replyTo !== null && !chat.find(message.replyTo)) {
    throw invalid('The message_id of the context is not a message of this conversation.');
  }
  checkPace(world, number, to);
  const failure =
    world.takeFailure(to) ?? expectedFailure(world, chat, message, fault?.kind === 'window-closed');
  if (failure?.code === 131047 && world.options.outsideWindow === 'refuse') throw known(131047);
  const entry = put(world, to, message, failure);
  world.statuses.follow({ chat: to, entry, byPhone: message.byPhone, category: message.category }, failure);
  return answer(to, message, entry);
}

function checkPace(world: World, number: BusinessNumber, chat: CloudChat): void {
  if (world.throughput?.take(number.id) === false) throw known(130429);
  if (world.pairRate?.take(`${number.id} ${chat.contact.phone}`) === false) throw known(131056);
}

/** Why a message that is in order will not arrive all the same; null when it will. */
function expectedFailure(
  world: World,
  chat: CloudChat | null,
  { type, content }: CheckedMessage,
  closed: boolean,
): SendFailure | null {
  if (!chat) return { code: 131026 };
  if (type !== 'template' && (closed || !chat.isOpen(world.clock.now()))) return { code: 131047 };
  const target = type === 'reaction' ? (content.reaction as { message_id: string }).message_id : null;
  if (target === null || !chat.keeps || isReactable(chat.find(target))) return null;
  return {
    code: 131009,
    title: 'Parameter value is not valid',
    details: 'The message to react to is not there, or is a reaction itself',
  };
}

const isReactable = (entry: Entry | undefined) =>
  entry !== undefined && !entry.deleted && entry.type !== 'reaction';

function put(world: World, chat: CloudChat, message: CheckedMessage, failure: SendFailure | null): Entry {
  const { type, content, replyTo, callbackData } = message;
  const entry = world.newEntry(chat, 'business', type, content, replyTo);
  entry.callbackData = callbackData;
  if (failure) {
    entry.status = 'failed';
    entry.failure = failure.code;
    count(world.counters.failed, String(failure.code));
  }
  if (type !== 'reaction') {
    chat.add(entry);
    world.tell({ kind: 'message', chat, entry });
  } else if (!failure) {
    react(world, chat, content.reaction as { message_id: string; emoji: string });
  }
  return entry;
}

function react(world: World, chat: CloudChat, reaction: { message_id: string; emoji: string }): void {
  const target = chat.find(reaction.message_id);
  if (!target) return;
  if (reaction.emoji === '') target.reactions.delete(chat.number.name);
  else target.reactions.set(chat.number.name, reaction.emoji);
  world.tell({ kind: 'reacted', chat, entry: target });
}

/** A number comes back as the account has it, which may be another form than was asked for. */
function answer({ contact }: CloudChat, { input, byPhone, type }: CheckedMessage, { id }: Entry): Fields {
  const who = byPhone ? { input, wa_id: contact.phone } : { input, user_id: contact.userId };
  return {
    messaging_product: 'whatsapp',
    contacts: [who],
    messages: [{ id, ...(type === 'template' && { message_status: 'accepted' }) }],
  };
}

/** A read receipt, with `typing_indicator` also the sign that somebody types. */
function markRead(call: Call): Fields {
  const { world, body } = call;
  const number = numberOf(call);
  checkProduct(body);
  object(body, '', ['messaging_product', 'status', 'message_id', 'typing_indicator']);
  oneOf(body.status, 'status', ['read']);
  const id = text(body.message_id, 'message_id', 256);
  const isTyping = body.typing_indicator !== undefined;
  if (isTyping) {
    oneOf(object(body.typing_indicator, 'typing_indicator', ['type']).type, "typing_indicator['type']", [
      'text',
    ]);
  }
  if (!world.keeps) return { success: true };
  const chat = world.allChats().find((one) => one.number === number && one.find(id)?.by === 'person');
  if (!chat)
    throw badParam('Invalid parameter: message_id is not a message that a person sent to this number.');
  for (const what of isTyping ? ['read', 'typing'] : ['read']) {
    chat.actions.push(what);
    world.tell({ kind: 'action', chat, what });
  }
  return { success: true };
}
