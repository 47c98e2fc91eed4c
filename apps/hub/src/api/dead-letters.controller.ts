import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { Answers } from '../document/answers';
import { Problem } from '../flow/problem';
import { Wakeups } from '../flow/wakeups';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { deadLetterPage, deadLetterView, replayedLetters } from './answers/operations';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toDeadLetterView } from './views';

export class DeadLettersFilter {
  @IsOptional()
  @IsString()
  instance?: string;

  @IsOptional()
  @IsIn(['turn', 'delivery', 'webhook'])
  kind?: 'turn' | 'delivery' | 'webhook';

  @About('Only with this error code, for example `AGENT_TIMEOUT`.')
  @IsOptional()
  @IsString()
  code?: string;
}

export class DeadLettersQuery extends IntersectionType(PageQuery, DeadLettersFilter) {}

/** At most this many are replayed by one request with a filter. */
const replayAtMost = 500;

@ApiTags('dead letters')
@ApiSecurity('apiKey')
@Controller('api/v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly wakeups: Wakeups,
  ) {}

  @Get()
  @Needs('messages:read')
  @ApiOperation({ summary: 'What could not be answered or delivered, newest first' })
  @Answers(deadLetterPage)
  async list(@Query() query: DeadLettersQuery) {
    const page = await this.store.deadLetters.list({
      ...this.filter(query),
      limit: query.limit,
      cursor: query.cursor ?? null,
    });
    return {
      items: page.items.map((letter) => toDeadLetterView(letter, this.instances)),
      nextCursor: page.nextCursor,
    };
  }

  @Get(':id')
  @Needs('messages:read')
  @ApiOperation({ summary: 'One dead letter' })
  @Answers(deadLetterView)
  async get(@Param('id') id: string) {
    const letter = await this.store.deadLetters.get(id);
    if (!letter) throw Problem.notFound('dead letter', id);
    return toDeadLetterView(letter, this.instances);
  }

  @Post('replay')
  @Needs('dead-letters:write')
  @HttpCode(200)
  @ApiOperation({ summary: `Replay what a filter finds and was not replayed, at most ${replayAtMost}` })
  @Answers(replayedLetters)
  async replayMany(@Body() filter: DeadLettersFilter) {
    const page = await this.store.deadLetters.list({
      ...this.filter(filter),
      limit: replayAtMost,
      cursor: null,
      replayable: true,
    });
    let replayed = 0;
    // The oldest first: what is said again keeps its order.
    for (const { id } of page.items.reverse()) if ((await this.replayOne(id)) === 'replayed') replayed++;
    return { replayed };
  }

  @Post(':id/replay')
  @Needs('dead-letters:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try again: ask the agent again, or send again' })
  @Answers(replayedLetters)
  async replay(@Param('id') id: string) {
    const result = await this.replayOne(id);
    if (result === 'replayed') return { replayed: 1 };
    if (result === 'not_found') throw Problem.notFound('dead letter', id);
    throw new Problem(
      409,
      result === 'already' ? 'ALREADY_REPLAYED' : 'NOT_REPLAYABLE',
      result === 'already'
        ? 'it was replayed before; what came of it is a letter of its own'
        : 'a body that was not understood cannot be replayed: read it, then delete it',
    );
  }

  @Delete(':id')
  @Needs('dead-letters:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a dead letter' })
  async remove(@Param('id') id: string) {
    if (!(await this.store.deadLetters.delete(id))) throw Problem.notFound('dead letter', id);
  }

  private async replayOne(id: string) {
    const letter = await this.store.deadLetters.get(id);
    const ttl = letter && this.instances.byId(letter.instanceId)?.settings.replyTtlMs;
    const result = await this.store.deadLetters.replay(id, Date.now() + (ttl ?? 900_000));
    this.wakeups.wake('turns');
    this.wakeups.wake('deliveries');
    return result;
  }

  private filter({ instance: name, kind, code }: DeadLettersFilter) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    return { instanceId: instance?.id ?? null, kind: kind ?? null, code: code ?? null };
  }
}
