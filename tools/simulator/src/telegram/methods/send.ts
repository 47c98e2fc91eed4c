import type { Message } from '@grammyjs/types';
import type { Fields } from '../chat';
import { badRequest } from '../errors';
import type { Call, Method } from '.';
import { checkMarkup } from '../checks/markup';
import { checkAlbum, checkMedia, type MediaKind } from '../checks/media';
import { checkPoll } from '../checks/poll';
import { checkPace, replyFields, threadFields, writableChat } from '../checks/target';
import { checkCaption, checkText } from '../checks/text';

/** Everything that puts a message, or the shadow of one, into a chat. */
export const sendMethods: Record<string, Method> = {
  sendMessage: (call) => post(call, { ...checkText(call.params) }),
  sendPhoto: sendMedia('photo'),
  sendAudio: sendMedia('audio'),
  sendVoice: sendMedia('voice'),
  sendDocument: sendMedia('document'),
  sendVideo: sendMedia('video'),
  sendAnimation: sendMedia('animation'),
  sendVideoNote: (call) => post(call, checkMedia(call, 'video_note')),
  sendSticker: (call) => post(call, checkMedia(call, 'sticker')),
  sendMediaGroup,
  sendLocation: (call) => post(call, { location: coordinates(call) }),
  sendVenue: (call) => {
    const location = coordinates(call);
    const venue = { location, title: required(call, 'title'), address: required(call, 'address') };
    return post(call, { location, venue });
  },
  sendContact: (call) => {
    const contact = {
      phone_number: required(call, 'phone_number'),
      first_name: required(call, 'first_name'),
    };
    return post(call, {
      contact: { ...contact, ...optional(call, 'last_name'), ...optional(call, 'vcard') },
    });
  },
  sendPoll: (call) =>
    post(call, { poll: checkPoll(call.params, `poll${Math.floor(call.world.random() * 1e12)}`) }),
  sendDice: (call) => {
    const emoji = call.params.text('emoji') ?? '🎲';
    return post(call, {
      dice: { emoji, value: 1 + Math.floor(call.world.random() * (emoji === '🎰' ? 64 : 5)) },
    });
  },
  sendMessageDraft,
  sendChatAction,
};

function sendMedia(kind: MediaKind): Method {
  return (call) => post(call, { ...checkMedia(call, kind), ...checkCaption(call.params) });
}

function post(call: Call, content: Fields): Message {
  const markup = checkMarkup(call.params);
  const chat = writableChat(call);
  const context = { ...threadFields(call, chat), ...replyFields(call, chat) };
  checkPace(call, chat);
  return call.world.post(call.bot, chat, { ...context, ...content, ...markup });
}

function sendMediaGroup(call: Call): Message[] {
  const items = checkAlbum(call);
  const chat = writableChat(call);
  const context = { ...threadFields(call, chat), ...replyFields(call, chat) };
  checkPace(call, chat);
  const album = { media_group_id: String(Math.floor(call.world.random() * 1e15)) };
  return items.map((item) => call.world.post(call.bot, chat, { ...context, ...album, ...item }));
}

function sendMessageDraft(call: Call): true {
  const draftId = call.params.integer('draft_id');
  if (!draftId) throw badRequest('draft_id must be non-zero');
  const { text, entities = [] } = checkText(call.params, { mayBeEmpty: true });
  const chat = writableChat(call);
  if (chat.info.type !== 'private') throw badRequest('drafts can be sent only to private chats');
  threadFields(call, chat);
  if (chat.keeps) chat.drafts.push({ draftId, text, entities });
  call.world.tell({ kind: 'draft', chat, what: text });
  return true;
}

const chatActions = new Set(
  (
    'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker ' +
    'find_location record_video_note upload_video_note'
  ).split(' '),
);

function sendChatAction(call: Call): true {
  const action = call.params.text('action') ?? '';
  if (!chatActions.has(action)) throw badRequest('wrong parameter action in request');
  const chat = writableChat(call);
  threadFields(call, chat);
  if (chat.keeps) chat.actions.push(action);
  call.world.tell({ kind: 'action', chat, what: action });
  return true;
}

function coordinates(call: Call) {
  const latitude = call.params.number('latitude');
  const longitude = call.params.number('longitude');
  if (latitude === undefined || Math.abs(latitude) > 90) throw badRequest('wrong latitude specified');
  if (longitude === undefined || Math.abs(longitude) > 180) throw badRequest('wrong longitude specified');
  return { latitude, longitude };
}

function required({ params }: Call, name: string): string {
  const value = params.text(name);
  if (!value) throw badRequest(`parameter "${name}" is required`);
  return value;
}

function optional({ params }: Call, name: string): Fields {
  const value = params.text(name);
  return value ? { [name]: value } : {};
}
