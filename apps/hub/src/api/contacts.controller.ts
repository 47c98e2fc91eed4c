import { About } from '@omni-hub/channel-sdk';
import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { Answers } from '../document/answers';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import { contactPage, contactView } from './answers/people';
import { Needs } from './api-key.guard';
import { PageQuery } from './paging';
import { toContactView } from './views';

export class ContactsQuery extends PageQuery {
  @About("Only this instance's contacts.")
  @IsOptional()
  @IsString()
  instance?: string;

  @About("The contact's id at its platform, as agents are told it: `telegram:4242`.")
  @IsOptional()
  @IsString()
  @MaxLength(300)
  contactId?: string;

  @About('Only the contacts of this person.')
  @IsOptional()
  @IsString()
  @MaxLength(100)
  personId?: string;
}

export class LinkContactModel {
  @About(
    'The `personId` of another contact who is the same human; null makes the contact a person of its ' +
      'own again.',
  )
  @ValidateIf((_model, value) => value !== null)
  @IsString()
  @MaxLength(100)
  personId: string | null;
}

@ApiTags('contacts')
@ApiSecurity('apiKey')
@Controller('api/v1/contacts')
export class ContactsController {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
  ) {}

  @Get()
  @Needs('messages:read')
  @ApiOperation({ summary: 'Who has written, as each instance sees them, newest first' })
  @Answers(contactPage)
  async list(@Query() { instance: name, contactId, personId, limit, cursor }: ContactsQuery) {
    const instance = name === undefined ? null : this.instances.byName(name);
    if (instance === undefined) throw Problem.notFound('instance', name!);
    const page = await this.store.contacts.list({
      instanceId: instance?.id ?? null,
      externalId: contactId ?? null,
      personId: personId ?? null,
      limit,
      cursor: cursor ?? null,
    });
    return {
      items: page.items.map((contact) => toContactView(contact, this.instances)),
      nextCursor: page.nextCursor,
    };
  }

  @Get(':id')
  @Needs('messages:read')
  @ApiOperation({ summary: 'One contact' })
  @Answers(contactView)
  async get(@Param('id') id: string) {
    const contact = await this.store.contacts.get(id);
    if (!contact) throw Problem.notFound('contact', id);
    return toContactView(contact, this.instances);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @ApiOperation({
    summary: 'Say that a contact is the same person as another, or a person of its own again',
    description:
      'Agents are told the `personId` of who writes; with `session` set to `person` it is also their session. It applies from the ' +
      'next turn on.',
  })
  @Answers(contactView)
  async link(@Param('id') id: string, @Body() { personId }: LinkContactModel) {
    await this.get(id);
    if (personId === null) await this.store.contacts.unlink(id);
    else if (!(await this.store.contacts.link(id, personId)))
      throw Problem.fields([{ field: 'personId', problem: 'must be the personId of a contact, or null' }]);
    return this.get(id);
  }
}
