import type { AxiosError } from 'axios';
import { CanceledError, type GenericAbortSignal, type ResponseType } from 'axios';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { answerTooLong, timedOut, toAxiosError } from './transport-errors';

/** What an exchange has to know of its request. */
export interface ExchangeOptions {
  /** Milliseconds for the whole exchange, for a stream until its first byte; 0 is no limit. */
  timeout: number;
  signal?: GenericAbortSignal;
  responseType?: ResponseType;
  /** Longest answer in bytes; does not hold for streams. */
  maxContentLength: number;
}

export interface Answer {
  status: number;
  statusText: string;
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>;
  data: unknown;
}

/** What every failed request carries: whether any byte of it may have left. Holds no config, hence no secret. */
export type TransportError = AxiosError & { requestSent: boolean };

/** One request and its answer: undici's callbacks in, one promise out. */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private answer: Answer | null = null;
  private stream: Readable | null = null;
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private ended = false;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: ExchangeOptions,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: TransportError) => void,
  ) {
    const { timeout, signal } = options;
    if (timeout > 0) this.timer = setTimeout(() => this.fail(timedOut(timeout)), timeout);
    if (signal?.aborted) this.cancel();
    else signal?.addEventListener?.('abort', this.cancel);
  }

  /** undici calls this on an open connection, just before it writes. Aborted here, nothing is written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) controller.abort(new Error('given up before it was sent'));
    else this.controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
    statusText = '',
  ): void {
    if (status < 200) return;
    this.answer = { status, statusText, headers, data: null };
    if (this.options.responseType === 'stream') this.handOver(controller, this.answer);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.stream) {
      if (!this.stream.push(chunk)) controller.pause();
      return;
    }
    this.received += chunk.length;
    if (this.received > this.options.maxContentLength)
      this.fail(answerTooLong(this.options.maxContentLength));
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.stream) {
      this.release();
      this.ended = true;
      this.stream.push(null);
    } else if (this.answer && !this.settled) {
      this.settle();
      this.answer.data = decode(this.chunks, this.options.responseType);
      this.resolve(this.answer);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(toAxiosError(error));
  }

  /** Ends the exchange at whatever stage it is. Without effect once it has ended. */
  fail(error: AxiosError): void {
    const failure = Object.assign(error, { requestSent: this.controller !== null });
    if (this.stream) {
      this.stream.destroy(failure);
    } else if (!this.settled) {
      this.settle();
      this.reject(failure);
      this.controller?.abort(failure);
    }
  }

  private readonly cancel = () => this.fail(new CanceledError());

  /** From here on the reader sets the pace; the stream ends early by an abort or too long a gap between two chunks. */
  private handOver(controller: Dispatcher.DispatchController, answer: Answer): void {
    clearTimeout(this.timer);
    this.settled = true;
    this.stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        this.release();
        if (!this.ended) controller.abort(error ?? new Error('the reader stopped'));
        done(error);
      },
    });
    answer.data = this.stream;
    this.resolve(answer);
  }

  private settle(): void {
    this.settled = true;
    this.release();
  }

  private release(): void {
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener?.('abort', this.cancel);
  }
}

function decode(chunks: Buffer[], responseType: ResponseType | undefined): unknown {
  const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  if (responseType === 'arraybuffer') return bytes;
  const text = bytes.toString('utf8');
  if (responseType === 'text' || text === '') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
