import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsDateString, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Answers } from '../document/answers';
import { ChannelRegistry } from '../flow/channel-registry';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { channels } from './answers/instances';
import { messagePage } from './answers/messages';
import { chatPage, chatView } from './answers/people';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toChatView, toMessageSummary } from './views';

export class ChatsQuery extends PageQuery {
  @About("Only this instance's chats.")
  @IsOptional()
  @IsString()
  instance?: string;
}

export class PauseChatModel {
  @About('When the pause ends by itself, ISO 8601; absent or null: when somebody resumes.')
  @IsOptional()
  @IsDateString()
  until?: string | null;

  @About('Why, for whoever reads the chat or a trace.')
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string | null;
}

export class ChatMessagesQuery extends PageQuery {
  @IsOptional()
  @IsIn(['newest', 'oldest'])
  order: 'newest' | 'oldest' = 'newest';
}

@ApiTags('chats')
@ApiSecurity('apiKey')
@Controller('api/v1')
export class ChatsController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly channels: ChannelRegistry,
  ) {}

  @Get('chats')
  @Needs('messages:read')
  @ApiOperation({ summary: 'The chats of all channels, newest first' })
  @Answers(chatPage)
  async list(@Query() { instance: name, limit, cursor }: ChatsQuery) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    const page = await this.store.chats.list({
      instanceId: instance?.id ?? null,
      limit,
      cursor: cursor ?? null,
    });
    return { items: page.items.map((chat) => toChatView(chat, this.instances)), nextCursor: page.nextCursor };
  }

  @Get('chats/:id')
  @Needs('messages:read')
  @ApiOperation({ summary: 'One chat, with the state of its lane' })
  @Answers(chatView)
  async get(@Param('id') id: string) {
    const chat = await this.store.chats.get(id);
    if (!chat) throw Problem.notFound('chat', id);
    return toChatView(chat, this.instances);
  }

  @Get('chats/:id/messages')
  @Needs('messages:read')
  @ApiOperation({ summary: 'The messages of a chat, both directions' })
  @Answers(messagePage)
  async messages(@Param('id') id: string, @Query() { limit, cursor, order }: ChatMessagesQuery) {
    if (!(await this.store.chats.get(id))) throw Problem.notFound('chat', id);
    const page = await this.store.chats.messages(id, { limit, cursor: cursor ?? null, order });
    return { items: page.items.map(toMessageSummary), nextCursor: page.nextCursor };
  }

  @Post('chats/:id/pause')
  @Needs('access:write')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Keep the agent from answering in a chat, until a time or until it is resumed',
    description:
      'What comes meanwhile is kept and never answered. A turn that the agent is being asked about already is finished. ' +
      'Pausing again replaces the pause.',
  })
  @Answers(chatView)
  async pause(@Param('id') id: string, @Body() { until, reason }: PauseChatModel) {
    const now = Date.now();
    const endsAt = until == null ? null : Date.parse(until);
    if (endsAt !== null && endsAt <= now)
      throw Problem.fields([{ field: 'until', problem: 'must be in the future' }]);
    if (!(await this.store.chats.pause(id, now, endsAt, reason ?? null))) throw Problem.notFound('chat', id);
    return this.get(id);
  }

  @Post('chats/:id/resume')
  @Needs('access:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the pause of the agent in a chat: it answers from the next message on' })
  @Answers(chatView)
  async resume(@Param('id') id: string) {
    if (!(await this.store.chats.resume(id))) throw Problem.notFound('chat', id);
    return this.get(id);
  }

  @Get('channels')
  @Needs('instances:read')
  @ApiOperation({ summary: 'The loaded channels and what each of their providers can do' })
  @Answers(channels)
  listChannels() {
    return { items: this.channels.all().map(({ id, title, capabilities }) => ({ id, title, capabilities })) };
  }
}
