import { abilityNames, perform, planParts, UnsupportedError, type Part } from '@omni-hub/channel-sdk';
import type { Ability, ChatId, ContentType } from '@omni-hub/contracts';
import { partsOf } from '../checks/exercise';
import { withFiles } from '../checks/files';
import { contentTypeOf, sampleContent, samplePart } from '../checks/samples';
import { configFor, createHandler, type Context } from '../context';
import { differences, show } from '../fixtures/compare';
import type { SendInput } from '../fixtures/fixtures';
import { startFakePlatform } from '../platform/fake-platform';
import { Findings } from './rule';

const targeted = { edit: 'edit', delete: 'delete', reaction: 'react' } as const;

/** CAP-1: a flag is true exactly when its method exists and a fixture exercises it; native content and captions are exercised too. */
export async function checkFlags(context: Context): Promise<void> {
  const findings = new Findings('CAP-1');
  const { capabilities } = context.handler;
  await findings.attempt('capabilities', () => providerProblems(context));
  await findings.attempt('capabilities.abilities', () =>
    abilityNames.flatMap((ability) => abilityProblems(context, ability)),
  );
  await findings.attempt('outsideWindow', () => windowProblems(context));
  await findings.attempt('capabilities.captions', () => captionProblems(context));
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
  const { content } = context.handler.capabilities;
  for (const type of contentTypes(context)) {
    await findings.attempt(`planning "${type}" (${content[type]})`, () => planProblems(context, type, chat));
    if (content[type] === 'native') continue;
    await findings.attempt(`sending "${type}" (${content[type]})`, () => sendProblems(context, type, chat));
  }
  findings.conclude();
}

/** Configuration may set how soon the platform acknowledges, and nothing else. */
function providerProblems({ handler, options }: Context): string[] {
  const { acknowledgesWithinMs } = handler.capabilities;
  const providers = Object.entries(options.channel.capabilities).map(([name, capabilities]) =>
    differences({ ...capabilities, acknowledgesWithinMs }, handler.capabilities, name),
  );
  if (providers.some((found) => found.length === 0)) return [];
  return ["the handler's are none of the channel's", ...providers.flat()];
}

/** What is sent outside a window needs a window, and a fixture that shows it. */
function windowProblems({ handler, outbound }: Context): string[] {
  if (!handler.outsideWindow) return [];
  return [
    ...(handler.capabilities.replyWindowMs === null ? ['exists although replyWindowMs is null'] : []),
    ...(outbound.some(({ fixture }) => fixture.ability === 'outsideWindow')
      ? []
      : ['exists and no fixture exercises it']),
  ];
}

/** A caption is carried by files that are sent as what they are, and a fixture shows it. */
function captionProblems(context: Context): string[] {
  const { captions, content } = context.handler.capabilities;
  const captioned = new Set(
    sentParts(context)
      .flatMap((part) => (part.type === 'album' ? part.items : part))
      .flatMap((part) => (part.type === 'media' && part.caption ? [part.kind] : [])),
  );
  return captions.flatMap((kind) => [
    ...(content[kind] === 'native' ? [] : [`"${kind}" carries captions and is not native`]),
    ...(captioned.has(kind) ? [] : [`"${kind}" carries captions and no outbound fixture sends one`]),
  ]);
}

function abilityProblems(context: Context, ability: Ability): string[] {
  const { handler } = context;
  const flag = handler.capabilities.abilities[ability];
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

function targetedProblems({ handler }: Context, type: keyof typeof targeted, native: boolean): string[] {
  const ability = targeted[type];
  return handler.capabilities.abilities[ability] === native
    ? []
    : [`"${type}" must be native exactly when the ability "${ability}" is true`];
}

function exercisedContent(context: Context): Set<ContentType> {
  return new Set(sentParts(context).map(contentTypeOf));
}

/** What the fixtures send with success. */
function sentParts({ outbound, handler }: Context): Part[] {
  return outbound
    .filter(({ fixture }) => fixture.ability === 'send' && !fixture.error)
    .flatMap(({ fixture }) => partsOf(fixture.input as SendInput, handler));
}

function planProblems({ handler }: Context, type: ContentType, chat: ChatId): string[] {
  const { capabilities, measure } = handler;
  const support = capabilities.content[type];
  try {
    const { parts, fallback } = planParts(sampleContent(chat)[type], capabilities, measure);
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
    const message = {
      deliveryId: 'delivery-1',
      attempt: 1,
      chat,
      ...withFiles(part),
      replyTo: null,
      answers: null,
      replaces: null,
    };
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
  return Object.keys(context.handler.capabilities.content) as ContentType[];
}
