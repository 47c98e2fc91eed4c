import { answerOf, isSame, type ShownContent } from '../flow/turn-story';
import type { Store } from '../storage/open-store';
import type { TurnStory } from '../storage/repositories/turns.repository';

/** Whether a replay said what its turn said. */
export async function saysTheSame(
  store: Pick<Store, 'outgoingFiles'>,
  { turn, said }: TurnStory,
  status: string,
  content: readonly ShownContent[],
): Promise<boolean> {
  const original = answerOf(turn, said);
  const files = new Map<string, { hash: string; size: number }>();
  for (const id of original.content.flatMap(mediaIdsIn)) {
    const upload = await store.outgoingFiles.upload(id);
    if (upload) files.set(id, upload);
  }
  return isSame(original, status, content, files);
}

function mediaIdsIn({ items, mediaId }: ShownContent): string[] {
  if (Array.isArray(items)) return (items as ShownContent[]).flatMap(mediaIdsIn);
  return typeof mediaId === 'string' ? [mediaId] : [];
}
