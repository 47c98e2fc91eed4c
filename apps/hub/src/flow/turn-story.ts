import { parseMarkdown, toPlainText } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { SaidMessage, TurnMessage, TurnRow, TurnStory } from '../storage/repositories/turns.repository';
import type { AgentAttempt, Decision, TurnTrace } from './trace';

/** What a turn that is stored was about, and what it said. Pure. */

/** Content as it is shown and compared: a file that it holds is named by its hash. */
export type ShownContent = { type: string } & Record<string, unknown>;

/** One of two answers to the same messages. */
export interface TurnAnswer {
  agentKind: string | null;
  status: string;
  content: ShownContent[];
  /** How long the agent took for it, and when it was asked; null where it was not, or was hung up on. */
  ms: number | null;
  at: number | null;
  /** False where the agent failed or was hung up on, and where nothing of its answer could be sent. */
  isAgents: boolean;
}

/** The gate's verdict that decided about a message; undefined where none is recorded. */
export function verdictOn({ trace }: TurnRow, messageId: string): Decision | undefined {
  return readTrace(trace).decisions.findLast((decision) => decision.messageId === messageId);
}

export const readTrace = (trace: string): Partial<TurnTrace> & Pick<TurnTrace, 'decisions' | 'agent'> => ({
  decisions: [],
  agent: [],
  ...(JSON.parse(trace) as Partial<TurnTrace>),
});

/** The messages that the agent was asked about, or why the turn cannot be asked again, in a sentence. */
export function askedAgain({ turn, chat, messages }: TurnStory): TurnMessage[] | string {
  if (turn.status === 'retrying') return 'the turn is not over: the agent is asked again by itself';
  if (turn.status === 'merged')
    return 'the turn was given up for another that has its messages: replay that one';
  const { decisions } = readTrace(turn.trace);
  const passed = new Set(decisions.map(({ messageId }) => messageId));
  for (const { messageId, verdict } of decisions) if (verdict === 'stop') passed.delete(messageId);
  if (passed.size === 0) return 'the agent was not asked about any message of the turn: its trace says why';
  const asked = messages.filter(({ id }) => passed.has(id));
  if (!chat || asked.length < passed.size) return 'messages of the turn are gone: retention has swept them';
  return asked;
}

/** What the turn answered, as far as it was said. A preview that was taken away is no part of it. */
export function answerOf(turn: TurnRow, said: readonly SaidMessage[]): TurnAnswer {
  const last = readTrace(turn.trace).agent.at(-1);
  const shown = said.map(({ type, content }) =>
    content === null ? { type, tooLong: true } : showContent(JSON.parse(content) as Content),
  );
  const answered = last && last.outcome !== 'hung_up' ? last : undefined;
  return {
    agentKind: turn.agentKind,
    status: turn.status,
    content: shown.length > 1 && shown[0].type === 'delete' ? shown.slice(1) : shown,
    ms: answered?.ms ?? null,
    at: answered?.at ?? null,
    isAgents: turn.status !== 'failed' && isAnswer(answered),
  };
}

const isAnswer = (attempt: AgentAttempt | undefined) => attempt !== undefined && attempt.outcome !== 'failed';

export function showContent(content: Content): ShownContent {
  if (content.type === 'album') return { ...content, items: content.items.map(showContent) };
  if (!('data' in content) || content.data === undefined) return { ...content };
  const { data, ...others } = content;
  const bytes = Buffer.from(data, 'base64');
  return { ...others, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** The files that what was said names, by their `mediaId`: what a file was that an agent brought along as data. */
export type SaidFiles = ReadonlyMap<string, { hash: string; size: number }>;

/** Whether two agents said the same, or were both silent. Failures are nothing that could be the same. */
export function isSame(
  original: TurnAnswer,
  status: string,
  content: readonly ShownContent[],
  files: SaidFiles,
): boolean {
  if (!original.isAgents || status === 'failed') return false;
  if (original.content.length !== content.length) return false;
  if (content.length === 0) return original.status === status;
  return original.content.every((one, index) => isSameContent(one, content[index], files));
}

/** What was spoken was a text before, and what has a `mediaId` may have been data. */
function isSameContent(said: ShownContent, other: ShownContent, files: SaidFiles): boolean {
  if (said.type === 'voice' && typeof said.spoken === 'string' && other.type === 'text')
    return said.spoken === toPlainText(parseMarkdown(String(other.text))).trim();
  if (said.type === 'album' && other.type === 'album') {
    const [items, others] = [said.items, other.items] as [ShownContent[], ShownContent[]];
    return (
      items.length === others.length &&
      items.every((item, index) => isSameContent(item, others[index], files))
    );
  }
  const { mediaId, ...facts } = said;
  const file = other.mediaId === undefined ? files.get(String(mediaId)) : undefined;
  return isDeepStrictEqual(file ? { ...facts, sha256: file.hash, size: file.size } : said, other);
}
