import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Answers } from '../document/answers';
import { AccessService } from '../access/access.service';
import { Instances } from '../instances/instances';
import { accessCheck, accessRulePage, accessRuleView } from './answers/people';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toAccessRuleView } from './views';

export class AccessRulesQuery extends PageQuery {
  @About("Only this instance's own rules.")
  @IsOptional()
  @IsString()
  instance?: string;
}

export class CreateAccessRuleModel {
  @About("The instance's name; absent or null: a rule of all instances.")
  @IsOptional()
  @IsString()
  instance?: string | null;

  @IsIn(['allow', 'block'])
  action: 'allow' | 'block';

  @About(
    "A contact's or chat's id (`telegram:4242`), a phone number, or the beginning of one with `*` " +
      'at its end.',
  )
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  pattern: string;
}

export class CheckAccessModel {
  @IsString()
  instance: string;

  @About("A contact's or chat's id, a phone number or a username.")
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  id: string;
}

@ApiTags('access rules')
@ApiSecurity('apiKey')
@Controller('api/v1/access-rules')
export class AccessRulesController {
  constructor(
    private readonly access: AccessService,
    private readonly instances: Instances,
  ) {}

  @Get()
  @Needs('access:read')
  @ApiOperation({ summary: 'The rules that say whom the agents answer, newest first' })
  @Answers(accessRulePage)
  async list(@Query() { instance, limit, cursor }: AccessRulesQuery) {
    const page = await this.access.list(instance ?? null, limit, cursor ?? null);
    return {
      items: page.items.map((rule) => toAccessRuleView(rule, this.instances)),
      nextCursor: page.nextCursor,
    };
  }

  @Post()
  @Needs('access:write')
  @ApiOperation({
    summary: 'Allow or block a contact or chat; it applies at once',
    description:
      'The longest pattern that fits decides; of equally long ones an instance’s rule before one of all instances, then ' +
      'the one that blocks. With an allow rule, of the instance or of all, only whom a rule allows is answered.',
  })
  @Answers(accessRuleView)
  async create(@Body() { instance, action, pattern }: CreateAccessRuleModel) {
    const rule = await this.access.create({ instance: instance ?? null, action, pattern });
    return toAccessRuleView(rule, this.instances);
  }

  @Post('check')
  @Needs('access:read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which rule decides about a contact or chat, and what would change it' })
  @Answers(accessCheck)
  async check(@Body() { instance, id }: CheckAccessModel) {
    const { rule, ...explained } = await this.access.check(instance, id);
    return { ...explained, rule: rule && toAccessRuleView(rule, this.instances) };
  }

  @Delete(':id')
  @Needs('access:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a rule; it applies at once' })
  remove(@Param('id') id: string) {
    return this.access.remove(id);
  }
}
