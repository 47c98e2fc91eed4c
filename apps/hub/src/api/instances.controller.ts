import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CreateInstanceModel, UpdateInstanceModel } from '../instances/instance.models';
import { InstancesService } from '../instances/instances.service';
import { ConnectionsService } from '../instances/connections.service';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';

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
  list(@Query() { limit, cursor }: PageQuery) {
    return this.instances.list(limit, cursor ?? null);
  }

  @Post()
  @Needs('instances:write')
  @ApiOperation({ summary: 'Configure an account; it works at once' })
  create(@Body() model: CreateInstanceModel) {
    return this.instances.create(model);
  }

  @Get(':name')
  @Needs('instances:read')
  @ApiOperation({ summary: 'One instance; its secrets are masked' })
  get(@Param('name') name: string) {
    return this.instances.get(name);
  }

  @Patch(':name')
  @Needs('instances:write')
  @ApiOperation({ summary: 'Change an instance; what is not given stays' })
  update(@Param('name') name: string, @Body() model: UpdateInstanceModel) {
    return this.instances.update(name, model);
  }

  @Delete(':name')
  @Needs('instances:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an instance with its chats and messages' })
  remove(@Param('name') name: string) {
    return this.instances.remove(name);
  }

  @Get(':name/status')
  @Needs('instances:read')
  @ApiOperation({ summary: 'What was last proven: inbound, sending, and the platform’s own word' })
  status(@Param('name') name: string) {
    return this.connections.status(name);
  }

  @Post(':name/connect')
  @Needs('instances:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Prove the credentials, register the webhook, end a pause' })
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
}
