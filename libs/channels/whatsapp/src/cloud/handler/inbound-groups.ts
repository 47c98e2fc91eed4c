import type { ChatChanged, MembershipChanged } from '@omni-hub/contracts';
import { reasonOf } from '../client/failures';
import {
  asObjects,
  asText,
  asTime,
  firstText,
  type Reading,
  type Surroundings,
  type Unchecked,
} from '../models/inbound.models';
import { contactOf, groupChat, readPerson } from './inbound-people';

const joinRequest =
  'Somebody asks to join the group, or no longer does: that is decided in WhatsApp. The hub hears of them once they are in';

/** One change of a group: https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks. `field` is the webhook's. */
export function readGroup(field: string, group: Unchecked, id: string, surroundings: Surroundings): Reading {
  const groupId = asText(group.group_id);
  const type = asText(group.type);
  if (groupId === null || type === null)
    return 'The change names no group or no kind. Meta always sends both';
  const [error] = asObjects(group.errors);
  if (error) return `Something that was asked of the group was not done: ${reasonOf(error)}`;
  if (type.startsWith('group_join_request')) return joinRequest;
  const event = {
    eventId: id,
    at: asTime(group.timestamp),
    rawKind: `${field}.${type}`,
    chat: groupChat(groupId, asText(group.subject)),
  };
  const members = readMembers(type, group, surroundings);
  if (!members) {
    const changed: ChatChanged = { type: 'chat', ...event, movedTo: null, what: type };
    return [changed];
  }
  if (members.length === 0) return 'Somebody joined or left the group, and Meta does not say who';
  const by = readPerson(
    { userId: group.initiated_by_user_id, phone: group.initiated_by, parentUserId: null },
    surroundings,
  );
  const changed: MembershipChanged = {
    type: 'membership',
    ...event,
    sender: by && contactOf(by),
    change: type.includes('remove') || type.includes('leave') ? 'left' : 'joined',
    self: false,
    members,
  };
  return [changed];
}

/** Null where the change is not about members. */
function readMembers(type: string, group: Unchecked, surroundings: Surroundings) {
  if (!/participants?_(add|remove|leave|join)/.test(type)) return null;
  const listed = [...asObjects(group.added_participants), ...asObjects(group.removed_participants)];
  return (listed.length > 0 ? listed : [group])
    .map(({ user_id, wa_id, input, parent_user_id }) =>
      readPerson(
        { userId: firstText(user_id, input), phone: firstText(wa_id, input), parentUserId: parent_user_id },
        surroundings,
      ),
    )
    .filter((person) => person !== null)
    .map(contactOf);
}
