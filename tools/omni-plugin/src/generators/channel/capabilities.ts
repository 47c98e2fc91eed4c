import type { Tree } from '@nx/devkit';
import { readText } from '../../workspace/files';
import type { ChannelPlan } from './options';

const file = 'libs/contracts/src/capabilities.ts';

/** What a new channel sends: texts, and whatever the hub can show as one. */
export const content = {
  text: 'native',
  image: 'fallback',
  video: 'fallback',
  audio: 'fallback',
  voice: 'fallback',
  document: 'fallback',
  sticker: 'fallback',
  album: 'fallback',
  location: 'fallback',
  contact: 'fallback',
  poll: 'fallback',
  buttons: 'fallback',
  list: 'fallback',
  template: 'unsupported',
  reaction: 'unsupported',
  edit: 'unsupported',
  delete: 'unsupported',
} as const;

/** Which of all abilities that the contracts name a new channel has. Throws where they name none. */
export function abilitiesOf(tree: Tree, { receives, listens }: ChannelPlan): Record<string, boolean> {
  const has: Record<string, boolean> = { receive: receives, listen: listens, probe: true };
  const union = readText(tree, file).match(/export type Ability =([^;]+);/)?.[1] ?? '';
  const names = [...union.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  if (names.length === 0)
    throw new Error(`${file} names no abilities: expected export type Ability = 'receive' | …`);
  return Object.fromEntries(names.map((name) => [name, has[name] ?? false]));
}
