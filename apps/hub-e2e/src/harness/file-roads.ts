import type { AgentRequest } from '@omni-hub/contracts';
import type { AgentSimulator } from '@omni-hub/simulator';
import axios from 'axios';
import type { Operator } from './api';
import { DiscordRail } from './discord-rail';
import type { Hub, HubOptions } from './hub';
import { RailWorld } from './rail-world';
import { CloudRail, EvolutionRail, instanceName as railInstance } from './rails';
import { botToken, instanceName as telegramInstance, World } from './world';

export interface ShownFile {
  bytes: Buffer;
  mimeType: string | null;
}

/** Somebody who is sent files on any of the platforms, and what they see. */
export interface FilePerson {
  chatId: string;
  /** Answers what the trace of the message is found by. */
  says(text: string): { eventId: string } | { message: { chat: { id: number }; message_id: number } };
  sendsPicture(bytes: Buffer, caption: string): void;
  /** Resolves with the account's next message that holds this text. */
  reply(part: string): Promise<unknown>;
  /** What the account has shown: texts and captions, and `[file]` where there is neither, oldest first. */
  shown(): string[];
  /** The files that the account has sent, oldest first. */
  files(): Promise<ShownFile[]>;
}

/** The built hub between one platform and the agent, as far as files go. */
export interface FileRoad {
  agent: AgentSimulator;
  hub: Hub;
  operator: Operator;
  instance: string;
  person(name: string): FilePerson;
  lastAsked(person: FilePerson): AgentRequest;
  dispose(): Promise<void>;
}

export type OpenRoad = (hub?: HubOptions) => Promise<FileRoad>;

const png = { contentType: 'image/png', filename: 'a.png' };
const bytesAt = async (url: string, headers: Record<string, string> = {}) =>
  Buffer.from((await axios.get<ArrayBuffer>(url, { responseType: 'arraybuffer', headers })).data);

function roadOf(
  world: World | RailWorld<CloudRail> | RailWorld<EvolutionRail> | RailWorld<DiscordRail>,
  instance: string,
  person: FileRoad['person'],
): FileRoad {
  const { agent, hub, operator } = world;
  const lastAsked = ({ chatId }: FilePerson) =>
    agent
      .requests()
      .map(({ turn }) => turn as unknown as AgentRequest)
      .findLast(({ chat }) => chat.id === chatId)!;
  return { agent, hub, operator, instance, person, lastAsked, dispose: () => world.dispose() };
}

async function telegram(hub?: HubOptions): Promise<FileRoad> {
  const world = await World.create({ hub });
  const bytesOf = async (fileId: string) => {
    const api = `${world.telegram.url}/bot${botToken}`;
    const { data } = await axios.get(`${api}/getFile`, { params: { file_id: fileId } });
    return bytesAt(`${world.telegram.url}/file/bot${botToken}/${data.result.file_path}`);
  };
  return roadOf(world, telegramInstance, (name) => {
    const itself = world.person({ name });
    const byBot = () =>
      itself.chat.entries.filter((entry) => entry.byBot).map(({ message }) => message as never as Message);
    return {
      chatId: `telegram:${itself.chat.id}`,
      says: (text) => ({ message: itself.says(text) }),
      sendsPicture: (bytes, caption) => void itself.sendsPhoto({ caption, file: { ...png, bytes } }),
      reply: (part) => world.reply(itself, part),
      shown: () => byBot().map(({ text, caption }) => text ?? caption ?? '[file]'),
      files: () =>
        Promise.all(
          byBot().flatMap(({ photo, document, voice }) => {
            const file = photo?.at(-1) ?? document ?? voice;
            if (!file) return [];
            return [bytesOf(file.file_id).then((bytes) => ({ bytes, mimeType: file.mime_type ?? null }))];
          }),
        ),
    };
  });
}

interface TelegramFile {
  file_id: string;
  mime_type?: string;
}
interface Message {
  text?: string;
  caption?: string;
  photo?: TelegramFile[];
  document?: TelegramFile;
  voice?: TelegramFile;
}

async function cloud(hub?: HubOptions): Promise<FileRoad> {
  const world = await RailWorld.create(await CloudRail.start(), { hub });
  const { platform, number } = world.rail;
  const headers = { authorization: `Bearer ${number.accessToken}`, 'user-agent': 'e2e' };
  const fileOf = async (id: string): Promise<ShownFile> => {
    const { data } = await axios.get(`${platform.url}/v26.0/${id}`, { headers });
    return { bytes: await bytesAt(data.url, headers), mimeType: data.mime_type };
  };
  return roadOf(world, railInstance, (name) => {
    const person = world.rail.person(name);
    const byBusiness = () => person.itself.chat.entries.filter(({ by }) => by === 'business');
    return {
      ...person,
      says: (text) => ({ eventId: person.says(text) }),
      sendsPicture: (bytes, caption) => void person.itself.sendsImage({ caption, file: { ...png, bytes } }),
      shown: () => byBusiness().map(({ text, type }) => text || (type === 'text' ? '' : '[file]')),
      files: () =>
        Promise.all(
          byBusiness().flatMap(({ type, content }) => {
            const { id } = Object(content[type]) as { id?: string };
            return id === undefined ? [] : [fileOf(id)];
          }),
        ),
    };
  });
}

async function evolution(hub?: HubOptions): Promise<FileRoad> {
  const world = await RailWorld.create(await EvolutionRail.start(), { hub });
  return roadOf(world, railInstance, (name) => {
    const person = world.rail.person(name);
    const byApi = () => person.itself.chat.entries.filter((entry) => entry.byApi);
    return {
      ...person,
      says: (text) => ({ eventId: person.says(text) }),
      sendsPicture: (bytes, caption) => void person.itself.sendsImage({ caption, file: { ...png, bytes } }),
      shown: () => byApi().map(({ text, media }) => text || (media ? '[file]' : '')),
      files: () =>
        Promise.resolve(
          byApi().flatMap(({ media }) => (media ? [{ bytes: media.plain, mimeType: media.mimetype }] : [])),
        ),
    };
  });
}

async function discord(hub?: HubOptions): Promise<FileRoad> {
  const world = await RailWorld.create(await DiscordRail.start(), { hub });
  await world.connected();
  return roadOf(world, railInstance, (name) => {
    const person = world.rail.person(name);
    const byBot = () =>
      person.itself.chat.entries.filter((entry) => entry.byBot).map(({ message }) => message);
    return {
      ...person,
      says: (text) => ({ eventId: person.says(text) }),
      sendsPicture: (bytes, caption) =>
        void person.itself.sendsFile({ kind: 'image', caption, file: { ...png, bytes } }),
      shown: () => byBot().map(({ content }) => content || '[file]'),
      files: () =>
        Promise.resolve(
          byBot().flatMap(({ files }) =>
            files.map(({ bytes, contentType }) => ({ bytes, mimeType: contentType })),
          ),
        ),
    };
  });
}

export const fileRoads: [name: string, open: OpenRoad][] = [
  ['Telegram', telegram],
  ['WhatsApp Cloud', cloud],
  ['Evolution', evolution],
  ['Discord', discord],
];
