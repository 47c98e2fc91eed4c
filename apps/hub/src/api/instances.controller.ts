import { About } from '@omni-hub/channel-sdk';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Request, Response } from 'express';
import { Answers, AnswersFile } from '../document/answers';
import { Problem } from '../flow/problem';
import { CreateInstanceModel, UpdateInstanceModel } from '../instances/instance.models';
import { InstancesService } from '../instances/instances.service';
import { ConnectionsService } from '../instances/connections.service';
import { instanceDetails, instancePage, instanceStatus, link } from './answers/instances';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';

export class RemoveInstanceQuery {
  @About('`true` deletes at the platform too what connecting made there.')
  @IsOptional()
  @IsIn(['true', 'false'])
  atPlatform?: 'true' | 'false';
}

@ApiTags('instances')
@ApiSecurity('apiKey')
@Controller('api/v1/instances')
export class InstancesController {
  constructor(
    private readonly instances: InstancesService,
    private readonly connections: ConnectionsService,
  ) {}

  @Get()
  @Needs('instances:read')
  @ApiOperation({ summary: 'The configured instances, by name' })
  @Answers(instancePage)
  list(@Query() { limit, cursor }: PageQuery) {
    return this.instances.list(limit, cursor ?? null);
  }

  @Post()
  @Needs('instances:write')
  @ApiOperation({ summary: 'Configure an account; it works at once' })
  @Answers(instanceDetails)
  create(@Body() model: CreateInstanceModel) {
    return this.instances.create(model);
  }

  @Get(':name')
  @Needs('instances:read')
  @ApiOperation({ summary: 'One instance; its secrets are masked' })
  @Answers(instanceDetails)
  get(@Param('name') name: string) {
    return this.instances.get(name);
  }

  @Patch(':name')
  @Needs('instances:write')
  @ApiOperation({ summary: 'Change an instance; what is not given stays' })
  @Answers(instanceDetails)
  update(@Param('name') name: string, @Body() model: UpdateInstanceModel) {
    return this.instances.update(name, model);
  }

  @Delete(':name')
  @Needs('instances:write')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete an instance with its chats and messages',
    description:
      'With `atPlatform=true` what connecting made at the platform is deleted first, for good; where that fails ' +
      'nothing is deleted.',
  })
  remove(@Param('name') name: string, @Query() { atPlatform }: RemoveInstanceQuery) {
    return this.instances.remove(name, atPlatform === 'true');
  }

  @Get(':name/status')
  @Needs('instances:read')
  @ApiOperation({
    summary: 'What was last proven: inbound, sending, the account’s connection, and the platform’s own word',
  })
  @Answers(instanceStatus)
  status(@Param('name') name: string) {
    return this.connections.status(name);
  }

  @Post(':name/connect')
  @Needs('instances:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Prove the credentials, register the webhook, end a pause or a restriction' })
  @Answers(instanceStatus)
  connect(@Param('name') name: string) {
    return this.connections.connect(name);
  }

  @Post(':name/disconnect')
  @Needs('instances:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Make the platform stop delivering events here' })
  disconnect(@Param('name') name: string) {
    return this.connections.disconnect(name);
  }

  /** The answer lets whoever holds it link a phone to the account: it is not for readers. */
  @Get(':name/qr')
  @Needs('instances:write')
  @ApiOperation({
    summary: 'What a person scans or types to link the account',
    description:
      '`{image, text, code}`: the QR code as a PNG data URL, what it says, and a pairing code, each null where there ' +
      'is none. With `Accept: image/png` the picture itself. It is valid for a few seconds: ask again. 409 ' +
      '`ALREADY_LINKED` when there is nothing to link.',
  })
  @AnswersFile('image/png')
  @Answers(link)
  async link(
    @Param('name') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const link = await this.connections.link(name);
    response.setHeader('cache-control', 'no-store');
    if (request.accepts(['application/json', 'image/png']) !== 'image/png') return link;
    if (link.image === null) {
      throw new Problem(406, 'NOT_ACCEPTABLE', 'there is no picture of this link: ask for application/json');
    }
    return new StreamableFile(Buffer.from(link.image.replace(/^[^,]*,/, ''), 'base64'), {
      type: 'image/png',
    });
  }

  @Post(':name/restart')
  @Needs('instances:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make the platform connect the account anew, its link kept' })
  @Answers(instanceStatus)
  restart(@Param('name') name: string) {
    return this.connections.restart(name);
  }

  @Post(':name/logout')
  @Needs('instances:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the account’s link: it has to be linked again' })
  logout(@Param('name') name: string) {
    return this.connections.logout(name);
  }
}
