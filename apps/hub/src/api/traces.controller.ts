import { About } from '@omni-hub/channel-sdk';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsDateString, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Answers } from '../document/answers';
import { outcomes } from '../flow/conclusion';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { trace } from './answers/messages';
import { tracePage, traceReport } from './answers/traces';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { assembleTrace } from './trace';
import { listTraces } from './trace-list';
import { reportTraces } from './trace-report';

const dayMs = 86_400_000;
const longestDays = 31;

export class TracesQuery extends PageQuery {
  @About("Only this instance's messages.")
  @IsOptional()
  @IsString()
  instance?: string;

  @About("Only those of this chat: its id, or with `instance` the platform's, as `telegram:4242`.")
  @IsOptional()
  @IsString()
  @MaxLength(300)
  chat?: string;

  @About('Only those of people, or only those to them.')
  @IsOptional()
  @IsIn(['in', 'out'])
  direction?: 'in' | 'out';

  @IsOptional()
  @IsIn(outcomes)
  outcome?: string;

  @About('Only those that came to it for this reason: `group_not_mentioned`.')
  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string;

  @About('Only those that the hub took then or later, ISO 8601.')
  @IsOptional()
  @IsDateString()
  from?: string;

  @About('Only those that the hub took before, ISO 8601.')
  @IsOptional()
  @IsDateString()
  to?: string;
}

export class TraceAnalyticsQuery {
  @About("Only this instance's messages.")
  @IsOptional()
  @IsString()
  instance?: string;

  @About('From when on, ISO 8601; absent: a day before `to`. At most 31 days before it.')
  @IsOptional()
  @IsDateString()
  from?: string;

  @About('Until when, ISO 8601; absent: now.')
  @IsOptional()
  @IsDateString()
  to?: string;
}

@ApiTags('traces')
@ApiSecurity('apiKey')
@Controller('api/v1/traces')
export class TracesController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
  ) {}

  @Get()
  @Needs('messages:read')
  @ApiOperation({
    summary: 'What became of messages and why, newest first',
    description:
      'Where few of many messages fit, a page may have fewer entries than `limit`, or none, and still a `nextCursor`: so far 100,000 ' +
      'messages were looked through, and the next request goes on from there.',
  })
  @Answers(tracePage)
  async list(@Query() { instance, chat, direction, outcome, reason, from, to, limit, cursor }: TracesQuery) {
    const instanceId = this.instanceId(instance);
    const chatId = chat === undefined ? null : await this.store.turns.chatId(instanceId, chat);
    if (chat !== undefined && chatId === null) throw Problem.notFound('chat', chat);
    return listTraces(this.store, this.instances, {
      ...{ instanceId, chatId, limit },
      direction: direction ?? null,
      outcome: outcome ?? null,
      reason: reason ?? null,
      from: from === undefined ? null : Date.parse(from),
      to: to === undefined ? null : Date.parse(to),
      cursor: cursor ?? null,
    });
  }

  @Get('analytics')
  @Needs('messages:read')
  @ApiOperation({
    summary: 'How many messages came to what and why, and how long it took',
    description:
      'Exact, of the newest 100,000 messages of the time: `covers` says since when, and whether that is all of it.',
  })
  @Answers(traceReport)
  async analytics(@Query() query: TraceAnalyticsQuery) {
    const instanceId = this.instanceId(query.instance);
    const to = query.to === undefined ? Date.now() : Date.parse(query.to);
    const from = query.from === undefined ? to - dayMs : Date.parse(query.from);
    if (from >= to) throw Problem.fields([{ field: 'from', problem: 'must be before `to`' }]);
    if (to - from > longestDays * dayMs)
      throw Problem.fields([
        { field: 'from', problem: `must be at most ${longestDays} days before \`to\`: ask for less at once` },
      ]);
    return reportTraces(this.store, this.instances, instanceId, from, to);
  }

  @Get(':id')
  @Needs('messages:read')
  @ApiOperation({ summary: 'The trace of one message: the same as `GET /api/v1/messages/{id}/trace`' })
  @Answers(trace)
  async get(@Param('id') id: string) {
    const story = await this.store.messages.story(id);
    if (!story) throw Problem.notFound('message', id);
    return assembleTrace(story, this.instances.byId(story.message.instanceId));
  }

  private instanceId(name: string | undefined): string | null {
    if (name === undefined) return null;
    const instance = this.instances.byName(name);
    if (!instance) throw Problem.notFound('instance', name);
    return instance.id;
  }
}
