import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDateString,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Answers } from '../document/answers';
import { Holds } from '../document/class-schema';
import { Problem } from '../flow/problem';
import { Replays } from '../flow/replays';
import { AgentConfigs } from '../instances/agent-configs';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import type { ReportScope } from '../storage/repositories/replay-reports.repository';
import { batchPage, batchReport, shadowReport, startedBatch } from './answers/turns';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toBatchView, toPairView, type ReplayReportView } from './turn-views';

export class StartReplaysModel {
  @IsString()
  instance: string;

  @About("`{kind, …}` as an instance's agent; absent: the instance's own, as it is when each turn is asked.")
  @Holds('AgentConfig')
  @IsOptional()
  @IsObject()
  agent?: Record<string, unknown>;

  @About('Only turns that began then or later, ISO 8601.')
  @IsOptional()
  @IsDateString()
  from?: string;

  @About('Only turns that began before, ISO 8601.')
  @IsOptional()
  @IsDateString()
  to?: string;

  @About("Only turns of this chat: its id, or the platform's, as `telegram:4242`.")
  @IsOptional()
  @IsString()
  @MaxLength(300)
  chatId?: string;

  @About('Only turns that ended so.')
  @IsOptional()
  @IsIn(['answered', 'silent', 'deferred', 'failed'])
  status?: string;

  @About('How many turns at most: the newest.')
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit: number = 100;
}

export class BatchesQuery extends PageQuery {
  @About("Only this instance's batches.")
  @IsOptional()
  @IsString()
  instance?: string;
}

export class ShadowQuery extends PageQuery {
  @About('Only turns that began then or later, ISO 8601.')
  @IsOptional()
  @IsDateString()
  from?: string;

  @About('Only turns that began before, ISO 8601.')
  @IsOptional()
  @IsDateString()
  to?: string;
}

@ApiTags('replays')
@ApiSecurity('apiKey')
@Controller('api/v1')
export class ReplaysController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly agents: AgentConfigs,
    private readonly replays: Replays,
  ) {}

  @Post('replays')
  @Needs('replays:write')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask many turns that are over again, of any agent; nobody is sent anything',
    description:
      'The turns are chosen now, and each is asked once. It goes on through restarts; `GET` the answered `id` for the report. ' +
      'Secrets of the agent are sealed like those of an instance, and removed with the batch.',
  })
  @Answers(startedBatch)
  start(@Body() { instance, agent, from, to, chatId, status, limit }: StartReplaysModel) {
    return this.replays.start({
      instance,
      agent: agent ?? null,
      from: from === undefined ? null : Date.parse(from),
      to: to === undefined ? null : Date.parse(to),
      chatId: chatId ?? null,
      status: status ?? null,
      limit,
    });
  }

  @Get('replays')
  @Needs('messages:read')
  @ApiOperation({ summary: 'The batches, newest first' })
  @Answers(batchPage)
  async list(@Query() { instance: name, limit, cursor }: BatchesQuery) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    const query = { instanceId: instance?.id ?? null, limit, cursor: cursor ?? null };
    const page = await this.store.replayBatches.list(query);
    return {
      items: page.items.map((batch) => toBatchView(batch, this.instances, this.agents)),
      nextCursor: page.nextCursor,
    };
  }

  @Get('replays/:id')
  @Needs('messages:read')
  @ApiOperation({
    summary: 'The report of a batch, and both answers to each turn side by side, page by page',
  })
  @Answers(batchReport)
  async get(@Param('id') id: string, @Query() { limit, cursor }: PageQuery) {
    const batch = await this.store.replayBatches.get(id);
    if (!batch) throw Problem.notFound('batch of replays', id);
    const report = await this.report({ batchId: id }, limit, cursor);
    return { ...toBatchView(batch, this.instances, this.agents), ...report };
  }

  @Delete('replays/:id')
  @Needs('replays:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a batch and remove it with its answers' })
  async remove(@Param('id') id: string) {
    if (!(await this.replays.cancel(id))) throw Problem.notFound('batch of replays', id);
  }

  @Get('instances/:name/shadow')
  @Needs('messages:read')
  @ApiOperation({ summary: 'The report of an instance’s shadow agent, as that of a batch' })
  @Answers(shadowReport)
  async shadow(@Param('name') name: string, @Query() { from, to, limit, cursor }: ShadowQuery) {
    const instance = this.instances.byName(name);
    if (!instance) throw Problem.notFound('instance', name);
    const scope = {
      shadowOf: instance.id,
      from: from === undefined ? null : Date.parse(from),
      to: to === undefined ? null : Date.parse(to),
    };
    return { instance: name, ...(await this.report(scope, limit, cursor)) };
  }

  private async report(
    scope: ReportScope,
    limit: number,
    cursor: string | undefined,
  ): Promise<ReplayReportView> {
    const report = await this.store.replayReports.read(scope);
    const page = await this.store.replayReports.list(scope, limit, cursor ?? null);
    const turnIds = page.items.map(({ turnId }) => turnId);
    const turns = await this.store.turns.named(turnIds);
    const said = await this.store.turns.saidBy(turnIds);
    const items = page.items.flatMap((replay) => {
      const turn = turns.get(replay.turnId);
      const own = said.filter(({ turnId }) => turnId === replay.turnId);
      return turn ? [toPairView(turn, own, replay, this.instances)] : [];
    });
    return {
      state: report.replay.pending ? 'running' : 'done',
      ...report,
      items,
      nextCursor: page.nextCursor,
    };
  }
}
