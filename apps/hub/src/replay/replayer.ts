import type { AgentRequest } from '@omni-hub/contracts';
import type { AccessRules } from '../access/access-rules';
import { AgentError } from '../flow/agent';
import { toAgentRequest, type AskedEvent } from '../flow/agent-request';
import { ChatHistory } from '../flow/chat-history';
import type { MediaLinks } from '../flow/media-links';
import { isActionToken } from '../flow/plan-outbound';
import { answerOf, askedAgain, showContent, type ShownContent } from '../flow/turn-story';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { ReplayResult } from '../storage/repositories/replays.repository';
import type { TurnMessage, TurnStory } from '../storage/repositories/turns.repository';
import { saysTheSame } from './compare';

/** Asks an agent about a turn that is over. It shows nothing, sends nothing, and changes nothing about the turn. */
export class Replayer {
  private readonly history: ChatHistory;

  constructor(
    private readonly store: Store,
    accessRules: Pick<AccessRules, 'of'>,
    private readonly mediaLinks: MediaLinks,
  ) {
    this.history = new ChatHistory(store, accessRules);
  }

  /** Asks `instance.agent` once. `id` is the replay's: the key of the request, and its session. `stopped` where `signal` aborts. */
  async ask(
    story: TurnStory,
    instance: LiveInstance,
    id: string,
    signal: AbortSignal,
  ): Promise<ReplayResult | 'stopped'> {
    const { kind } = instance.agent;
    const messages = askedAgain(story);
    if (typeof messages === 'string')
      return this.compared(story, kind, null, failed('NOT_REPLAYABLE', messages));
    const request = await this.rebuild(story, messages, instance, id);
    const at = Date.now();
    const answer = await this.answer(instance, request, signal);
    return answer === 'stopped' ? answer : this.compared(story, kind, Date.now() - at, answer);
  }

  /** The request as the agent would have got it then; files have fresh links, and transcripts that came later. */
  private async rebuild(
    { turn, chat }: TurnStory,
    messages: TurnMessage[],
    instance: LiveInstance,
    id: string,
  ): Promise<AgentRequest> {
    const { address: filedAs, title: chatTitle } = chat!;
    const asked = await Promise.all(messages.map((message) => this.heard(message)));
    const files = await this.store.media.ofMessages(messages.map((message) => message.id));
    const { chatId, firstSeq } = turn;
    const asOf = { at: turn.startedAt, turnId: turn.id };
    const history = await this.history.before({ chatId, filedAs, firstSeq }, instance, asked, asOf);
    const told = toAgentRequest({ turnId: id, filedAs, chatTitle }, asked, instance, files, (rowId, index) =>
      this.mediaLinks.make(instance, rowId, index),
    );
    return { ...told, history, sessionId: `replay/${id}`, replay: true };
  }

  private async heard({ id, instanceId, content, personId, receivedAt }: TurnMessage): Promise<AskedEvent> {
    const event = JSON.parse(content) as AskedEvent['event'];
    if (event.type === 'action' && isActionToken(event.actionId))
      event.actionId = (await this.store.actionTokens.get(instanceId, event.actionId)) ?? event.actionId;
    return { rowId: id, personId, receivedAt, event };
  }

  private async answer(
    { agent }: LiveInstance,
    request: AgentRequest,
    signal: AbortSignal,
  ): Promise<Outcome | 'stopped'> {
    try {
      const answer = await agent.ask(request, signal, () => undefined);
      if (answer.kind === 'reply')
        return { ...none, status: 'answered', content: answer.content.map(showContent) };
      if (answer.kind === 'silent') return { ...none, status: 'silent', detail: answer.reason };
      return { ...none, status: 'deferred' };
    } catch (error) {
      if (signal.aborted) return 'stopped';
      if (error instanceof AgentError) return failed(error.code, error.message);
      return failed('AGENT_UNREADABLE', String(error));
    }
  }

  private async compared(
    story: TurnStory,
    agentKind: string,
    ms: number | null,
    { content, ...outcome }: Outcome,
  ): Promise<ReplayResult> {
    const { turn, said } = story;
    return {
      ...outcome,
      agentKind,
      content: JSON.stringify(content),
      ms,
      originalMs: answerOf(turn, said).ms,
      originalStatus: turn.status,
      same: await saysTheSame(this.store, story, outcome.status, content),
    };
  }
}

type Outcome = Pick<ReplayResult, 'status' | 'code' | 'detail'> & { content: ShownContent[] };

const none = { content: [], code: null, detail: null };
const failed = (code: string, detail: string): Outcome => ({ ...none, status: 'failed', code, detail });
