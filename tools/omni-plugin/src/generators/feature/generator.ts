import { formatFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { diskWorkspace } from '../../doctor/disk';
import { documentOf, type FeatureFacts, type FeatureType } from '../../features/document';
import { similarTo } from '../../features/similar';
import { addFiles } from '../../workspace/files';
import { namesOf } from '../../workspace/names';
import agent from '../agent/generator';
import channel from '../channel/generator';
import type { ChannelOptions } from '../channel/options';
import endpoint from '../endpoint/generator';
import service from '../service/generator';
import { newDocument } from './new-document';

export interface FeatureOptions {
  name: string;
  type: FeatureType;
  priority?: string;
  target?: string;
  docs?: string;
  auth?: ChannelOptions['auth'];
  transport?: ChannelOptions['transport'];
  title?: string;
}

/** `nx generate feature <name> --type=…`: its document, and what the generator of its type makes. */
export default async function feature(tree: Tree, options: FeatureOptions): Promise<GeneratorCallback> {
  const { feature: name, ...facts } = factsOf(options);
  const wanted = { ...facts, feature: name, transport: transportOf(options) };
  const similar = similarTo(diskWorkspace(tree.root), wanted);
  const document = newDocument({ feature: name, ...facts }, similar, options.title);
  addFiles(tree, { [documentOf(name)]: document });
  const told = await generate(tree, options);
  await formatFiles(tree);
  return () => {
    told?.();
    console.log(
      `\nAnswer the questions in ${documentOf(name)}, then: npx nx analyze features --feature=${name}`,
    );
  };
}

async function generate(tree: Tree, { type, name, auth, transport, docs, title }: FeatureOptions) {
  switch (type) {
    case 'channel':
      return channel(tree, { id: name, auth, transport, docs, title });
    case 'service':
      return service(tree, { name });
    case 'endpoint':
      return endpoint(tree, { name });
    case 'agent':
      return agent(tree, { kind: name });
  }
}

/** Throws an Error that says what to write instead. */
function factsOf(options: FeatureOptions): FeatureFacts {
  const { name, type, priority = 'medium', target, docs, auth } = options;
  namesOf(name, 'name of a feature');
  for (const option of ['transport', 'title'] as const)
    if (options[option] !== undefined && type !== 'channel')
      throw new Error(`--${option} is for channels: leave it out`);
  if (target !== undefined && !isDay(target))
    throw new Error(`--target is a day, for example 2026-12-31, not "${target}"`);
  if (docs !== undefined && !/^https?:\/\/\S+$/.test(docs))
    throw new Error(`--docs is an http(s) address, not "${docs}"`);
  return {
    feature: name,
    type,
    priority,
    target: target ?? null,
    docs: docs ?? null,
    auth: auth ?? (type === 'channel' ? 'hmac' : null),
  };
}

function transportOf({ type, transport = 'webhook' }: FeatureOptions): string | null {
  return type === 'channel' ? transport : null;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
