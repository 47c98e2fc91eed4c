import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Fields } from './message';
import { type UserObject, userObject } from './user';

export type PrivilegedIntent = 'members' | 'presences' | 'content';

export interface ApplicationOptions {
  /** Made from the bot's id where it is not given. */
  token?: string;
  /** The bot's id by default, which is the first part of the token. */
  applicationId?: string;
  name?: string;
  /** The pair that signs interactions; a new one by default. */
  keys?: KeyPair;
  /** Which privileged intents are switched on in the developer portal; all by default. */
  privileged?: PrivilegedIntent[];
  /** How many shards the gateway tells. */
  shards?: number;
}

export interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** An application with its bot. */
export class SimulatedApplication {
  readonly id: string;
  readonly user: UserObject;
  readonly privileged: ReadonlySet<PrivilegedIntent>;
  readonly shards: number;
  /** Global commands, as they were registered. */
  commands: Fields[] = [];
  /** Where interactions go; null: by the gateway. */
  interactionsUrl: string | null = null;
  /** Null once the platform has reset it. */
  token: string | null;
  private readonly keys: KeyPair;

  constructor(options: ApplicationOptions, newId: () => string) {
    const botId = idInToken(options.token) ?? options.applicationId ?? newId();
    this.id = options.applicationId ?? botId;
    this.token = options.token ?? tokenFor(botId);
    this.user = userObject(botId, options.name ?? 'Simulated Bot', true);
    this.keys = options.keys ?? generateKeyPairSync('ed25519');
    this.privileged = new Set(options.privileged ?? ['members', 'presences', 'content']);
    this.shards = options.shards ?? 1;
  }

  get name(): string {
    return this.user.username;
  }

  /** Hexadecimal, as the developer portal shows it. */
  get publicKey(): string {
    const { x } = this.keys.publicKey.export({ format: 'jwk' });
    return Buffer.from(x ?? '', 'base64url').toString('hex');
  }

  /** Ed25519 over the timestamp and the bytes, hexadecimal. */
  sign(timestamp: string, body: Buffer): string {
    return sign(null, Buffer.concat([Buffer.from(timestamp), body]), this.keys.privateKey).toString('hex');
  }

  object(): Fields {
    return {
      id: this.id,
      name: this.name,
      icon: null,
      description: '',
      bot_public: true,
      verify_key: this.publicKey,
      flags: this.privileged.has('content') ? 1 << 18 : 0,
      bot: this.user,
      interactions_endpoint_url: this.interactionsUrl,
    };
  }
}

/** A token begins with the bot's id in base64. */
export function idInToken(token: string | undefined): string | null {
  const id = Buffer.from(token?.split('.')[0] ?? '', 'base64').toString();
  return /^\d{5,20}$/.test(id) ? id : null;
}

export function tokenFor(botId: string): string {
  return `${Buffer.from(botId).toString('base64url')}.simulated.token`;
}
