import { badRequest, notFound } from '../errors';
import { groupInfo } from '../group';
import type { InstanceCall, Methods } from '.';

/** What is asked about groups. */
export const groupMethods: Methods = {
  'GET group/findGroupInfos': { of: 'instance', run: (call) => groupInfo(groupOf(call)) },
  'GET group/participants': {
    of: 'instance',
    run: (call) => ({ participants: groupInfo(groupOf(call)).participants }),
  },
};

function groupOf({ world, instance, query }: InstanceCall) {
  const asked = query.get('groupJid');
  if (!asked)
    throw badRequest('The group id needs to be informed in the query', 'ex: "groupJid=120362@g.us"');
  const chat = world.directory.findChat(instance, asked.endsWith('@g.us') ? asked : `${asked}@g.us`);
  if (instance.state !== 'open' || !chat) throw notFound('Error fetching group', 'Error: item-not-found');
  return chat;
}
