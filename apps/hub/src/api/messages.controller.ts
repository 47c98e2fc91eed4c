import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Content } from '@omni-hub/contracts';
import { Answers } from '../document/answers';
import { checkContent } from '../flow/content.check';
import { Outgoing, type SendOutcome } from '../flow/outgoing';
import { Problem } from '../flow/problem';
import { Replays } from '../flow/replays';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { messagePage, messageView, sendOutcome, trace } from './answers/messages';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { SendMessageModel } from './send.models';
import { assembleTrace } from './trace';
import { toMessageSummary, toMessageView } from './views';

export class MessagesQuery extends PageQuery {
  @About("Only this instance's messages.")
  @IsOptional()
  @IsString()
  instance?: string;

  @About("The platform's own id of the event: Telegram's update_id.")
  @IsOptional()
  @IsString()
  @MaxLength(300)
  eventId?: string;
}

@ApiTags('messages')
@ApiSecurity('apiKey')
@Controller('api/v1')
export class MessagesController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly outgoing: Outgoing,
    private readonly replays: Replays,
  ) {}

  @Post('instances/:name/messages')
  @Needs('messages:send')
  @HttpCode(202)
  @ApiHeader({
    name: 'idempotency-key',
    required: false,
    description: 'A second request with the same key sends nothing new',
  })
  @ApiOperation({ summary: 'Send a message: accepted once it is committed' })
  @Answers(sendOutcome)
  async send(
    @Param('name') name: string,
    @Body() model: SendMessageModel,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<SendOutcome> {
    const instance = this.instances.byName(name);
    if (!instance) throw Problem.notFound('instance', name);
    const problems = checkContent(model.content);
    if (problems.length > 0)
      throw Problem.fields(problems.map(({ field, problem }) => ({ field: `content.${field}`, problem })));
    const content = model.content as unknown as Content;
    if (model.turnId && (await this.replays.hear(model.turnId, content)))
      return { id: model.turnId, deliveries: [], fallback: null, scheduledAt: null, duplicate: false };
    return this.outgoing.send(instance, {
      to: model.to,
      content,
      replyTo: model.replyTo ?? null,
      sendAt: model.sendAt ? Date.parse(model.sendAt) : null,
      idempotencyKey: idempotencyKey?.slice(0, 200) ?? null,
      turnId: model.turnId ?? null,
    });
  }

  @Get('messages')
  @Needs('messages:read')
  @ApiOperation({ summary: 'Messages of all chats and those without a chat, newest first' })
  @Answers(messagePage)
  async list(@Query() { instance: name, eventId, limit, cursor }: MessagesQuery) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    const query = {
      instanceId: instance?.id ?? null,
      eventId: eventId ?? null,
      limit,
      cursor: cursor ?? null,
    };
    const page = await this.store.messages.list(query);
    return { items: page.items.map(toMessageSummary), nextCursor: page.nextCursor };
  }

  @Get('messages/:id')
  @Needs('messages:read')
  @ApiOperation({ summary: 'One message, inbound or outbound, with its deliveries' })
  @Answers(messageView)
  async get(@Param('id') id: string) {
    return toMessageView(await this.story(id), this.instances);
  }

  @Get('messages/:id/trace')
  @Needs('messages:read')
  @ApiOperation({ summary: 'Everything that was decided and measured about a message, in order' })
  @Answers(trace)
  async trace(@Param('id') id: string) {
    const story = await this.story(id);
    return assembleTrace(story, this.instances.byId(story.message.instanceId));
  }

  private async story(id: string) {
    const story = await this.store.messages.story(id);
    if (!story) throw Problem.notFound('message', id);
    return story;
  }
}
