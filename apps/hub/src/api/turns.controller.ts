import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsDateString, IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Response } from 'express';
import { Answers } from '../document/answers';
import { Holds } from '../document/class-schema';
import { Problem } from '../flow/problem';
import { Replays } from '../flow/replays';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { pairView, turnDetails, turnPage } from './answers/turns';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toPairView, toTurnDetails, toTurnView } from './turn-views';

const statuses = ['answered', 'silent', 'deferred', 'failed', 'retrying', 'merged'];
/** Replays that one turn shows. */
const shownReplays = 50;

export class TurnsQuery extends PageQuery {
  @About("Only this instance's turns.")
  @IsOptional()
  @IsString()
  instance?: string;

  @About("Only those of this chat: its id, or with `instance` the platform's, as `telegram:4242`.")
  @IsOptional()
  @IsString()
  @MaxLength(300)
  chat?: string;

  @IsOptional()
  @IsIn(statuses)
  status?: string;

  @About('The kind of the agent that was asked.')
  @IsOptional()
  @IsString()
  @MaxLength(50)
  agentKind?: string;

  @About('Only those that began then or later, ISO 8601.')
  @IsOptional()
  @IsDateString()
  from?: string;

  @About('Only those that began before, ISO 8601.')
  @IsOptional()
  @IsDateString()
  to?: string;
}

export class ReplayTurnModel {
  @About("`{kind, …}` as an instance's agent; absent: the instance's own, as it is now.")
  @Holds('AgentConfig')
  @IsOptional()
  @IsObject()
  agent?: Record<string, unknown>;
}

@ApiTags('turns')
@ApiSecurity('apiKey')
@Controller('api/v1/turns')
export class TurnsController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly replays: Replays,
  ) {}

  @Get()
  @Needs('messages:read')
  @ApiOperation({ summary: 'Turns that were tried at least once, newest first' })
  @Answers(turnPage)
  async list(@Query() { instance: name, chat, status, agentKind, from, to, limit, cursor }: TurnsQuery) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    const instanceId = instance?.id ?? null;
    const chatId = chat === undefined ? null : await this.store.turns.chatId(instanceId, chat);
    if (chat !== undefined && chatId === null) throw Problem.notFound('chat', chat);
    const page = await this.store.turns.list({
      ...{ instanceId, chatId, limit },
      status: status ?? null,
      agentKind: agentKind ?? null,
      from: from === undefined ? null : Date.parse(from),
      to: to === undefined ? null : Date.parse(to),
      cursor: cursor ?? null,
    });
    return { items: page.items.map((turn) => toTurnView(turn, this.instances)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Needs('messages:read')
  @ApiOperation({
    summary:
      'One turn: its messages, what the agent was asked about, the answer as it was said, and its timings',
  })
  @Answers(turnDetails)
  async get(@Param('id') id: string) {
    const story = await this.store.turns.story(id);
    if (!story) throw Problem.notFound('turn', id);
    return toTurnDetails(story, await this.store.replays.ofTurn(id, shownReplays), this.instances);
  }

  @Post(':id/replay')
  @Needs('replays:write')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ask a turn that is over again, of any agent; nobody is sent anything',
    description:
      'The agent is asked once, and both answers come side by side; its failure is an answer too. The request is marked ' +
      '`replay`, with a key and a session of its own. The secrets of an agent that is given are stored nowhere.',
  })
  @Answers(pairView)
  async replay(
    @Param('id') id: string,
    @Body() { agent }: ReplayTurnModel,
    @Res({ passthrough: true }) response: Response,
  ) {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { story, replay } = await this.replays.replay(id, agent ?? null, gone.signal);
    return toPairView(story.turn, story.said, replay, this.instances);
  }
}
