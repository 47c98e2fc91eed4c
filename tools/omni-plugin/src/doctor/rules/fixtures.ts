import ts from 'typescript';
import { channelLibraries, filesOf, type ChannelLibrary } from '../channels';
import type { Problem, Rule } from '../rule';
import { argumentsOf, constant, fieldsOf, literalOf, stringsIn, textsOf } from '../source';
import { tokensIn } from '../tokens';
import { below, type Workspace } from '../workspace';

const kit = 'libs/channel-testing';

/** FIX-1 */
export const fixturesUsed: Rule = {
  id: 'FIX-1',
  what: 'every fixture is in a folder that a conformance spec reads, and every fixture that a spec names is there',
  why: 'a fixture that no spec reads proves nothing, and looks as if it did',
  fix: "move it below inbound/ or outbound/ of the fixtures' folder of a conformance spec, or delete it",
  check: (workspace) => channelLibraries(workspace).flatMap((library) => usedProblems(workspace, library)),
};

/** FIX-2 */
export const fixturesFreeOfTokens: Rule = {
  id: 'FIX-2',
  what: 'no fixture holds what looks like a secret',
  why: 'what is committed is published: a credential in a fixture is one to be revoked',
  fix: 'put `{{field}}` in its place, or a value that cannot be taken for a real one; what must look so is allowed, with its reason, in tools/omni-plugin/src/doctor/tokens.ts',
  check: (workspace) =>
    [...below(workspace, 'libs/channels'), ...below(workspace, kit)]
      .filter((file) => file.includes('/fixtures/') && file.endsWith('.json'))
      .flatMap((file) => tokensIn(parsed(workspace.read(file))).map((problem) => ({ file, problem }))),
};

/** FIX-3 */
export const exemptionsReasoned: Rule = {
  id: 'FIX-3',
  what: 'every exemption names a rule of the kit and says why it cannot hold',
  why: 'an exemption without a reason is a rule that was switched off',
  fix: 'name a rule of libs/channel-testing and give the reason as a sentence of at least five words, or keep the rule',
  check: (workspace) =>
    channelLibraries(workspace).flatMap((library) => exemptionProblems(workspace, library)),
};

/** The ids of the kit's rules. */
export function kitRules(workspace: Workspace): string[] {
  return textsOf(constant(workspace.read(`${kit}/src/rules/rule.ts`), 'ruleIds'));
}

function usedProblems(workspace: Workspace, library: ChannelLibrary): Problem[] {
  const { root, ways } = library;
  const files = filesOf(workspace, library);
  const read = ways
    .filter(({ spec }) => workspace.has(`${root}/${spec}`))
    .flatMap(({ spec }) => foldersRead(workspace.read(`${root}/${spec}`)));
  const unused = files
    .filter((file) => file.startsWith('fixtures/') && file !== 'fixtures/README.md')
    .filter((file) => !read.some((folder) => isFixture(file, folder)))
    .map((file) => ({ file: `${root}/${file}`, problem: 'is read by no conformance spec' }));
  const named = ways.flatMap(({ spec, fixtures }) =>
    namedIn(workspace.read(`${root}/${spec}`))
      .filter((file) => !files.includes(`${fixtures}/${file}`))
      .map((file) => ({
        file: `${root}/${fixtures}/${file}`,
        problem: `is missing: ${root}/${spec} names it`,
        fix: `restore it, or name another fixture in ${spec}`,
      })),
  );
  return [...unused, ...named];
}

function isFixture(file: string, folder: string): boolean {
  return new RegExp(`^${folder}/((inbound|outbound)/.+\\.json|README\\.md)$`).test(file);
}

/** The fixtures' folders that a conformance spec hands to the kit, relative to the library. */
function foldersRead(spec: string): string[] {
  return conformanceOptions(spec)
    .flatMap((options) => {
      const folder = options.get('fixtures');
      return folder ? stringsIn(folder) : [];
    })
    .filter((path) => path.startsWith('../fixtures'))
    .map((path) => path.slice('../'.length));
}

/** `inbound/text.json`, where a spec names single fixtures. */
function namedIn(spec: string): string[] {
  return argumentsOf(spec, 'describeChannelConformance')
    .flatMap(stringsIn)
    .filter((text) => /^(inbound|outbound)\/.+\.json$/.test(text));
}

function exemptionProblems(workspace: Workspace, { root, ways }: ChannelLibrary): Problem[] {
  const known = kitRules(workspace);
  return ways.flatMap(({ spec }) => {
    const file = `${root}/${spec}`;
    return conformanceOptions(workspace.read(file))
      .flatMap(exemptionsOf)
      .flatMap(([id, reason]) => [
        ...(known.includes(id) ? [] : [{ file, problem: `is exempt from ${id}: the kit has no such rule` }]),
        ...(isReason(reason) ? [] : [{ file, problem: `is exempt from ${id} without a reason` }]),
      ]);
  });
}

function conformanceOptions(spec: string) {
  return argumentsOf(spec, 'describeChannelConformance').map(fieldsOf);
}

function exemptionsOf(options: ReturnType<typeof fieldsOf>): [string, string | null][] {
  const exempt = options.get('exempt');
  if (!exempt || !ts.isPropertyAssignment(exempt)) return [];
  return [...fieldsOf(exempt.initializer)].map(([id, field]) => [id, literalOf(field)]);
}

function isReason(text: string | null): boolean {
  return text !== null && text.trim().split(/\s+/).length >= 5;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
