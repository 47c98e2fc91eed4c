import {
  abilityNames,
  perform,
  planParts,
  UnsupportedError,
  type ChannelHandler,
} from '@omni-hub/channel-sdk';
import type { Ability, ChatId, ContentType } from '@omni-hub/contracts';
import { partsOf } from '../checks/exercise';
import { contentTypeOf, sampleContent, samplePart } from '../checks/samples';
import { configFor, createHandler, nowhere, type Context } from '../context';
import { show } from '../fixtures/compare';
import type { SendInput } from '../fixtures/fixtures';
import { startFakePlatform } from '../platform/fake-platform';
import { Findings } from './rule';

const targeted = { edit: 'edit', delete: 'delete', reaction: 'react' } as const;

/** CAP-1: a flag is true exactly when its method exists and a fixture exercises it; native content is exercised too. */
export async function checkFlags(context: Context): Promise<void> {
  const findings = new Findings('CAP-1');
  const { capabilities } = context.options.channel;
  await findings.attempt('capabilities.abilities', () => {
    const handler = createHandler(context, configFor(context, nowhere));
    return abilityNames.flatMap((ability) => abilityProblems(context, handler, ability));
  });
  await findings.attempt('capabilities.content', () => {
    const exercised = exercisedContent(context);
    return contentTypes(context).flatMap((type) => {
      const native = capabilities.content[type] === 'native';
      if (type in targeted) return targetedProblems(context, type as keyof typeof targeted, native);
      return native && !exercised.has(type) ? [`"${type}" is native and no outbound fixture sends it`] : [];
    });
  });
  findings.conclude();
}

/** CAP-2: what is not native becomes its fallback, or UnsupportedError that names the capability; in the plan and at the handler. */
export async function checkUnsupported(context: Context): Promise<void> {
  const findings = new Findings('CAP-2');
  const chat = `${context.options.channel.id}:1` as ChatId;
  const { content } = context.options.channel.capabilities;
  for (const type of contentTypes(context)) {
    await findings.attempt(`planning "${type}" (${content[type]})`, () => planProblems(context, type, chat));
    if (content[type] === 'native') continue;
    await findings.attempt(`sending "${type}" (${content[type]})`, () => sendProblems(context, type, chat));
  }
  findings.conclude();
}

function abilityProblems(context: Context, handler: ChannelHandler, ability: Ability): string[] {
  const flag = context.options.channel.capabilities.abilities[ability];
  const exists = typeof handler[ability] === 'function';
  if (flag && !exists) return [`"${ability}" is true and the handler has no such method`];
  if (!flag && exists) return [`"${ability}" is false and the handler has such a method`];
  if (flag && !isExercised(context, ability)) return [`"${ability}" is true and no fixture exercises it`];
  return [];
}

function isExercised({ inbound, outbound, options }: Context, ability: Ability): boolean {
  if (ability === 'receive') return inbound.some(({ fixture }) => fixture.via !== 'listen');
  if (ability === 'listen') return options.listen !== undefined || options.exempt?.['LIVE-1'] !== undefined;
  return outbound.some(({ fixture }) => fixture.ability === ability);
}

function targetedProblems({ options }: Context, type: keyof typeof targeted, native: boolean): string[] {
  const ability = targeted[type];
  return options.channel.capabilities.abilities[ability] === native
    ? []
    : [`"${type}" must be native exactly when the ability "${ability}" is true`];
}

function exercisedContent(context: Context): Set<ContentType> {
  const { capabilities } = context.options.channel;
  const sends = context.outbound.filter(({ fixture }) => fixture.ability === 'send' && !fixture.error);
  return new Set(
    sends.flatMap(({ fixture }) => partsOf(fixture.input as SendInput, capabilities).map(contentTypeOf)),
  );
}

function planProblems({ options }: Context, type: ContentType, chat: ChatId): string[] {
  const { capabilities } = options.channel;
  const support = capabilities.content[type];
  try {
    const { parts, fallback } = planParts(sampleContent(chat)[type], capabilities);
    if (support === 'unsupported') return [`was planned as ${parts.length} parts, expected UnsupportedError`];
    const foreign = parts.map(contentTypeOf).filter((part) => capabilities.content[part] !== 'native');
    return [
      ...foreign.map((part) => `was planned as "${part}", which is not native`),
      ...(support === 'fallback' && fallback === null ? ['was planned without naming its fallback'] : []),
      ...(parts.length === 0 ? ['was planned as nothing'] : []),
    ];
  } catch (error) {
    return support === 'unsupported' ? refusalProblems(error, type) : [`threw ${show(error)}`];
  }
}

async function sendProblems(context: Context, type: ContentType, chat: ChatId): Promise<string[]> {
  const platform = await startFakePlatform({ otherwise: { status: 200, body: {} } });
  try {
    const handler = createHandler(context, configFor(context, platform.url));
    const part = samplePart(type, chat);
    const message = { deliveryId: 'delivery-1', chat, part, replyTo: null, replaces: null };
    const refusal = await perform(handler, message, AbortSignal.timeout(5_000)).then(
      () => ['was sent, expected UnsupportedError'],
      (error: unknown) => refusalProblems(error, type),
    );
    return platform.attempts > 0 ? [...refusal, 'made a request'] : refusal;
  } finally {
    await platform.close();
  }
}

/** Edits, deletions and reactions are missing as abilities, everything else as content. */
function refusalProblems(error: unknown, type: ContentType): string[] {
  if (!(error instanceof UnsupportedError)) return [`threw ${show(error)} instead of UnsupportedError`];
  const names = [
    `content.${type}`,
    ...(type in targeted ? [`abilities.${targeted[type as keyof typeof targeted]}`] : []),
  ];
  return names.includes(error.capability)
    ? []
    : [`names the capability "${error.capability}", expected ${names.join(' or ')}`];
}

function contentTypes(context: Context): ContentType[] {
  return Object.keys(context.options.channel.capabilities.content) as ContentType[];
}
