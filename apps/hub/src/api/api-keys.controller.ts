import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Answers } from '../document/answers';
import { Problem } from '../flow/problem';
import { apiKeys, newApiKey } from './answers/operations';
import { Needs, scopes, type KeyedRequest } from './api-key.guard';
import { ApiKeys } from './api-keys.service';
import { toApiKeyView } from './views';

export class CreateApiKeyModel {
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name: string;

  @About('`*` is every scope.')
  @IsArray()
  @ArrayMinSize(1)
  @IsIn([...scopes, '*'], { each: true })
  scopes: string[];

  @About('The only instances that the key may touch; all when absent.')
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  instances?: string[];
}

@ApiTags('API keys')
@ApiSecurity('apiKey')
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Get()
  @Needs('api-keys:write')
  @ApiOperation({ summary: 'The keys, without the keys themselves' })
  @Answers(apiKeys)
  async list() {
    return { items: (await this.keys.list()).map(toApiKeyView) };
  }

  @Post()
  @Needs('api-keys:write')
  @ApiOperation({ summary: 'Make a key; it is shown once' })
  @Answers(newApiKey)
  create(@Req() { apiKey }: KeyedRequest, @Body() { name, scopes: wanted, instances }: CreateApiKeyModel) {
    const lacking = apiKey.scopes.includes('*')
      ? []
      : wanted.filter((scope) => !apiKey.scopes.includes(scope));
    if (lacking.length > 0) {
      throw new Problem(403, 'FORBIDDEN', `a key cannot give what it lacks itself: ${lacking.join(', ')}`);
    }
    return this.keys.create(name, wanted, instances ?? null);
  }

  @Delete(':id')
  @Needs('api-keys:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key' })
  async remove(@Param('id') id: string) {
    if (!(await this.keys.remove(id))) throw Problem.notFound('API key', id);
  }
}
