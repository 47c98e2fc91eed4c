import {
  startCloudSimulator,
  startDiscordSimulator,
  startEvolutionSimulator,
  startSlackSimulator,
  startTelegramSimulator,
} from '@omni-hub/simulator';

const patienceMs = 30_000;

/** An account on a platform, Ada who writes to it, and a group of Ada, Bob and the account. */
export interface Stage {
  /** What an instance needs for the account, beside its name and agent. */
  readonly instance: { channel: string; config: Record<string, unknown> } & Record<string, unknown>;
  /** Tells the platform where the instance is, where the hub cannot. */
  deliversTo?(webhookUrl: string): void;
  says(text: string): void;
  sendsVoice(): void;
  sendsPhoto(caption: string): void;
  /** The account's next message to Ada that holds this. */
  reply(part: string): Promise<unknown>;
  /** Both chats as people read them, the account always called `support`. */
  transcript(): string[];
  readonly group: {
    /** Bob writes, not to the account. */
    aside(text: string): void;
    /** Ada writes to the account, as people do that on the platform. */
    addresses(text: string): void;
    reply(part: string): Promise<unknown>;
    transcript(): string[];
  };
}

/** A platform on which each instance gets an account of its own. */
export interface StagedPlatform {
  stage(name: string): Promise<Stage>;
  close(): Promise<void>;
}

export async function telegramStages(): Promise<StagedPlatform> {
  const telegram = await startTelegramSimulator();
  let accounts = 0;
  return {
    stage: async (name) => {
      const username = `${name}_bot`;
      const token = `${4242 + accounts++}:e2e-token-of-${name}`;
      const bot = telegram.bot({ token, username });
      const ada = telegram.person({ bot, name: 'Ada' });
      const bob = telegram.person({ bot, name: 'Bob' });
      const group = telegram.group({ title: 'Family', members: [ada, bob], bots: [bot] });
      const config = {
        token,
        webhookSecret: 'e2e-webhook-secret',
        apiUrl: telegram.url,
        messagesPerSecond: 1_000,
      };
      const read = (where: typeof ada | typeof group) => named(telegram.transcript(where), username);
      return {
        instance: { channel: 'telegram', config },
        says: (text) => void ada.says(text),
        sendsVoice: () => void ada.sendsVoice(),
        sendsPhoto: (caption) => void ada.sendsPhoto({ caption }),
        reply: (part) => telegram.waitForReply(ada, part, patienceMs),
        transcript: () => read(ada),
        group: {
          aside: (text) => void bob.says(text, { chat: group }),
          addresses: (text) => void ada.says(`@${username} ${text}`, { chat: group }),
          reply: (part) => telegram.waitForReply(group, part, patienceMs),
          transcript: () => read(group),
        },
      };
    },
    close: () => telegram.close(),
  };
}

/** The Cloud API tells nobody of mentions: there an account is addressed by its name. */
export async function cloudStages(): Promise<StagedPlatform> {
  const cloud = await startCloudSimulator();
  let accounts = 0;
  return {
    stage: async (name) => {
      const account = accounts++;
      const number = await cloud.number({
        phoneNumberId: `10654035224292${account}`,
        wabaId: `10229012934039${account}`,
        phone: `1555078388${account}`,
        name,
        accessToken: `e2e-access-token-of-${name}`,
        appSecret: `e2e-app-secret-of-${name}`,
        verifyToken: `e2e-verify-token-of-${name}`,
      });
      const ada = cloud.person({ number, name: 'Ada' });
      const bob = cloud.person({ number, name: 'Bob' });
      const group = cloud.group({ subject: 'Family', number });
      const { id, wabaId, accessToken, appSecret, verifyToken } = number;
      const credentials = {
        phoneNumberId: id,
        businessAccountId: wabaId,
        accessToken,
        appSecret,
        verifyToken,
      };
      const config = { provider: 'cloud', apiUrl: cloud.url, messagesPerSecond: 1_000, ...credentials };
      const read = (where: typeof ada | typeof group) => named(cloud.transcript(where), name);
      return {
        instance: { channel: 'whatsapp', config, groups: 'keyword', groupKeywords: ['@support'] },
        says: (text) => void ada.says(text),
        sendsVoice: () => void ada.sendsVoice(),
        sendsPhoto: (caption) => void ada.sendsImage({ caption }),
        reply: (part) => cloud.waitForReply(ada, part, patienceMs),
        transcript: () => read(ada),
        group: {
          aside: (text) => void bob.says(text, { chat: group }),
          addresses: (text) => void ada.says(`@support ${text}`, { chat: group }),
          reply: (part) => cloud.waitForReply(group, part, patienceMs),
          transcript: () => read(group),
        },
      };
    },
    close: () => cloud.close(),
  };
}

export async function evolutionStages(): Promise<StagedPlatform> {
  const evolution = await startEvolutionSimulator({ apiKey: 'e2e-evolution-api-key' });
  let accounts = 0;
  return {
    stage: async (name) => {
      const account = accounts++;
      const number = `551198888777${account}`;
      const instance = evolution.instance({ name, number, lid: `9900011122${account}` });
      const ada = evolution.person({ instance, name: 'Ada' });
      const bob = evolution.person({ instance, name: 'Bob' });
      const group = evolution.group({ instance, members: [ada, bob], subject: 'Family' });
      const config = {
        provider: 'evolution',
        apiUrl: evolution.url,
        mediaUrl: evolution.url,
        apiKey: evolution.apiKey,
        instanceName: name,
        webhookSecret: `e2e-webhook-secret-of-${name}`,
        messagesPerSecond: 1_000,
      };
      const read = (where: typeof ada | typeof group) => named(evolution.transcript(where), name, number);
      return {
        instance: { channel: 'whatsapp', config },
        says: (text) => void ada.says(text),
        sendsVoice: () => void ada.sendsVoice(),
        sendsPhoto: (caption) => void ada.sendsImage({ caption }),
        reply: (part) => evolution.waitForReply(ada, part, patienceMs),
        transcript: () => read(ada),
        group: {
          aside: (text) => void bob.says(text, { chat: group }),
          addresses: (text) =>
            void ada.says(`@${number} ${text}`, {
              chat: group,
              mentions: [{ self: instance.self }],
              mentionBy: 'phone',
            }),
          reply: (part) => evolution.waitForReply(group, part, patienceMs),
          transcript: () => read(group),
        },
      };
    },
    close: () => evolution.close(),
  };
}

export async function discordStages(): Promise<StagedPlatform> {
  const discord = await startDiscordSimulator();
  let accounts = 0;
  return {
    stage: async (name) => {
      const id = `145746948372666804${accounts++}`;
      const token = `${Buffer.from(id).toString('base64url')}.GmadeUp.e2e-token-of-${name}`;
      const application = discord.application({ token, name });
      const guild = discord.guild({ name: 'Family', applications: [application] });
      const channel = guild.channel({ name: 'kitchen' });
      const ada = discord.person({ name: 'Ada', application });
      const bob = discord.person({ name: 'Bob', application });
      for (const person of [ada, bob]) guild.adds(person.user);
      const config = {
        token,
        applicationId: application.id,
        publicKey: application.publicKey,
        mode: 'gateway',
        apiUrl: discord.apiUrl,
      };
      const read = (where: typeof ada | typeof channel) =>
        named(discord.transcript(where), name, `<@${application.user.id}>`);
      return {
        instance: { channel: 'discord', config },
        says: (text) => void ada.dms(text),
        sendsVoice: () => void ada.sendsVoiceMessage({ chat: ada.direct }),
        sendsPhoto: (caption) => void ada.sendsFile({ kind: 'image', caption, chat: ada.direct }),
        reply: (part) => discord.waitForReply(ada.direct, part, patienceMs),
        transcript: () => read(ada),
        group: {
          aside: (text) => void bob.says(text, { chat: channel }),
          addresses: (text) => void ada.mentions(application, text, { chat: channel }),
          reply: (part) => discord.waitForReply(channel, part, patienceMs),
          transcript: () => read(channel),
        },
      };
    },
    close: () => discord.close(),
  };
}

export async function slackStages(): Promise<StagedPlatform> {
  const slack = await startSlackSimulator();
  return {
    stage: async (name) => {
      const app = slack.app({ name });
      const ada = slack.person(app, 'Ada');
      const bob = slack.person(app, 'Bob');
      const kitchen = slack.channel('kitchen', [ada, bob]);
      const read = (channel: typeof kitchen) => named(slack.transcript(channel), name);
      return {
        instance: { channel: 'slack', config: slack.configOf(app) },
        deliversTo: (webhookUrl) => slack.deliversTo(app, webhookUrl),
        says: (text) => void ada.says(text),
        sendsVoice: () => void ada.sendsFile('voice'),
        sendsPhoto: (caption) => void ada.sendsFile('image', caption),
        reply: (part) => slack.waitForReply(ada.direct, part, patienceMs),
        transcript: () => read(ada.direct),
        group: {
          aside: (text) => void bob.says(text, { channel: kitchen }),
          addresses: (text) => void ada.mentions(text, { channel: kitchen }),
          reply: (part) => slack.waitForReply(kitchen, part, patienceMs),
          transcript: () => read(kitchen),
        },
      };
    },
    close: () => slack.close(),
  };
}

/** Whether an answer was shown growing is a matter of time, what it says in the end is not. */
const named = (lines: string[], ...names: string[]): string[] =>
  lines.map((line) =>
    names.reduce((text, name) => text.replaceAll(name, 'support'), line).replace(/ \(edited\)$/, ''),
  );
