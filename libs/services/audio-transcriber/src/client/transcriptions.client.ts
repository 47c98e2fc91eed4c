import { asObject, createHttpClient, multipart, type HttpClient } from '@omni-hub/channel-sdk';
import type { TranscriberConfig } from '../models/config.models';
import type { OpenRecording, Recording } from '../models/recording';
import { ofStatus, ofTrouble, tooLarge, unreadable } from './failures';
import { upload } from './format';

interface Answer {
  status: number;
  data: unknown;
  headers: Record<string, unknown>;
}

const mostAnswerBytes = 1_000_000;

/** `POST /v1/audio/transcriptions`, as OpenAI defined it: https://platform.openai.com/docs/api-reference/audio/createTranscription */
export class TranscriptionsClient {
  private readonly http: HttpClient;
  private readonly secrets: string[];

  constructor(private readonly config: TranscriberConfig) {
    const { url, apiKey } = config;
    this.secrets = apiKey ? [apiKey] : [];
    this.http = createHttpClient({
      baseURL: url.replace(/\/+$/, '').replace(/\/v1$/, ''),
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      maxResponseBytes: mostAnswerBytes,
    });
  }

  /** One attempt. Rejects with a TranscriptionError, or with what kept the recording from being read. */
  async ask(recording: Recording, timeoutMs: number, signal: AbortSignal): Promise<string> {
    const opened = await recording.open();
    const { stream: bytes, size } = opened;
    let broken: Error | null = null;
    bytes.once('error', (error) => (broken = error));
    const { stream, headers } = this.form(recording, opened);
    try {
      if (size > this.config.maxBytes) throw tooLarge(size, this.config.maxBytes);
      const answer = await this.http
        .post('/v1/audio/transcriptions', stream, { headers, timeout: timeoutMs, signal })
        .catch((error: unknown) => {
          throw broken ?? ofTrouble(error);
        });
      return this.textOf(answer);
    } finally {
      stream.destroy();
      bytes.destroy();
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private form(recording: Recording, { stream, size }: OpenRecording) {
    const { filename, contentType: mimeType } = upload(recording);
    const { language } = recording;
    return multipart([
      ['model', this.config.model],
      ['response_format', 'json'],
      ...(language ? [['language', language] as const] : []),
      ['file', { size, mimeType, filename, open: () => Promise.resolve(stream) }],
    ]);
  }

  private textOf({ status, data, headers }: Answer): string {
    const retryAfter = headers['retry-after'];
    if (status !== 200)
      throw ofStatus(status, data, typeof retryAfter === 'string' ? retryAfter : null, this.secrets);
    const text = asObject(data)?.text;
    if (typeof text !== 'string') throw unreadable();
    return text.trim();
  }
}
