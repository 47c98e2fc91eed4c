import { createHttpClient, type HttpClient } from '@omni-hub/channel-sdk';
import type { SynthesizerConfig } from '../models/config.models';
import type { Speech } from '../models/speech';
import { notOpus, ofStatus, ofTrouble } from './failures';
import { isOggOpus } from './ogg';

interface Answer {
  status: number;
  data: Buffer;
  headers: Record<string, unknown>;
}

/** `POST /v1/audio/speech`, as OpenAI defined it: https://platform.openai.com/docs/api-reference/audio/createSpeech */
export class SpeechClient {
  private readonly http: HttpClient;
  private readonly secrets: string[];

  constructor(private readonly config: SynthesizerConfig) {
    const { url, apiKey, maxBytes } = config;
    this.secrets = apiKey ? [apiKey] : [];
    this.http = createHttpClient({
      baseURL: url.replace(/\/+$/, '').replace(/\/v1$/, ''),
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      maxResponseBytes: maxBytes,
    });
  }

  /** One attempt. Rejects with a SynthesisError. */
  async ask({ text, voice }: Speech, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
    const { model, maxBytes } = this.config;
    const body = { model, input: text, voice: voice ?? this.config.voice, response_format: 'opus' };
    const answer = await this.http
      .post<Buffer>('/v1/audio/speech', body, {
        timeout: timeoutMs,
        signal,
        responseType: 'arraybuffer',
        headers: { accept: 'audio/*' },
      })
      .catch((error: unknown) => {
        throw ofTrouble(error, maxBytes);
      });
    return this.soundOf(answer);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private soundOf({ status, data, headers }: Answer): Buffer {
    const retryAfter = headers['retry-after'];
    if (status !== 200)
      throw ofStatus(status, data, typeof retryAfter === 'string' ? retryAfter : null, this.secrets);
    if (!isOggOpus(data)) throw notOpus();
    return data;
  }
}
