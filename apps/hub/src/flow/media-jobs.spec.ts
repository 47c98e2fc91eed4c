import type { Attachment, InboundEvent } from '@omni-hub/contracts';
import { sampleInstance, sampleMessage } from '../testing/samples';
import { mediaJobs } from './media-jobs';

const image: Attachment = { kind: 'image', ref: 'r', mimeType: 'image/png', size: 1, filename: null };
const location: Attachment = { kind: 'location', latitude: 1, longitude: 2 };
const fetches = sampleInstance({ handler: { fetchMedia: () => Promise.reject(new Error('not here')) } });
const positions = (event: InboundEvent, instance = fetches) =>
  mediaJobs(instance, 'm1', event).map(({ position }) => position);

describe('the files of an event', () => {
  it('are those of a person’s message, at their places among its attachments', () => {
    const [job] = mediaJobs(fetches, 'm1', sampleMessage({ attachments: [location, image] }));
    expect(job).toMatchObject({ messageId: 'm1', position: 1, instanceId: 'i1' });
    expect(JSON.parse(job.attachment)).toEqual(image);
  });

  it('are none of what the account itself sent, of edits, and of what is no message', () => {
    const message = sampleMessage({ attachments: [image] });
    expect(positions(sampleMessage({ attachments: [image], fromMe: true }))).toEqual([]);
    expect(positions({ ...message, type: 'edit' })).toEqual([]);
    const reaction = { ...message, type: 'reaction', messageId: message.message.id, added: [], removed: [] };
    expect(positions(reaction as InboundEvent)).toEqual([]);
  });

  it('are none where the channel cannot fetch any', () => {
    expect(positions(sampleMessage({ attachments: [image] }), sampleInstance())).toEqual([]);
  });
});
