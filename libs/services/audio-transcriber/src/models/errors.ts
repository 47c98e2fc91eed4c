/** What can go wrong with a transcript. The closed list: each answers whether another attempt can help. */
const worthAnotherAttempt = {
  /** It did not answer, not in time, or says that it is down. */
  UNREACHABLE: true,
  RATE_LIMITED: true,
  /** It refuses the key. */
  UNAUTHORIZED: false,
  /** It refuses the recording, or knows neither the address nor the model. */
  REJECTED: false,
  TOO_LARGE: false,
  /** It answered, but not with a transcript: it is no transcriber, or a proxy stands before it. */
  UNREADABLE: false,
} as const;

export type TranscriptionErrorCode = keyof typeof worthAnotherAttempt;

/** A recording was not transcribed. The message says what to do and holds no secret. */
export class TranscriptionError extends Error {
  override readonly name = 'TranscriptionError';
  readonly retryable: boolean;

  constructor(
    readonly code: TranscriptionErrorCode,
    message: string,
    /** How long the service asks to wait, milliseconds; 0 where it does not. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
    this.retryable = worthAnotherAttempt[code];
  }
}
