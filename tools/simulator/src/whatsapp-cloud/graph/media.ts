import type { Fields } from '../chat';
import { checkUpload } from '../checks/media';
import { noSuchObject } from '../errors';
import type { StoredMedia } from '../media';
import { type Call, numberOf, type Route } from './call';

export const overLimitBytes = 101 * 1024 * 1024;

export const mediaRoutes: Route[] = [
  { verb: 'POST', edge: 'media', of: 'number', method: () => ({ name: 'upload', run: upload }) },
  { verb: 'GET', edge: '', of: 'media', method: () => ({ name: 'media', run: describe }) },
  { verb: 'DELETE', edge: '', of: 'media', method: () => ({ name: 'delete-media', run: remove }) },
];

function upload(call: Call): Fields {
  const file = checkUpload(call.body as Record<string, string>, call.file);
  return { id: call.world.media.store(numberOf(call), file, 'uploaded').id };
}

/** Where the media is and what it should be. The address works for five minutes. */
function describe(call: Call): Fields {
  const { world, query, fault } = call;
  const media = ownMedia(call);
  const number = query.get('phone_number_id');
  if (number !== null && number !== media.number.id) throw noSuchObject('get', media.id);
  const size = fault?.kind === 'media-over-limit' ? (fault.bytes ?? overLimitBytes) : media.size;
  return {
    url: world.url + world.media.address(media),
    mime_type: media.mimeType,
    sha256: media.sha256.toString('hex'),
    file_size: size,
    id: media.id,
    messaging_product: 'whatsapp',
  };
}

function remove(call: Call): Fields {
  call.world.media.delete(ownMedia(call).id);
  return { success: true };
}

function ownMedia({ world, id, numbers }: Call): StoredMedia {
  const media = world.media.find(id);
  if (!media || !numbers.includes(media.number)) throw noSuchObject('get', id);
  return media;
}
