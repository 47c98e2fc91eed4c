/** What can go wrong with speech. The closed list: each answers whether another attempt can help. */
const worthAnotherAttempt = {
  /** It did not answer, not in time, or says that it is down. */
  UNREACHABLE: true,
  RATE_LIMITED: true,
  /** It refuses the key. */
  UNAUTHORIZED: false,
  /** It refuses the text, or knows neither the address nor the model nor the voice. */
  REJECTED: false,
  /** The text is. */
  TOO_LONG: false,
  /** It answered, but not with Ogg/Opus of a reasonable size: it is no synthesizer, or cannot make that format. */
  UNREADABLE: false,
} as const;

export type SynthesisErrorCode = keyof typeof worthAnotherAttempt;

/** A text was not said. The message says what to do and holds no secret. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
  readonly retryable: boolean;

  constructor(
    readonly code: SynthesisErrorCode,
    message: string,
    /** How long the service asks to wait, milliseconds; 0 where it does not. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
    this.retryable = worthAnotherAttempt[code];
  }
}
