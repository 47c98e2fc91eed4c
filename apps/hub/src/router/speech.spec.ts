import type { Attachment, Content } from '@omni-hub/contracts';
import { spokenIn, startSynthesizerSimulator, type SynthesizerSimulator } from '@omni-hub/simulator';
import { readConfig } from '../config/hub.config';
import { AgentError } from '../flow/agent';
import { FileError, type KeptContent } from '../flow/outgoing-files';
import type { LiveInstance } from '../instances/live-instance';
import { sampleInstance, sampleMessage, sampleTurn } from '../testing/samples';
import { isSpeechWanted, Speech, wordsOf } from './speech';
import { endAnswered, endFailed, type TurnEnd } from './turn-end';

const voice: Attachment = { kind: 'voice', ref: 'r', mimeType: null, size: null, filename: null };
const settings = { voiceAnswers: 'whenSpoken' } as const;
const speaking = sampleInstance({ settings });
const going = new AbortController().signal;

const asked = (...attachments: Attachment[][]) =>
  attachments.map((one, index) => ({
    rowId: `m${index}`,
    personId: null,
    receivedAt: 0,
    event: sampleMessage({ attachments: one }),
  }));
const answered = (...content: Content[]) => endAnswered({ kind: 'reply', content }, 0, 1);
const text = (of: string): Content => ({ type: 'text', text: of });

describe('a spoken answer is wanted', () => {
  it('where the instance asks for it and the person spoke', () => {
    expect(isSpeechWanted(speaking, asked([voice]))).toBe(true);
    expect(isSpeechWanted(sampleInstance(), asked([voice]))).toBe(false);
  });

  it('by the last message: who wrote after they spoke is answered in writing', () => {
    expect(isSpeechWanted(speaking, asked([], [voice]))).toBe(true);
    expect(isSpeechWanted(speaking, asked([voice], []))).toBe(false);
    expect(isSpeechWanted(speaking, [])).toBe(false);
  });

  it('not where a file was sent that happens to sound, nor where a button was pressed', () => {
    expect(isSpeechWanted(speaking, asked([{ ...voice, kind: 'audio' }]))).toBe(false);
    const { chat, sender, eventId, at, rawKind } = sampleMessage();
    const event = { eventId, at, rawKind, chat, sender, messageId: null, ackRef: null } as const;
    const action = { ...event, type: 'action', actionId: 'a', label: null } as const;
    expect(isSpeechWanted(speaking, [{ ...asked([])[0], event: action }])).toBe(false);
  });
});

describe('what is spoken of an answer', () => {
  it.each([
    ['Good **morning**, _Ada_.', 'Good morning, Ada.'],
    ['# Today\n\n- bread\n- milk', 'Today\n\n• bread\n• milk'],
    ['It costs `5` euro.', 'It costs 5 euro.'],
    ['  Yes.  ', 'Yes.'],
  ])('is the plain text of %j', (markdown, words) => {
    expect(wordsOf([text(markdown)])).toBe(words);
  });

  it.each<[string, Content[], string]>([
    ['a table', [text('| a | b |\n| - | - |\n| 1 | 2 |')], 'speech_not_for_ears'],
    ['a code block', [text('So:\n\n```\nnpm test\n```')], 'speech_not_for_ears'],
    ['a link', [text('See [the docs](https://example.com).')], 'speech_not_for_ears'],
    ['a bare address', [text('See https://example.com/docs now.')], 'speech_not_for_ears'],
    ['more than a thousand characters', [text('word '.repeat(210))], 'speech_too_long'],
    ['no words', [text('👍 …')], 'speech_no_words'],
    ['several messages', [text('one'), text('two')], 'speech_not_text'],
    ['a picture', [{ type: 'image', url: 'https://example.com/a.png' }], 'speech_not_text'],
    ['buttons', [{ type: 'buttons', text: 'Which?', buttons: [{ id: 'a', label: 'A' }] }], 'speech_not_text'],
    ['nothing', [], 'speech_not_text'],
  ])('is nothing where it holds %s', (_what, content, reason) => {
    expect(wordsOf(content)).toMatchObject({ reason });
  });

  it('has a thousand characters at most, marks aside', () => {
    expect(wordsOf([text(`**${'x'.repeat(1_000)}**`)])).toBe('x'.repeat(1_000));
  });
});

describe('speech', () => {
  let service: SynthesizerSimulator;
  let speech: Speech;
  const noted: [channel: string, reason: string, isTimed: boolean][] = [];
  const metrics = {
    speech: (channel: string, reason: string, ms: number | null) =>
      void noted.push([channel, reason, ms !== null]),
  };
  const keep = jest.fn<Promise<KeptContent[]>, [LiveInstance, Content[]]>();
  const speechWith = (environment: Record<string, string>) =>
    new Speech(readConfig(environment), metrics, { keep });

  beforeEach(async () => {
    service = await startSynthesizerSimulator();
    speech = speechWith({ OMNI_SPEECH_URL: service.url, OMNI_SPEECH_VOICE: 'nova' });
    noted.length = 0;
    keep.mockReset().mockImplementation((_instance, [content]) => Promise.resolve([{ content }]));
  });
  afterEach(async () => {
    await speech.close();
    await service.close();
  });

  const told = ({ content, speech: note }: TurnEnd) => [content, note?.reason];

  it('takes the place of the text', async () => {
    const end = await speech.speak(answered(text('Good **morning**.')), speaking, going);
    expect(end).toMatchObject({
      status: 'answered',
      content: [{ type: 'voice', mimeType: 'audio/ogg', spoken: 'Good morning.' }],
      speech: { reason: 'spoken', change: null },
    });
    const [{ data }] = end.content as { data: string }[];
    expect(spokenIn(Buffer.from(data, 'base64'))).toBe('Good morning.');
    expect(service.calls()).toMatchObject([{ voice: 'nova', model: 'tts-1' }]);
    expect(noted).toEqual([['sample', 'spoken', true]]);
  });

  it('has the instance’s own voice', async () => {
    await speech.speak(
      answered(text('Yes.')),
      sampleInstance({ settings: { ...settings, voice: 'onyx' } }),
      going,
    );
    expect(service.calls()).toMatchObject([{ voice: 'onyx' }]);
  });

  it('leaves the text as it is where it fails, and says why', async () => {
    service.faults.add({ fault: { kind: 'error', status: 400 } });
    const end = await speech.speak(answered(text('Yes.')), speaking, going);
    expect(told(end)).toEqual([[text('Yes.')], 'REJECTED']);
    expect(end.speech).toMatchObject({ detail: expect.stringContaining('refuses the text') });
    expect(noted).toEqual([['sample', 'REJECTED', true]]);
  });

  it.each<[string, () => Promise<KeptContent[]>]>([
    ['is refused', () => Promise.resolve([{ refused: { code: 'STORAGE', detail: 'the disk is full' } }])],
    ['cannot be kept now', () => Promise.reject(new FileError('STORAGE', 'the disk is full', true))],
  ])('leaves the text as it is where its file %s', async (_what, keeps) => {
    keep.mockImplementation(keeps);
    const end = await speech.speak(answered(text('Yes.')), speaking, going);
    expect(told(end)).toEqual([[text('Yes.')], 'STORAGE']);
    expect(end.speech).toMatchObject({ detail: expect.stringContaining('the disk is full') });
  });

  it('fails where the store does, as all of the turn will', async () => {
    keep.mockRejectedValue(new Error('the database is gone'));
    await expect(speech.speak(answered(text('Yes.')), speaking, going)).rejects.toThrow('database');
  });

  it('leaves the text as it is where the turn is cut short', async () => {
    service.faults.add({ fault: { kind: 'timeout-before' } });
    const stopping = new AbortController();
    const speaks = speech.speak(answered(text('Yes.')), speaking, stopping.signal);
    while (service.calls().length === 0) await new Promise(setImmediate);
    stopping.abort();
    expect(told(await speaks)).toEqual([[text('Yes.')], 'speech_stopped']);
  });

  it('is not asked for where it could not be heard', async () => {
    const end = await speech.speak(answered(text('[a](https://example.com)')), speaking, going);
    expect(told(end)).toEqual([[text('[a](https://example.com)')], 'speech_not_for_ears']);
    const { content } = speaking.handler.capabilities;
    const mute = sampleInstance({ settings, capabilities: { content: { ...content, voice: 'fallback' } } });
    expect(speech.canSpeak(mute)).toBe(false);
    expect(told(await speech.speak(answered(text('Yes.')), mute, going))).toEqual([
      [text('Yes.')],
      'speech_not_carried',
    ]);
    expect(service.calls()).toEqual([]);
    expect(noted).toEqual([
      ['sample', 'speech_not_for_ears', false],
      ['sample', 'speech_not_carried', false],
    ]);
  });

  it('is told to be missing where the hub has no service for it', async () => {
    const none = speechWith({});
    expect(none.canSpeak(speaking)).toBe(false);
    const end = await none.speak(answered(text('Yes.')), speaking, going);
    expect(end.speech).toMatchObject({ reason: 'speech_unconfigured', change: 'set OMNI_SPEECH_URL' });
    await none.close();
  });

  it('is of answers only: neither silence nor a fallback is spoken', async () => {
    const silent = endAnswered({ kind: 'silent', reason: 'enough said' }, 0, 1);
    expect(await speech.speak(silent, speaking, going)).toBe(silent);
    const spoken = sampleInstance({ settings: { ...settings, fallback: 'Sorry.' } });
    const failed = endFailed(
      new AgentError('AGENT_TIMEOUT', 'late'),
      0,
      1,
      sampleTurn({ attempts: 2 }),
      spoken,
    );
    expect(await speech.speak(failed, spoken, going)).toBe(failed);
    expect(noted).toEqual([]);
  });
});
