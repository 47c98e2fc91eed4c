import { Injectable } from '@nestjs/common';
import { HubConfig } from '../config/hub.config';
import { SecretBox } from '../config/secret-box';
import type { LiveInstance } from '../instances/live-instance';

const livesMs = 60 * 60_000;

export interface MediaTarget {
  messageId: string;
  index: number;
}

/** Signed links under which an agent can fetch an attachment without a key, for an hour. */
@Injectable()
export class MediaLinks {
  /** Where the hub answers, as agents reach it; set once it listens. */
  baseUrl: string;

  constructor(
    private readonly box: SecretBox,
    config: HubConfig,
  ) {
    this.baseUrl = config.publicUrl?.replace(/\/$/, '') ?? `http://${config.host}:${config.port}`;
  }

  make(instance: LiveInstance, messageId: string, index: number): string | null {
    if (!instance.handler.fetchMedia) return null;
    return `${this.baseUrl}/media/${this.box.sign(`${messageId} ${index} ${Date.now() + livesMs}`)}`;
  }

  /** What a link stands for; null when it was not made here or is too old. */
  read(token: string): MediaTarget | null {
    const [messageId, index, expiresAt] = this.box.verify(token)?.split(' ') ?? [];
    if (!messageId || Number(expiresAt) < Date.now()) return null;
    return { messageId, index: Number(index) };
  }
}
