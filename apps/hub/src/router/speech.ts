import { parseMarkdown, toPlainText, validateConfig, type StyledText } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { SynthesisError, Synthesizer, SynthesizerConfig } from '@omni-hub/speech-synthesizer';
import type { HubConfig } from '../config/hub.config';
import type { AskedEvent } from '../flow/agent-request';
import type { Metrics } from '../flow/metrics';
import { FileError, type OutgoingFiles } from '../flow/outgoing-files';
import type { SpeechNote } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { TurnEnd } from './turn-end';

/** About a minute of speech. */
const mostCharacters = 1_000;
/** How much later than the written answer the spoken one may be. */
const budgetMs = 20_000;

/** Whether an answer to these messages is to be spoken: the instance asks for it, and the person spoke last. Pure. */
export function isSpeechWanted({ settings }: LiveInstance, asked: readonly AskedEvent[]): boolean {
  if (settings.voiceAnswers === 'never') return false;
  const last = asked.at(-1)?.event;
  return last?.type === 'message' && last.message.attachments.some(({ kind }) => kind === 'voice');
}

/** Why an answer is not spoken, and how it would be. */
export type Obstacle = Pick<SpeechNote, 'reason' | 'detail' | 'change'>;

/** The words of an answer, or what keeps them from being spoken. Pure. */
export function wordsOf(content: TurnEnd['content']): string | Obstacle {
  const [only] = content;
  if (content.length !== 1 || only.type !== 'text') return obstacles.notOneText;
  const styled = parseMarkdown(only.text);
  const text = toPlainText(styled).trim();
  if (holdsWhatIsRead(styled)) return obstacles.notForEars;
  if (text.length > mostCharacters) return obstacles.tooLong(text.length);
  return /[\p{L}\p{N}]/u.test(text) ? text : obstacles.noWords;
}

/** Tables and code blocks are `pre`. */
const holdsWhatIsRead = ({ spans }: StyledText) =>
  spans.some(({ style }) => style === 'pre' || style === 'link');

const obstacles = {
  unconfigured: {
    reason: 'speech_unconfigured',
    detail: 'the instance asks for spoken answers, and the hub has no speech service',
    change: 'set OMNI_SPEECH_URL',
  },
  notCarried: {
    reason: 'speech_not_carried',
    detail: 'the channel carries no voice messages',
    change: null,
  },
  notOneText: {
    reason: 'speech_not_text',
    detail: 'the answer is something else than one text',
    change: 'let the agent answer one text',
  },
  notForEars: {
    reason: 'speech_not_for_ears',
    detail: 'the answer holds a table, a code block or a link, which have to be seen',
    change: 'let the agent answer in plain words where the person spoke',
  },
  tooLong: (length: number) => ({
    reason: 'speech_too_long',
    detail: `the answer has ${length} characters, and at most ${mostCharacters} are spoken`,
    change: 'let the agent answer more briefly where the person spoke',
  }),
  noWords: {
    reason: 'speech_no_words',
    detail: 'the answer holds no words',
    change: null,
  },
  notKept: (reason: string, detail: string) => ({
    reason,
    detail: `the voice message cannot be kept: ${detail}`,
    change: 'see to the media store',
  }),
  stopped: {
    reason: 'speech_stopped',
    detail: 'the turn was cut short while its answer was made speech',
    change: null,
  },
};

/** Has answers spoken. What cannot be, for whatever reason, stays the text that it is: the person always gets the answer. */
export class Speech {
  private readonly synthesizer: Synthesizer | null;

  constructor(
    { speechUrl: url, speechApiKey: apiKey, speechModel: model, speechVoice: voice }: HubConfig,
    private readonly metrics: Pick<Metrics, 'speech'>,
    private readonly files: Pick<OutgoingFiles, 'keep'>,
  ) {
    const key = apiKey ? { apiKey } : {};
    this.synthesizer =
      url === undefined
        ? null
        : new Synthesizer(validateConfig(SynthesizerConfig, { url, model, voice, budgetMs, ...key }));
  }

  /** Whether answers of the instance can be spoken at all. Where one is wanted, nothing of it is shown while it is written. */
  canSpeak(instance: LiveInstance): boolean {
    return this.obstacleOf(instance) === null;
  }

  /**
   * Puts a voice message in place of an answer's text, and notes what became of it. Takes 20 seconds at most, and fails only with
   * the store.
   */
  async speak(end: TurnEnd, instance: LiveInstance, signal: AbortSignal): Promise<TurnEnd> {
    if (end.status !== 'answered') return end;
    const at = Date.now();
    const words = this.obstacleOf(instance) ?? wordsOf(end.content);
    const spoken = typeof words === 'string' ? await this.say(words, instance, signal) : words;
    const ms = Date.now() - at;
    this.metrics.speech(
      instance.channel.id,
      'reason' in spoken ? spoken.reason : 'spoken',
      typeof words === 'string' ? ms : null,
    );
    if ('reason' in spoken) return { ...end, speech: { at, ms, ...spoken } };
    const detail = 'the answer is a voice message';
    return { ...end, content: [spoken], speech: { at, ms, reason: 'spoken', detail, change: null } };
  }

  /** Call when it is not needed any more. */
  async close(): Promise<void> {
    await this.synthesizer?.close();
  }

  private obstacleOf({ handler }: LiveInstance): Obstacle | null {
    if (!this.synthesizer) return obstacles.unconfigured;
    return handler.capabilities.content.voice === 'native' ? null : obstacles.notCarried;
  }

  private async say(text: string, instance: LiveInstance, signal: AbortSignal): Promise<Content | Obstacle> {
    const { voice } = instance.settings;
    try {
      const file = await this.synthesizer!.say({ text, ...(voice === null ? {} : { voice }) }, signal);
      return await this.kept(instance, {
        type: 'voice',
        data: file.toString('base64'),
        mimeType: 'audio/ogg',
        spoken: text,
      });
    } catch (error) {
      if (error instanceof SynthesisError) {
        const change = 'see OMNI_SPEECH_URL and the settings beside it, and the instance’s voice';
        return { reason: error.code, detail: error.message, change };
      }
      if (error instanceof FileError) return obstacles.notKept(error.code, error.message);
      if (signal.aborted) return obstacles.stopped;
      throw error;
    }
  }

  /** Here and not with all other files: what cannot be kept is still to be written. Throws a FileError for what may be kept later. */
  private async kept(instance: LiveInstance, voice: Content): Promise<Content | Obstacle> {
    const [kept] = await this.files.keep(instance, [voice]);
    return 'content' in kept ? kept.content : obstacles.notKept(kept.refused.code, kept.refused.detail);
  }
}
