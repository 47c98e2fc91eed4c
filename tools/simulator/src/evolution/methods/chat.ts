import { setTimeout as wait } from 'node:timers/promises';
import type { Entry, SimulatedChat } from '../chat';
import { schemas } from '../checks/schemas';
import {
  needConnection,
  needConnectionUncaught,
  notOnWhatsApp,
  storedMessage,
  targetChat,
} from '../checks/target';
import { editOf, revokeOf, reworded, unwrapped } from '../content';
import { newId } from '../entries';
import { badRequest, notFound } from '../errors';
import { createJid, isGroupJid, isLidJid, isPhoneJid, localPart, phoneForms } from '../jids';
import type { Fields } from '../values';
import { onTheWire } from '../values';
import type { InstanceCall, Methods } from '.';

const editableMs = 15 * 60_000;

/** What is done in chats and asked about them. */
export const chatMethods: Methods = {
  'POST chat/sendPresence': {
    of: 'instance',
    status: 201,
    schema: schemas.sendPresence,
    run: async (call) => {
      needConnection(call);
      const { world, body } = call;
      const chat = targetChat(call, String(body.number));
      const what = { presence: String(body.presence), delayMs: Number(body.delay) };
      if (world.keeps) chat.presences.push(what);
      world.tell({ kind: 'presence', chat, what });
      await wait(what.delayMs);
      return { presence: what.presence };
    },
  },

  'POST chat/markMessageAsRead': {
    of: 'instance',
    status: 201,
    schema: schemas.markMessageAsRead,
    run: (call) => {
      needConnection(call);
      for (const { remoteJid, id } of call.body.readMessages as { remoteJid: string; id: string }[]) {
        const told = isGroupJid(remoteJid) || isPhoneJid(remoteJid);
        const stored = storedMessage(call.instance, id);
        if (told && stored) stored.entry.seen = true;
      }
      return { message: 'Read messages', read: 'success' };
    },
  },

  'POST chat/getBase64FromMediaMessage': { of: 'instance', status: 201, run: getBase64 },

  'POST chat/whatsappNumbers': {
    of: 'instance',
    schema: schemas.whatsappNumbers,
    run: (call) => {
      needConnectionUncaught(call);
      return ((call.body.numbers ?? []) as string[]).map((number) => {
        const found = whoHas(call, number);
        if (!found) return { jid: createJid(number), exists: false, number };
        const { jid, name, lid } = found;
        return { jid, exists: true, number, name, ...(lid && { lid }) };
      });
    },
  },

  'POST chat/fetchProfilePictureUrl': {
    of: 'instance',
    schema: schemas.fetchProfilePictureUrl,
    run: ({ body }) => ({ wuid: createJid(String(body.number)), profilePictureUrl: null }),
  },

  'POST chat/findContacts': {
    of: 'instance',
    schema: schemas.find,
    run: ({ instance, body }) => {
      const { remoteJid, pushName } = (body.where ?? {}) as { remoteJid?: string; pushName?: string };
      return instance.chats
        .filter(({ kind }) => kind === 'direct')
        .map((chat) => ({
          id: `cm${chat.jid.replace(/\W/g, '')}`,
          remoteJid: chat.jid,
          pushName: chat.title,
          profilePicUrl: null,
          instanceId: instance.id,
        }))
        .filter(
          (row) =>
            (remoteJid ?? row.remoteJid) === row.remoteJid && (pushName ?? row.pushName) === row.pushName,
        );
    },
  },

  'POST chat/findChats': {
    of: 'instance',
    schema: schemas.find,
    run: ({ world, instance }) =>
      instance.chats.map((chat) => {
        const last = chat.entries.at(-1);
        return {
          id: `cm${chat.jid.replace(/\W/g, '')}`,
          remoteJid: chat.jid,
          pushName: chat.title,
          profilePicUrl: null,
          unreadCount: chat.entries.filter(({ key, seen }) => !key.fromMe && !seen).length,
          lastMessage: last ? world.prepared(chat, last) : null,
        };
      }),
  },

  'POST chat/findMessages': { of: 'instance', schema: schemas.find, run: findMessages },

  'POST chat/updateMessage': { of: 'instance', schema: schemas.updateMessage, run: updateMessage },

  'DELETE chat/deleteMessageForEveryone': {
    of: 'instance',
    status: 201,
    schema: schemas.deleteMessageForEveryone,
    run: deleteMessage,
  },
};

/** Whose a number is: the account's own, or somebody's in a chat. */
function whoHas({ world, instance }: InstanceCall, number: string) {
  const { self } = instance;
  if (phoneForms(localPart(createJid(number))).includes(instance.number)) {
    return { jid: instance.jid, name: self.name, lid: self.lidJid };
  }
  const chat = world.directory.findChat(instance, number);
  return chat && { jid: chat.contact?.phoneJid ?? chat.jid, name: chat.title, lid: chat.contact?.lidJid };
}

/** Of the message with this id, as the server has it; whatever else is in `message` is not needed. */
function getBase64({ instance, body }: InstanceCall) {
  const { message } = body as { message?: { key?: { id?: string } } };
  const stored = storedMessage(instance, message?.key?.id ?? '');
  if (!stored) throw badRequest('Message not found');
  const { media, message: content } = stored.entry;
  if (!media) throw badRequest('The message is not of the media type');
  if (media.flaws.includes('no-base64'))
    throw badRequest('Error: Failed to fetch stream from https://mmg.whatsapp.net');
  const { caption } = (unwrapped(content)[`${media.kind}Message`] ?? {}) as { caption?: string };
  return {
    mediaType: `${media.kind}Message`,
    fileName: media.fileName,
    ...(caption !== undefined && { caption }),
    size: { fileLength: String(media.plain.length), height: null, width: null },
    mimetype: media.mimetype,
    base64: media.plain.toString('base64'),
    buffer: null,
  };
}

function findMessages({ world, instance, body }: InstanceCall) {
  const { key = {} } = (body.where ?? {}) as { key?: { id?: string; remoteJid?: string; fromMe?: boolean } };
  const { page = 1, offset = 50 } = body as { page?: number; offset?: number };
  const fits = ({ key: own }: Entry) =>
    (key.id ?? own.id) === own.id &&
    (key.remoteJid ?? own.remoteJid) === own.remoteJid &&
    (key.fromMe ?? own.fromMe) === own.fromMe;
  const found = [...instance.messages.values()].filter(({ entry }) => fits(entry)).reverse();
  const shown = found.slice((page - 1) * offset, page * offset);
  return {
    messages: {
      total: found.length,
      pages: Math.max(1, Math.ceil(found.length / offset)),
      currentPage: page,
      records: shown.map(({ chat, entry }) => ({
        id: `cm${entry.id.toLowerCase()}`,
        ...world.prepared(chat, entry),
        MessageUpdate: [{ status: entry.status }],
      })),
    },
  };
}

function updateMessage(call: InstanceCall) {
  needConnection(call);
  const { world, instance, body } = call;
  const key = body.key as { id: string; remoteJid: string; fromMe: boolean };
  const text = String(body.text);
  const chat = targetChat(call, String(body.number));
  if (!world.keeps) return changed(call, chat, editOf(body.key as Fields, { conversation: text }));
  const stored = storedMessage(instance, key.id);
  if (!stored) throw notFound('Message not found');
  if (stored.chat !== chat) throw badRequest('RemoteJid does not match');
  const { entry } = stored;
  if (!entry.key.fromMe || !key.fromMe) throw badRequest("Error: You cannot edit other people's messages");
  if (Date.now() - entry.at * 1000 > editableMs) throw badRequest('Message is older than 15 minutes');
  entry.versions.push(entry.text);
  entry.text = text;
  entry.message = { ...entry.message, ...reworded(entry.message, text) };
  world.tell({ kind: 'edited', chat, entry });
  const edit = editOf({ ...key }, { conversation: text });
  world.events.emit(instance, 'send.message.update', edit, chat.jid);
  return changed(call, chat, edit);
}

function deleteMessage(call: InstanceCall) {
  needConnection(call);
  const { world, instance, body } = call;
  const { id, remoteJid, fromMe, participant } = body as {
    id: string;
    remoteJid: string;
    fromMe: boolean;
    participant?: string;
  };
  const key = { remoteJid, fromMe, id, ...(participant && { participant }) };
  const chat = world.directory.findChat(instance, remoteJid);
  if (!chat) throw notOnWhatsApp(remoteJid);
  const stored = storedMessage(instance, id);
  if (stored) {
    const { entry } = stored;
    entry.deleted = true;
    world.tell({ kind: 'deleted', chat, entry });
    const told = { ...world.prepared(chat, entry), id, key, status: 'DELETED' };
    world.events.emit(instance, 'messages.delete', told, chat.jid);
  }
  return changed(call, chat, revokeOf(key));
}

/** What a protocol message is answered with. */
function changed({ world, instance }: InstanceCall, chat: SimulatedChat, protocolMessage: Fields) {
  const remoteJid = isLidJid(chat.jid) ? chat.jid : (chat.contact?.phoneJid ?? chat.jid);
  return onTheWire(
    {
      key: { remoteJid, fromMe: true, id: newId('api', (count) => world.media.bytes(count)) },
      message: { protocolMessage },
      messageTimestamp: String(Math.floor(Date.now() / 1000)),
      status: 'PENDING',
      instanceId: instance.id,
    },
    world.dialect,
  );
}
