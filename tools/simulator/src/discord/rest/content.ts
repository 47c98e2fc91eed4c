import { MessageFlags } from 'discord-api-types/v10';
import type { SimulatedChannel } from '../channel';
import { isVersion2 } from '../checks/message';
import { known } from '../errors';
import type { StoredFile } from '../files';
import { invalidForm } from '../form';
import { mentionsIn } from '../mentions';
import { type Fields, isoTime, type StoredMessage } from '../message';
import type { Upload } from '../../multipart';
import type { UserObject } from '../user';
import type { World } from '../world';

const mebibyte = 1024 * 1024;
const perFile = 10 * mebibyte;
const perRequest = 25 * mebibyte;

interface AttachmentFields {
  id: string | number;
  filename?: string;
  description?: string;
  title?: string;
  duration_secs?: number;
  waveform?: string;
}

/** What a checked body says, as it is kept. `repliedTo` is mentioned too, if that is allowed. */
export function contentOf(
  world: World,
  channel: SimulatedChannel,
  body: Fields,
  files: ReadonlyMap<string, Upload>,
  repliedTo: UserObject | null = null,
) {
  const content = String(body.content ?? '').trim();
  const stickers = ((body.sticker_ids as string[] | undefined) ?? []).map((id) =>
    stickerOf(world, channel, id),
  );
  const allowed = (body.allowed_mentions ?? undefined) as Fields | undefined;
  return {
    content,
    embeds: shownEmbeds(channel, body),
    components: (body.components as Fields[] | undefined) ?? [],
    flags: Number(body.flags ?? 0),
    tts: body.tts === true,
    stickers,
    files: uploadsOf(world, channel, body, files),
    ...(body.poll != null && { poll: pollOf(world, body.poll as Fields) }),
    ...mentionsIn(world, channel, content, repliedTo, allowed),
  };
}

type Content = ReturnType<typeof contentOf>;

/** Refuses a message with nothing in it, and a voice message with more than a voice. */
export function checkContent({ content, embeds, components, stickers, files, poll, flags }: Content): void {
  const isEmbed = embeds.some((embed) => Object.keys(embed).some((key) => key !== 'type' && key !== 'color'));
  const isEmpty =
    !content && !isEmbed && !poll && [components, stickers, files].every((list) => list.length === 0);
  if (isEmpty) throw known(50006);
  if ((flags & MessageFlags.IsVoiceMessage) === 0) return;
  if (content || isEmbed || poll || components.length > 0 || stickers.length > 0) throw known(50159);
  if (files.length !== 1 || !files[0].contentType.startsWith('audio/')) throw known(50160);
  if (files[0].more.duration_secs === undefined || files[0].more.waveform === undefined) throw known(50161);
}

/** The changes that the checked body of an edit makes. */
export function changesOf(
  world: World,
  channel: SimulatedChannel,
  before: StoredMessage,
  body: Fields,
  files: ReadonlyMap<string, Upload>,
): Partial<StoredMessage> {
  const given = (field: string) => body[field] !== undefined;
  const next = contentOf(world, channel, { ...body, content: body.content ?? before.content }, files);
  const added = next.files;
  const kept = given('attachments') ? before.files.filter(({ id }) => isListed(body, id)) : before.files;
  const stays = before.flags & ~MessageFlags.SuppressEmbeds & ~MessageFlags.Loading;
  return {
    content: body.content === null ? '' : next.content,
    mentions: next.mentions,
    mentionRoles: next.mentionRoles,
    mentionEveryone: next.mentionEveryone,
    files: [...kept, ...added],
    ...(given('embeds') && { embeds: next.embeds }),
    ...(given('components') && { components: next.components }),
    ...(next.poll && { poll: next.poll }),
    flags: given('flags') ? stays | next.flags : before.flags & ~MessageFlags.Loading,
    editedAt: world.clock.now(),
  };
}

/** What must be left after an edit. */
export function checkChanged({
  content,
  embeds,
  components,
  files,
  stickers,
  flags,
  poll,
}: StoredMessage): void {
  checkContent({
    content,
    embeds,
    components,
    files,
    stickers,
    flags: isVersion2(flags) ? flags : 0,
    poll,
  } as Content);
}

function isListed({ attachments }: Fields, id: string): boolean {
  return ((attachments ?? []) as AttachmentFields[]).some((one) => String(one.id) === id);
}

function uploadsOf(
  world: World,
  channel: SimulatedChannel,
  { attachments }: Fields,
  files: ReadonlyMap<string, Upload>,
): StoredFile[] {
  const described = (attachments ?? []) as AttachmentFields[];
  const sizes = [...files.values()].map(({ bytes }) => bytes.length);
  if (sizes.some((size) => size > perFile) || sizes.reduce((sum, size) => sum + size, 0) > perRequest)
    throw known(40005);
  if (files.size > 10) throw invalidForm(['files'], 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.');
  for (const [index, { id }] of described.entries()) {
    // Ids of a few digits are those of files in the same request; others are of files that are there already.
    if (String(id).length < 5 && !files.has(`files[${id}]`))
      throw invalidForm(
        ['attachments', index, 'id'],
        'ATTACHMENT_NOT_FOUND',
        `There is no file files[${id}].`,
      );
  }
  if (files.size > 0 && !channel.can('AttachFiles')) throw known(50013);
  return [...files].map(([field, upload]) => {
    const id = /\[(\d+)\]/.exec(field)?.[1];
    const about = described.find((one) => String(one.id) === id);
    const { description, title, duration_secs, waveform, filename = upload.filename } = about ?? {};
    const more = {
      ...(description !== undefined && { description }),
      ...(title !== undefined && { title }),
      ...(duration_secs !== undefined && { duration_secs }),
      ...(waveform !== undefined && { waveform }),
    };
    return world.files.store(channel.id, { ...upload, filename }, more);
  });
}

/** Without the permission embeds are left out, and nothing is said. */
function shownEmbeds(channel: SimulatedChannel, { embeds }: Fields): Fields[] {
  if (!channel.can('EmbedLinks')) return [];
  return ((embeds ?? []) as Fields[]).map((embed) => ({ type: 'rich', ...embed }));
}

function stickerOf(world: World, { keeps }: SimulatedChannel, id: string): Fields {
  const sticker = world.stickers.get(id) ?? (keeps ? undefined : { id, name: 'sticker', format_type: 1 });
  if (!sticker) throw known(50081);
  return sticker;
}

function pollOf(
  world: World,
  { question, answers, duration = 24, allow_multiselect = false }: Fields,
): Fields {
  const numbered = (answers as Fields[]).map(({ poll_media }, index) => ({
    answer_id: index + 1,
    poll_media,
  }));
  return {
    question,
    answers: numbered,
    expiry: isoTime(world.clock.now() + Number(duration) * 3_600_000),
    allow_multiselect,
    layout_type: 1,
    results: { is_finalized: false, answer_counts: [] },
  };
}
