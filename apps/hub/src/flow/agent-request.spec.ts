import type { Attachment, ChatId } from '@omni-hub/contracts';
import type { MediaRow } from '../storage/repositories/media.repository';
import { sampleInstance, sampleMessage, sampleTurn } from '../testing/samples';
import { toAgentRequest } from './agent-request';

const image: Attachment = {
  kind: 'image',
  ref: 'secret-ref',
  mimeType: 'image/jpg',
  size: 10,
  filename: 'a.jpg',
};

const row = (changes: Partial<MediaRow>): MediaRow => ({
  messageId: 'm1',
  position: 0,
  instanceId: 'i1',
  attachment: JSON.stringify(image),
  status: 'pending',
  code: null,
  reason: null,
  attempts: 0,
  readyAt: null,
  leased: 0,
  epoch: 0,
  hash: null,
  size: null,
  mimeType: null,
  transcriptStatus: null,
  transcript: null,
  transcriptCode: null,
  transcriptReason: null,
  createdAt: 0,
  ...changes,
});

function attachmentsOf(attachments: Attachment[], files: MediaRow[], link: string | null = 'http://hub/f') {
  const asked = [{ rowId: 'm1', personId: null, receivedAt: 0, event: sampleMessage({ attachments }) }];
  const request = toAgentRequest(sampleTurn(), asked, sampleInstance(), files, (messageId, index) =>
    link === null ? null : `${link}/${messageId}/${index}`,
  );
  return request.messages[0].attachments;
}

it('names a chat by its title, also where only an earlier event told it', () => {
  const titleOf = (title: string | null) => {
    const event = sampleMessage({}, { chat: { id: 'sample:42' as ChatId, kind: 'group', title } });
    const asked = [{ rowId: 'm1', personId: null, receivedAt: 0, event }];
    const turn = sampleTurn({ chatTitle: 'Family' });
    return toAgentRequest(turn, asked, sampleInstance(), [], () => null).chat.title;
  };
  expect(titleOf(null)).toBe('Family');
  expect(titleOf('Friends')).toBe('Friends');
});

describe('an attachment, as an agent is told of it', () => {
  it('has a link and the facts of its bytes when it is here', () => {
    const file = row({ status: 'ready', size: 12, mimeType: 'image/png', position: 1 });
    const [, attachment] = attachmentsOf([image, image], [row({}), file]);
    expect(attachment).toEqual({
      kind: 'image',
      mediaId: 'm1.1',
      mimeType: 'image/png',
      size: 12,
      filename: 'a.jpg',
      url: 'http://hub/f/m1/1',
      status: 'ready',
      reason: null,
    });
  });

  it('has a link while it is on its way, and what the platform told of it', () => {
    expect(attachmentsOf([image], [row({})])).toMatchObject([
      { status: 'pending', url: 'http://hub/f/m1/0', reason: null, mimeType: 'image/jpg', size: 10 },
    ]);
  });

  it('says why it is not here, and has no link', () => {
    const failed = row({ status: 'failed', code: 'EMPTY', reason: 'the file is empty' });
    expect(attachmentsOf([image], [failed])).toMatchObject([
      { status: 'failed', url: null, reason: 'the file is empty' },
    ]);
  });

  it('says that the channel fetches no files', () => {
    expect(attachmentsOf([image], [], null)).toMatchObject([
      { status: 'failed', url: null, reason: expect.stringContaining('cannot fetch') },
    ]);
  });

  it('has its facts at once where it is no file', () => {
    expect(attachmentsOf([{ kind: 'location', latitude: 1, longitude: 2 }], [])).toMatchObject([
      { kind: 'location', status: 'ready', url: null, reason: null, data: { latitude: 1, longitude: 2 } },
    ]);
  });

  describe('where it is a recording', () => {
    const voice: Attachment = { kind: 'voice', ref: 'r', mimeType: null, size: null, filename: null };
    const here = { status: 'ready', size: 12, mimeType: 'audio/ogg' } as const;
    const transcriptOf = (changes: Partial<MediaRow>) => {
      const [{ transcript, transcriptReason }] = attachmentsOf([voice], [row(changes)]);
      return [transcript, transcriptReason];
    };

    it('has what is said in it, also where nothing is', () => {
      expect(transcriptOf({ ...here, transcriptStatus: 'ready', transcript: 'hello' })).toEqual([
        'hello',
        null,
      ]);
      expect(transcriptOf({ ...here, transcriptStatus: 'ready', transcript: '' })).toEqual(['', null]);
    });

    it('says why it has no transcript', () => {
      const failed = { transcriptStatus: 'failed', transcriptReason: 'the transcriber is down' } as const;
      expect(transcriptOf({ ...here, ...failed })).toEqual([null, 'the transcriber is down']);
      expect(transcriptOf({ ...here, transcriptStatus: 'pending' })).toEqual([
        null,
        expect.stringContaining('not there in time'),
      ]);
    });

    it('has neither where nothing is transcribed, or its file is not here', () => {
      expect(transcriptOf(here)).toEqual([null, null]);
      expect(transcriptOf({ status: 'failed', reason: 'gone' })).toEqual([null, null]);
    });

    it('is the only kind of file that has the fields', () => {
      expect(attachmentsOf([image], [row(here)])[0]).not.toHaveProperty('transcript');
    });
  });

  it('never shows what the channel fetches it by', () => {
    expect(JSON.stringify(attachmentsOf([image], [row({})]))).not.toContain('secret-ref');
  });
});
